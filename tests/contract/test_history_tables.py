"""
What stands in the tables of history, on every way to reach a database: no copy counts, the greatest revision stands.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from dashboards import lately
from dashboards.asking import Span, expanded
from domain.metrics import Counts
from schemas.derived_tables import DERIVED
from schemas.outcomes import MEASUREMENTS, VIOLATIONS
from schemas.tables import TABLES
from services.cli.told_history import revisions_of, standard_of, verdicts_like
from services.history.engine import Migration, Question, copy_of, figures, sql_of
from services.history.shell.migrating import default_lifetimes, migrate, read_migrations, require_migrated
from services.history.shell.storing import store
from services.runtime.clickhouse import ClickHouseSettings, Database
from services.runtime.errors import Misconfigured
from tests.fakes.databases import opened
from tests.fakes.outcomes import standard
from tests.fakes.topic_records import NOON, RECORDED, TopicRecord, as_json, attainment, event, measurement, violation

HOUR = 3_600_000
DAY = 24 * HOUR


def put(database: Database, topic: str, records: Sequence[TopicRecord]) -> list[tuple[int, str]]:
    return [(one.record.offset, one.why.value) for one in store(database, copy_of(topic), records)]


def ask(database: Database, question: Question, *metrics: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    sql, parameters = sql_of(question)
    found = figures(question, database.rows(sql, parameters), metrics)
    return {(one.version, *one.by.values(), one.metric): (one.good, one.total) for one in found}


def test_the_tables_are_what_their_contract_says(database: Database) -> None:
    shapes = [(one.name, one.key, one.all_columns, one.keep_days > 0) for one in TABLES]
    shapes += [(one.name, one.key, one.columns, bool(one.keep_days)) for one in DERIVED]
    for name, key, columns, ends in shapes:
        rows = database.rows(
            "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} "
            "ORDER BY position",
            {"table": name},
        )
        assert [(row["name"], row["type"]) for row in rows] == [(one.name, one.type) for one in columns]
        made = database.rows(
            "SELECT sorting_key, engine_full FROM system.tables WHERE database = currentDatabase() "
            "AND name = {table:String}",
            {"table": name},
        )[0]
        assert made["sorting_key"] == ", ".join(key)
        assert made["engine_full"].startswith("MergeTree" if name.endswith("_hours") else "ReplacingMergeTree")
        assert ("TTL toDateTime(recorded_at)" in made["engine_full"]) == ends


def test_migrating_again_changes_nothing_and_a_changed_history_is_refused(database: Database) -> None:
    written = read_migrations()
    assert migrate(database, written, {}) == ([], {})
    changed = [written[0]._replace(sql=written[0].sql.replace("subject", "topic")), *written[1:]]
    with pytest.raises(Misconfigured, match=r"0001_tables\.sql: was changed"):
        migrate(database, changed, {})
    with pytest.raises(Misconfigured, match="newer version"):
        migrate(database, written[:1], {})
    more = [
        *written,
        Migration(len(written) + 1, "0099_more.sql", "CREATE TABLE IF NOT EXISTS more (n Int8) ENGINE = Memory;"),
    ]
    assert migrate(database, more, {}).migrations == ["0099_more.sql"]


def test_tables_of_an_older_version_are_refused_for_questions_until_they_are_migrated(
    settings: ClickHouseSettings,
) -> None:
    written = read_migrations()
    for database in opened(settings, tables=False):
        with pytest.raises(Misconfigured, match=r"in here is at migration 0, .* needs \d+: run `sqm history migrate`"):
            require_migrated(database, "here")
        migrate(database, written[:-1], {})
        with pytest.raises(Misconfigured, match=f"at migration {len(written) - 1}, and this version needs"):
            require_migrated(database, "here")
        migrate(database, written, {})
        require_migrated(database, "here")
        # Newer ones an older version may read.
        migrate(database, [*written, Migration(len(written) + 1, "0099_more.sql", "SELECT 1;")], {})
        require_migrated(database, "here")


def test_new_tables_have_the_lifetimes_that_hold_by_default(database: Database) -> None:
    assert migrate(database, read_migrations(), default_lifetimes()).lifetimes == {}


def test_lifetimes_follow_the_settings(database: Database) -> None:
    assert migrate(database, read_migrations(), {"events": 7, "standards": 9, "attainment": 0}).lifetimes == {
        "events": 7,
        "standards": 9,
        "attainment": 0,
    }
    assert migrate(database, read_migrations(), {"events": 7, "standards": 9, "attainment": 0}).lifetimes == {}
    # Whoever says nothing of a table leaves it as somebody else wants it.
    assert migrate(database, read_migrations(), {"events": 8}).lifetimes == {"events": 8}
    assert migrate(database, read_migrations(), default_lifetimes()).lifetimes == {
        "events": 400,
        "standards": 0,
        "attainment": 1_825,
    }
    with pytest.raises(Misconfigured, match="'evens', which is no table that"):
        migrate(database, read_migrations(), {"evens": 7})


def test_rows_past_their_lifetime_go_and_old_facts_recorded_today_stay(database: Database) -> None:
    now = database.rows("SELECT toUnixTimestamp(now()) AS now")[0]["now"] * 1000
    old_fact = attainment(minute=915_148_800_000, site="in-1999")
    put(
        database,
        "sqm.attainment.v1",
        [
            TopicRecord(1, as_json(old_fact), timestamp=now),
            TopicRecord(2, as_json(attainment(site="recorded-long-ago")), timestamp=now - 3_000 * 86_400_000),
        ],
    )
    database.command("OPTIMIZE TABLE attainment FINAL")
    assert [row["site"] for row in database.rows("SELECT site FROM attainment")] == ["in-1999"]


def test_an_event_is_stored_whole_with_its_facts_beside(database: Database) -> None:
    raw = as_json(event(1, extension="kept"))
    put(database, "sqm.events.v1", [TopicRecord(7, raw, partition=2)])
    row = database.rows("SELECT * FROM events")[0]
    assert row["raw"].encode() == raw
    assert (row["id"], row["source"], row["subject"], row["site"]) == ("e1", "/till/1", "journey-1", "branch-7")
    assert (row["occurred_at"], row["received_at"]) == ("2026-09-21 14:13:20.123", "2026-09-21 14:13:21.000")
    assert (row["segment"], row["topic_partition"], row["topic_offset"]) == (None, 2, 7)


def test_of_an_event_that_its_source_corrected_the_highest_revision_stands(database: Database) -> None:
    for at, revision in enumerate([3, 7, 5, 7]):
        put(database, "sqm.events.v1", [TopicRecord(at, as_json(event(1, revision=revision, extension=f"as-of-{at}")))])
    rows = database.rows("SELECT revision, JSONExtractString(raw, 'extension') AS said FROM standing_events")
    assert rows == [{"revision": 7, "said": "as-of-1"}]


def test_of_an_event_delivered_twice_the_first_stands(database: Database) -> None:
    first, second = as_json(event(1)), as_json(event(1, type="sqm.journey.called"))
    put(database, "sqm.events.v1", [TopicRecord(9, second)])
    put(database, "sqm.events.v1", [TopicRecord(3, first)])
    put(database, "sqm.events.v1", [TopicRecord(9, second)])
    assert [row["type"] for row in database.rows("SELECT type FROM standing_events")] == ["sqm.journey.arrived"]


def test_the_greatest_revision_stands_whatever_came_last(database: Database) -> None:
    revisions = [(5, 10), (5, 9), (4, 99), (-1, 2**62), (5, 10), (0, -(2**63))]
    records = [
        TopicRecord(at, as_json(attainment(rev_offset=offset, rev_watermark=watermark, answered=at)))
        for at, (offset, watermark) in enumerate(revisions)
    ]
    for record in [*records[1:4], records[0], *records[4:]]:
        put(database, "sqm.attainment.v1", [record])
    rows = database.rows("SELECT rev_offset, rev_watermark FROM standing_attainment")
    assert rows == [{"rev_offset": 5, "rev_watermark": 10}]


def test_what_was_withdrawn_or_retracted_is_seen_and_not_counted(database: Database) -> None:
    gone = measurement(1, state="withdrawn", rev_offset=8)
    put(database, "sqm.measurements.v1", [TopicRecord(1, as_json(measurement(1))), TopicRecord(2, as_json(gone))])
    put(database, "sqm.violations.v1", [TopicRecord(1, as_json(violation(1)))])
    put(database, "sqm.violations.v1", [TopicRecord(2, as_json(violation(1, state="retracted", rev_offset=8)))])
    put(database, "sqm.violations.v1", [TopicRecord(3, as_json(violation(2, state="closed", rev_offset=9)))])
    assert database.rows("SELECT state FROM measurements FINAL") == [{"state": "withdrawn"}]
    assert database.rows("SELECT * FROM standing_measurements") == []
    assert database.rows("SELECT state FROM violations FINAL ORDER BY id") == [
        {"state": "retracted"},
        {"state": "closed"},
    ]
    assert database.rows("SELECT state FROM standing_violations") == [{"state": "closed"}]


def test_publications_dead_letters_and_direct_events_are_stored_as_they_came(database: Database) -> None:
    published = {
        "document": {"apiVersion": "sqm/v1", "kind": "Standard", "metadata": {"id": "wait", "version": 3}},
        "published_at": NOON,
        "published_by": "quality",
    }
    put(database, "sqm.standards.v1", [TopicRecord(4, as_json(published), key=b"Standard/wait/3")] * 2)
    assert database.rows("SELECT key, kind, id, version FROM standards FINAL") == [
        {"key": "Standard/wait/3", "kind": "Standard", "id": "wait", "version": 3}
    ]
    forged = (
        (("sqm-reason", b"forged")),
        ("own", b"\xff\x00"),
        ("sqm-headers", b"2"),
        ("sqm-reason", b"too_late"),
        ("sqm-stage", b"sla"),
    )
    put(database, "sqm.events.dead.v1", [TopicRecord(1, b"\xff\xfe\x00", key=None, headers=forged)] * 2)
    assert database.rows(
        "SELECT hex(value) AS v, key, reason, stage, hex(headers[2].value) AS own FROM dead_letters FINAL"
    ) == [{"v": "FFFE00", "key": None, "reason": "too_late", "stage": "sla", "own": "FF00"}]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"{nope", "not_json"),
        (b"", "not_json"),
        (None, "not_json"),
        (b'{"id":"\xff"}', "not_json"),
        (b"{} {}", "not_json"),
        (b"[1,2]", "field_missing"),
        (as_json({**attainment(), "minute": "noon"}), "field_missing"),
        (as_json({**attainment(), "version": -3}), "field_missing"),
        (as_json({**attainment(), "id": None}), "field_missing"),
    ],
)
def test_what_does_not_fit_is_named_and_the_rest_is_stored(database: Database, value: bytes | None, why: str) -> None:
    good = [TopicRecord(at, as_json(attainment(minute=NOON + at * 60_000))) for at in range(20)]
    batch = [*good[:7], TopicRecord(100, value), *good[7:]]
    assert put(database, "sqm.attainment.v1", batch) == [(100, why)]
    assert put(database, "sqm.attainment.v1", batch) == [(100, why)]
    assert database.rows("SELECT count() AS n FROM standing_attainment") == [{"n": 20}]


def test_a_topic_made_anew_is_not_taken_for_a_copy_of_the_old_one(database: Database) -> None:
    put(database, "sqm.attainment.v1", [TopicRecord(0, as_json(attainment(site="old")))])
    put(database, "sqm.attainment.v1", [TopicRecord(0, as_json(attainment(site="new")), timestamp=RECORDED + 5)])
    assert len(database.rows("SELECT site FROM standing_attainment")) == 2


def test_a_total_of_zero_has_no_value(database: Database) -> None:
    put(database, "sqm.attainment.v1", [TopicRecord(0, as_json(attainment(cancelled=3)))])
    sql, parameters = sql_of(Question("wait"))
    (figure,) = figures(Question("wait"), database.rows(sql, parameters), ["sl_all_offered"])
    assert (figure.good, figure.total, figure.value, figure.sums) == (0, 0, None, Counts(cancelled=3))


def test_figures_keep_to_the_span_and_the_version_that_were_asked_for(database: Database) -> None:
    rows = [
        attainment(minute=NOON + at * HOUR, answered=10**at, version=version, id=f"a:wait@{version}:{at}")
        for at in range(4)
        for version in (1, 2)
    ]
    put(database, "sqm.attainment.v1", [TopicRecord(at, as_json(row)) for at, row in enumerate(rows)])
    span = Question("wait", version=2, from_ms=NOON + HOUR, until_ms=NOON + 3 * HOUR)
    assert ask(database, span, "goal_met") == {(2, "goal_met"): (0, 110)}
    assert ask(database, Question("wait"), "goal_met") == {(1, "goal_met"): (0, 1111), (2, "goal_met"): (0, 1111)}
    assert ask(database, Question("another"), "goal_met") == {}


def test_a_verdict_is_found_by_its_id_or_a_part_as_the_message_that_it_was(database: Database) -> None:
    withdrawn = measurement(1, state="withdrawn", met=None, rev_offset=5, queue=None)
    put(database, "sqm.measurements.v1", [TopicRecord(offset, as_json(one)) for offset, one in enumerate(
        (measurement(1), withdrawn, measurement(12), measurement(13, site="branch-8")))])  # fmt: skip
    put(database, "sqm.violations.v1", [TopicRecord(0, as_json(violation(12)))])
    assert [one.model_dump(mode="json") for one in verdicts_like(database, "journey-12")] == [
        MEASUREMENTS.validate_python(measurement(12)).model_dump(mode="json"),
        VIOLATIONS.validate_python(violation(12)).model_dump(mode="json"),
    ]
    [gone, *others] = verdicts_like(database, withdrawn["id"])
    assert gone == MEASUREMENTS.validate_python(withdrawn)
    assert [one.id for one in others] == [measurement(12)["id"]]
    assert verdicts_like(database, "%") == []


def test_what_a_verdict_said_before_is_found_as_long_as_history_has_it(database: Database) -> None:
    """Parts that were not merged yet hold what was corrected; once they are, the last revision alone is left."""
    said = [
        measurement(1),
        measurement(1, rev_offset=5, value_ms=1),
        measurement(1, rev_offset=8, state="withdrawn", met=None),
    ]
    for offset, one in enumerate(said):
        put(database, "sqm.measurements.v1", [TopicRecord(offset, as_json(one))])
    put(database, "sqm.measurements.v1", [TopicRecord(9, as_json(measurement(2)))])
    [last, *_] = verdicts_like(database, said[0]["id"])
    *earlier, now = revisions_of(database, last)
    assert now == MEASUREMENTS.validate_python(said[-1])
    assert all(one in [MEASUREMENTS.validate_python(each) for each in said[:2]] for one in earlier)
    assert [one.rev_offset for one in earlier] == sorted({one.rev_offset for one in earlier})
    put(database, "sqm.violations.v1", [TopicRecord(0, as_json(violation(12)))])
    [late] = verdicts_like(database, violation(12)["id"])
    assert revisions_of(database, late) == [late]


def test_a_verdict_is_explained_with_the_latest_words_of_its_standard(database: Database) -> None:
    written = standard().model_dump(mode="json", exclude_none=True)
    words = [{**written, "metadata": {**written["metadata"], "title": title}} for title in ("First words", "Better")]
    put(database, "sqm.standards.v1", [
        TopicRecord(offset, as_json({"document": one, "published_at": NOON, "published_by": "me"}))
        for offset, one in enumerate(words)])  # fmt: skip
    found = standard_of(database, "call-answer", 1)
    assert found is not None
    assert found.metadata.title == "Better"
    assert standard_of(database, "call-answer", 2) is None


def test_what_opened_within_a_day_is_asked_of_the_few_that_are_kept_apart(database: Database) -> None:
    now = int(database.rows("SELECT toUnixTimestamp64Milli(now64(3)) AS now")[0]["now"])
    told: list[tuple[int, dict[str, Any], int]] = [
        (1, {"opened_at": now - 60_000}, now),
        (1, {"opened_at": now - 60_000}, now),
        (2, {"opened_at": now - 120_000}, now),
        (2, {"opened_at": now - 120_000, "state": "retracted", "rev_offset": 2}, now),
        (3, {"opened_at": now - 180_000}, now),
        (3, {"opened_at": now - 7_200_000, "state": "updated", "rev_offset": 2}, now),
        (4, {"opened_at": now - 5 * DAY}, now - 5 * DAY),
    ]
    records = [
        TopicRecord(offset, as_json(violation(number, **changes)), timestamp=at)
        for offset, (number, changes, at) in enumerate(told)
    ]
    assert not put(database, "sqm.violations.v1", records)
    sql = f"SELECT id FROM {lately.VIOLATIONS} WHERE $__timeFilter(opened_at) ORDER BY id"  # noqa: S608  (a constant)
    for hours, numbers in ((1, [1]), (20, [1, 3]), (200, [1, 3, 4])):
        span = Span(now - hours * HOUR, now, 60)
        found = [row["id"] for row in database.rows(expanded(sql, span, {}, {}))]
        assert found == [violation(number)["id"] for number in numbers]
    database.command("TRUNCATE TABLE violations")
    assert len(database.rows(expanded(sql, Span(now - 20 * HOUR, now, 60), {}, {}))) == 2
    assert not database.rows(expanded(sql, Span(now - 200 * HOUR, now, 60), {}, {}))


def test_minutes_of_a_day_are_asked_of_the_few_that_are_kept_apart(database: Database) -> None:
    now = int(database.rows("SELECT toUnixTimestamp(toStartOfMinute(now())) * 1000 AS now")[0]["now"])
    minutes = [
        attainment(minute=now - 60_000, total=1),
        attainment(minute=now - 60_000, total=2, rev_offset=2),
        attainment(minute=now - 60_000, total=2, rev_offset=2),
        attainment(minute=now - 60_000, site="branch-8", total=10),
        attainment(minute=now - 5 * DAY, total=100),
    ]
    records = [TopicRecord(offset, as_json(one), timestamp=now) for offset, one in enumerate(minutes)]
    assert not put(database, "sqm.attainment.v1", records)
    sql = f"SELECT sum(total) AS n FROM {lately.MINUTES} WHERE $__timeFilter(minute)"  # noqa: S608  (a constant)

    def counted(hours: int) -> int:
        return int(database.rows(expanded(sql, Span(now - hours * HOUR, now, 60), {}, {}))[0]["n"])

    assert (counted(1), counted(20), counted(200)) == (12, 12, 112)
    database.command("TRUNCATE TABLE attainment")
    assert (counted(1), counted(20), counted(200)) == (12, 12, 0)
