"""
Derived tables: what ClickHouse itself keeps beside the copies of topics, so that what people ask most reads few rows.

Rows of some are passed on at the insert and replace each other there like the rows they come from; the others are made
anew at intervals from rows that stand once. So neither a copy nor a correction can falsify them. The DDL in
``schemas/clickhouse`` makes them; a test compares the two.
"""

from typing import Final, NamedTuple

from schemas.tables import (
    ATTAINMENT_TABLE,
    EVENTS_TABLE,
    INSTANT,
    MAYBE_WORD,
    MEASUREMENTS_TABLE,
    VIOLATIONS_TABLE,
    Column,
    Table,
)

__all__ = ["DERIVED", "Derived"]


class Derived(NamedTuple):
    """
    One table that is made of another: its columns, its sorting key, and how long rows stay.
    """

    name: str
    of: Table
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    keep_days: int | None
    """Counted from when the broker recorded the row; 0 keeps it for ever; None: its DDL alone says how long."""


def _like(table: Table, *names: str) -> tuple[Column, ...]:
    by_name = {column.name: column for column in table.all_columns}
    return tuple(by_name[name] for name in names)


_HOUR: Final = Column("hour", "DateTime('UTC')", "Hour of arrival, of UTC.")
_MADE: Final = Column("made_at", INSTANT, "When it was made of the rows that stood then.")
_SUMS: Final = tuple(
    column for column in ATTAINMENT_TABLE.columns if column.type in {"Int64", "UInt64"} and column.default == "0"
)
_VERDICT: Final = ("standard", "version", "site", "id", "revision", "journey")

DERIVED: Final = (
    Derived(
        "feedback", EVENTS_TABLE, "the voice of customers, staff and observers: the events that carry one",
        ("source", "id"),
        (
            *_like(EVENTS_TABLE, "id", "source", "type", "subject", "occurred_at", "site", "queue", "channel",
                   "service", "segment", "team", "employee", "customer"),
            Column("instrument", MAYBE_WORD, "How it was asked: the instrument, the survey, or who observed."),
            Column("score", "Nullable(Float64)", "The answer, on the scale of the instrument."),
            Column("scale", "Nullable(UInt32)", "The highest score that could be given."),
            Column("topic", MAYBE_WORD, "What it is about; of an incident its kind."),
            Column("severity", MAYBE_WORD, "How grave the source rates it."),
            Column("outcome", MAYBE_WORD, "How it was settled."),
            Column("checklist", MAYBE_WORD, "Which checklist was used."),
            Column("comment", "Nullable(String)", "What was written; may hold personal data."),
            Column("items", "String", "JSON: the points of a checklist, as they were seen."),
            *_like(EVENTS_TABLE, "recorded_at", "precedence"),
        ), 800,
    ),
    Derived(
        "measurement_revisions", MEASUREMENTS_TABLE, "what was said of each clock, revision by revision",
        ("standard", "version", "site", "id", "revision"),
        _like(MEASUREMENTS_TABLE, *_VERDICT, "state", "arrived_at", "ended_by", "value_ms", "limit_ms", "score", "met",
              "recorded_at"),
        90,
    ),
    Derived(
        "violation_revisions", VIOLATIONS_TABLE, "what was said of each violation, revision by revision",
        ("standard", "version", "site", "id", "revision"),
        _like(VIOLATIONS_TABLE, *_VERDICT, "kind", "state", "reason", "opened_at", "closed_at", "value_ms", "limit_ms",
              "recorded_at"),
        800,
    ),
    Derived(
        "violations_lately", VIOLATIONS_TABLE, "violations as they stand, told of within the last two days",
        ("standard", "version", "site", "id"),
        _like(VIOLATIONS_TABLE, "id", "standard", "version", "site", "queue", "journey", "kind", "state", "reason",
              "opened_at", "closed_at", "value_ms", "limit_ms", "recorded_at", "revision"),
        None,
    ),
    Derived(
        "attainment_lately", ATTAINMENT_TABLE, "sums by minute as they stand, of the last two days",
        ("minute", "standard", "version", "site", "id"),
        _like(ATTAINMENT_TABLE, "id", "standard", "version", "site", "queue", "minute", "metric", "good", "total",
              "revision"),
        None,
    ),
    Derived(
        "event_revisions", EVENTS_TABLE, "what sources that correct themselves said, revision by revision",
        ("source", "id", "revision"),
        (
            *_like(EVENTS_TABLE, "source", "id"),
            Column("revision", "UInt64", "Which version of the event it is."),
            *_like(EVENTS_TABLE, "site", "subject", "raw", "recorded_at", "precedence"),
        ), 400,
    ),
    Derived(
        "attainment_hours", ATTAINMENT_TABLE, "sums by standard, site, queue and hour of arrival",
        ("standard", "version", "site", "hour"),
        (*_like(ATTAINMENT_TABLE, "standard", "version", "site", "queue"), _HOUR,
         *_like(ATTAINMENT_TABLE, "metric"), *_SUMS, _MADE),
        None,
    ),
    Derived(
        "attainment_touched", ATTAINMENT_TABLE, "hours that were written to, and when: 30 days of it",
        ("standard", "version", "site", "hour"),
        (*_like(ATTAINMENT_TABLE, "standard", "version", "site"), _HOUR,
         Column("touched_at", INSTANT, "When ClickHouse took the rows.")),
        None,
    ),
    Derived(
        "value_hours", MEASUREMENTS_TABLE, "how often which value was measured, by hour of arrival",
        ("standard", "version", "site", "hour", "up_to_ms"),
        (*_like(MEASUREMENTS_TABLE, "standard", "version", "site", "queue"), _HOUR,
         *_like(MEASUREMENTS_TABLE, "ended_by"),
         Column("up_to_ms", "UInt64", "Greatest value of the bucket: at most 1/128 above what was measured."),
         Column("n", "UInt64", "How many clocks had such a value."),
         Column("within_limit", "UInt64", "How many of these were within their limit."),
         _MADE),
        None,
    ),
)  # fmt: skip
