"""
Agreed outages that were entered afterwards change the figures of history as they would have changed them live, on every
way to reach a database.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.exclusions import Excluded
from schemas.base import format_instant
from schemas.standards import PUBLISHED
from schemas.tables import TABLES
from services.cli.told_history import agreements_of
from services.history.engine import Basis, By, Figure, Question, copy_of, figures, sql_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from tests.fakes.recorded import agreement
from tests.fakes.topic_records import NOON, TopicRecord, as_json, attainment, measurement

MINUTE, HOUR = 60_000, 3_600_000
REGIONS = {"branch-7": "north/city", "branch-8": "south"}


def put(database: Database, topic: str, messages: Sequence[Any], keys: Sequence[str] = ()) -> None:
    records = [
        TopicRecord(at, as_json(one), key=keys[at].encode() if keys else b"k") for at, one in enumerate(messages)
    ]
    assert store(database, copy_of(topic), records) == []


def publish(database: Database, *publications: dict[str, Any]) -> None:
    sites = [
        {
            "document": {
                "apiVersion": "sqm/v1", "kind": "Site",
                "metadata": {"id": name, "title": "A", "zone": "Europe/Riga", "region": region},
            },
            "published_at": NOON, "published_by": "me",
        }
        for name, region in REGIONS.items()
    ]  # fmt: skip
    everything = [*sites, *publications]
    keys = [f"{one['document']['kind']}/{one['document']['metadata']['id']}" for one in everything]
    put(database, "sqm.standards.v1", everything, keys)


def cut(begin: int, until: int, ident: str = "power-cut", **applies_to: list[str]) -> dict[str, Any]:
    return agreement(format_instant(begin), format_instant(until), ident, **applies_to)


def ask(database: Database, question: Question, *metrics: str) -> list[Figure]:
    agreements = agreements_of(database, question)
    left_out = agreements.left_out(database.rows(*agreements.sql())) if agreements.exclusions else {}
    return figures(question, database.rows(*sql_of(question)), metrics or ("goal_met",), left_out)


def test_an_agreement_entered_afterwards_is_applied_and_its_last_words_hold(database: Database) -> None:
    rows = [attainment(minute=NOON + at * MINUTE, answered=10**at, answered_within=10**at) for at in range(4)]
    put(database, "sqm.attainment.v1", rows)
    (before,) = ask(database, Question("wait"))
    assert (before.total, before.left_out_by) == (1_111, ())
    publish(database, cut(NOON, NOON + 4 * MINUTE), cut(NOON + MINUTE, NOON + 3 * MINUTE))
    (after,) = ask(database, Question("wait"))
    assert (after.good, after.total, after.all_total, after.left_out_by) == (1_001, 1_001, 1_111, ("power-cut",))
    (narrow,) = ask(database, Question("wait", from_ms=NOON + 3 * MINUTE))
    assert (narrow.total, narrow.left_out_by) == (1_000, ())


def test_an_agreement_about_a_region_leaves_out_its_sites_alone_and_scores_as_well(database: Database) -> None:
    answers: dict[str, Any] = {"metric": "csat_mean", "n": 2, "score_sum": 700, "score_sum_squares": 250_000}
    put(database, "sqm.attainment.v1", [attainment(**answers), attainment(site="branch-8", **answers)])
    publish(database, cut(NOON, NOON + HOUR, region=["north/*"]))
    by_site = ask(database, Question("wait", (By.SITE,)), "csat_mean")
    assert [(one.by["site"], one.total, one.all_total, one.left_out_by) for one in by_site] == [
        ("branch-7", 0, 2, ("power-cut",)),
        ("branch-8", 2, 2, ()),
    ]
    assert [one.interval is None for one in by_site] == [True, False]


INSTANTS = st.integers(-3, 63).map(lambda seconds: NOON + seconds * 10_000)
CUTS = st.tuples(
    INSTANTS,
    st.integers(1, 30),
    st.fixed_dictionaries(
        {},
        optional={
            "site": st.sampled_from([["branch-7"], ["branch-*"], ["other"]]),
            "queue": st.sampled_from([["counter"], ["*"]]),
            "region": st.sampled_from([["north/*"], ["s*"]]),
            "standard": st.sampled_from([["wait"], ["handling"]]),
        },
    ),
)
CALLS = st.tuples(st.sampled_from(list(REGIONS)), st.sampled_from([None, "counter", "desk"]), st.integers(0, 9))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(CALLS, min_size=1, max_size=25), cuts=st.lists(CUTS, max_size=3))
def test_any_agreements_leave_out_what_the_live_line_leaves_out(
    database: Database, calls: list[tuple[str, str | None, int]], cuts: list[tuple[int, int, dict[str, list[str]]]]
) -> None:
    for table in TABLES:
        database.command(f"TRUNCATE TABLE {table.name}")
    counted: dict[tuple[str, str | None, int], int] = {}
    for place in calls:
        counted[place] = counted.get(place, 0) + 1
    put(
        database, "sqm.attainment.v1",
        [attainment(site=site, queue=queue, minute=NOON + minute * MINUTE, answered=n)
         for (site, queue, minute), n in counted.items()],
    )  # fmt: skip
    # A journey arrives some time within its minute, and is left out with it.
    put(
        database, "sqm.measurements.v1",
        [measurement(number, site=site, queue=queue, arrived_at=NOON + minute * MINUTE + 59_999)
         for number, (site, queue, minute) in enumerate(calls)],
    )  # fmt: skip
    published = [cut(at, at + n * 10_000, f"cut-{place}", **said) for place, (at, n, said) in enumerate(cuts)]
    publish(database, *published)
    ready = [(one["document"]["metadata"]["id"], Excluded.of(PUBLISHED.validate_python(one).document))  # type: ignore[arg-type]  # all are agreements
             for one in published]  # fmt: skip
    expected: dict[str | None, tuple[int, int, set[str]]] = {}
    for (site, queue, minute), n in counted.items():
        names = ("wait", site, queue, REGIONS[site])
        by = {name for name, one in ready if one.covers(NOON + minute * MINUTE, names)}
        kept, everything, before = expected.get(queue, (0, 0, set()))
        expected[queue] = (kept + (0 if by else n), everything + n, before | by)
    for basis in Basis:
        found = ask(database, Question("wait", (By.QUEUE,), basis=basis))
        assert {one.by["queue"]: (one.total, one.all_total, set(one.left_out_by)) for one in found} == expected, basis
