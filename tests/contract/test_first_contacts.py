"""
First-contact resolution across sites, on every way to reach a database, beside an account that looks at every pair.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.base import format_instant, to_millis
from schemas.standards import DOCUMENTS, Standard
from schemas.tables import TABLES
from services.history.engine import By, Contacts, contacts_of, contacts_sql, copy_of, spans_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from tests.fakes.topic_records import NOON, TopicRecord, as_json, event

DAY = 86_400_000
WITHIN = 7 * DAY


def settled(version: int = 1, effective_from: str = "2020-01-01T00:00:00Z", **changes: object) -> Standard:
    read = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1", "kind": "Standard",
            "metadata": {
                "id": "settled", "version": version, "title": "A", "owner": "me", "why": "b",
                "effective_from": effective_from,
            },
            "rate": {"of": "service.completed", "unless": "journey.arrived", "per": "customer", "within": "7d"},
            "objective": {"metric": "first_contact_resolution", "target": "75%"},
            **changes,
        }
    )  # fmt: skip
    assert isinstance(read, Standard)
    return read


class Met(NamedTuple):
    at: int
    customer: str | None
    type: str = "service.completed"
    site: str = "north"
    more: tuple[tuple[str, Any], ...] = ()


def _who(customer: str | None) -> dict[str, str]:
    return {"customer": customer} if customer else {}


def put(database: Database, met: Sequence[Met]) -> None:
    events = [
        event(
            number, type=f"sqm.{one.type}", time=format_instant(NOON + one.at),
            data={"site": one.site, "queue": "desk", **dict(one.more), **_who(one.customer)},
        )
        for number, one in enumerate(met)
    ]  # fmt: skip
    records = [TopicRecord(at, as_json(one)) for at, one in enumerate(events)]
    assert store(database, copy_of("sqm.events.v1"), records) == []


def ask(database: Database, *versions: Standard, by: Sequence[By] = (), until: int | None = None) -> list[Contacts]:
    spans = spans_of(versions or [settled()], None, until)
    return [contacts_of(span, by, row) for span in spans for row in database.rows(*contacts_sql(span, by))]


def counts(found: Sequence[Contacts]) -> list[tuple[int, int, int, int]]:
    return [(one.good, one.total, one.provisional, one.elsewhere) for one in found]


def test_who_comes_back_anywhere_within_the_time_was_not_helped_and_the_end_is_within(database: Database) -> None:
    put(
        database,
        [
            Met(0, "anna"), Met(3 * DAY, "anna", "journey.arrived", "south"),
            Met(0, "bert"), Met(WITHIN, "bert", "journey.arrived"),
            Met(0, "carl"), Met(WITHIN + 1, "carl", "journey.arrived"),
            Met(0, "same-instant"), Met(0, "same-instant", "journey.arrived"),
            Met(DAY, "dora", site="south"), Met(0, None),
            Met(WITHIN + 1, "later"),
        ],
    )  # fmt: skip
    (whole,) = ask(database)
    assert counts([whole]) == [(2, 4, 2, 1)]
    assert (whole.standard, whole.version, whole.as_of) == ("settled", 1, NOON + WITHIN + 1)
    by_site = ask(database, by=[By.SITE])
    assert [one.by for one in by_site] == [{"site": "north"}, {"site": "south"}]
    assert counts(by_site) == [(2, 4, 1, 1), (0, 0, 1, 0)]
    # The return of somebody who was served before the end counts, also where it lies behind it.
    assert counts(ask(database, until=NOON + DAY)) == [(2, 4, 0, 1)]


def test_nothing_has_no_row(database: Database) -> None:
    assert ask(database) == []
    assert ask(database, by=[By.HOUR]) == []


def test_conditions_and_selectors_hold_as_on_the_live_line(database: Database) -> None:
    put(
        database,
        [
            Met(0, "a", more=(("outcome", "done"), ("channel", "phone_1"))),
            Met(0, "b", more=(("outcome", "lost"), ("channel", "phone_1"))),
            Met(0, "c", more=(("outcome", "done"), ("channel", "phoneX1"))),
            Met(0, "d", more=(("outcome", "done"),)),
            Met(
                DAY, "a", "message.exchanged", more=(("sender", "customer"), ("recipient", "staff"), ("closing", True))
            ),
            Met(8 * DAY, "z"),
        ],
    )
    rate = {
        "of": {"event": "service.completed", "where": {"outcome": "done"}},
        "unless": {"event": "message.exchanged", "where": {"sender": "customer", "closing": False}},
        "per": "customer", "within": "7d",
    }  # fmt: skip
    covered = settled(rate=rate, applies_to={"channel": "phone_*", "site": "nor?h"})
    assert counts(ask(database, covered)) == [(1, 1, 0, 0)]
    farewell = rate | {"unless": {"event": "message.exchanged", "where": {"closing": True}}}
    assert counts(ask(database, settled(rate=farewell, applies_to={"channel": "phone_*"}))) == [(0, 1, 0, 0)]


def test_each_version_judges_the_contacts_of_its_time(database: Database) -> None:
    put(database, [Met(0, "a"), Met(DAY, "b"), Met(2 * DAY, "c"), Met(9 * DAY + 1, "z", "journey.arrived")])
    second = settled(2, format_instant(NOON + DAY))
    ended = second.metadata.model_copy(update={"effective_until": second.metadata.effective_from.replace(year=2090)})
    found = ask(database, settled(), second.model_copy(update={"metadata": ended}))
    assert [(one.version, one.good) for one in found] == [(1, 1), (2, 2)]
    assert spans_of([second], None, to_millis(second.metadata.effective_from)) == []
    assert spans_of([settled(rate={"count": "complaint.opened", "of": "journey.arrived"})], None, None) == []


MET = st.tuples(
    st.integers(0, 20).map(lambda number: number * DAY),
    st.sampled_from(["a", "b", None]),
    st.sampled_from(["service.completed", "journey.arrived"]),
    st.sampled_from(["north", "south"]),
).map(lambda said: Met(*said))


def account(met: Sequence[Met]) -> tuple[int, int, int, int]:
    good = back = provisional = elsewhere = 0
    latest = max(one.at for one in met)
    for one in met:
        if one.type != "service.completed" or one.customer is None:
            continue
        later = [
            other for other in met
            if other.customer == one.customer and other.type == "journey.arrived"
            and one.at < other.at <= one.at + WITHIN
        ]  # fmt: skip
        first = [other.site for other in later if other.at == min(each.at for each in later)]
        back += bool(later)
        elsewhere += bool(later) and one.site not in first
        good += not later and one.at + WITHIN < latest
        provisional += not later and one.at + WITHIN >= latest
    return good, good + back, provisional, elsewhere


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(met=st.lists(MET, min_size=1, max_size=12, unique_by=lambda one: (one.at, one.customer, one.type)))
def test_it_counts_as_one_who_looks_at_every_pair(database: Database, met: list[Met]) -> None:
    for table in TABLES:
        database.command(f"TRUNCATE TABLE IF EXISTS {table.name}")
    put(database, met)
    expected = account(met)
    counted = counts(ask(database))
    assert counted == ([expected] if expected[1] + expected[2] else [])
