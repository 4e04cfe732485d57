"""
Tables: what stands in ClickHouse, column by column, for dashboards, reports and whoever writes SQL.

The DDL in ``schemas/clickhouse`` makes them; a test compares the two. A row that came twice is one row: each table is
keyed so that a copy replaces the copy, and of two outcomes with one id the one with the greater revision stands. Copies
disappear when ClickHouse merges, some time later, so figures are read with ``FINAL`` or from the views, never from the
bare tables.

Configurations of alerts are not among them: they hold addresses and numbers of people, and their past is in git. For
the same reason a message is kept without the address that it went to.
"""

from typing import Final, NamedTuple

from schemas.topics import (
    ALERT_COMMANDS,
    ALERTS,
    ATTAINMENT,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    MEASUREMENTS,
    NOTIFICATIONS,
    STANDARDS,
    VIOLATIONS,
)

INSTANT: Final = "DateTime64(3, 'UTC')"
WORD: Final = "LowCardinality(String)"
MAYBE_WORD: Final = "LowCardinality(Nullable(String))"
REVISION: Final = "UInt128"


class Column(NamedTuple):
    """
    One column: its name, ClickHouse type and meaning.

    A ``Nullable`` one may be absent from the message; ``default`` is the SQL value of another that may.
    """

    name: str
    type: str
    says: str
    default: str | None = None

    @property
    def may_be_absent(self) -> bool:
        """
        Whether a message without this field is still a good one.
        """
        return "Nullable(" in self.type or self.default is not None


class Table(NamedTuple):
    """
    One table: the topic that it copies, its columns, what makes two rows the same row, and how long rows stay.

    ``placed`` says where on Kafka a row came from; ``computed`` is what ClickHouse works out by itself.
    """

    name: str
    topic: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    computed: tuple[Column, ...]
    keep_days: int
    """Counted from when the broker recorded the row; 0 keeps it for ever."""

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """
        Every column in the order of the table.
        """
        return (*self.columns, *PLACED, *self.computed)


PLACED: Final = (
    Column("topic_partition", "Int32", "Partition of the topic that the row was copied from."),
    Column("topic_offset", "Int64", "Its offset there."),
    Column("recorded_at", INSTANT, "When the broker recorded it; a row's lifetime counts from here."),
)
_AS_IT_CAME: Final = (
    Column("key", "Nullable(String)", "The record's key, byte for byte."),
    Column("value", "Nullable(String)", "The record's value, byte for byte."),
    Column("headers", "Array(Tuple(name String, value String))", "The record's headers, byte for byte."),
)
_WHERE_IT_STOOD: Final = ("topic_partition", "topic_offset", "recorded_at")

_SITE: Final = Column("site", WORD, "Where people are served.")
_QUEUE: Final = Column("queue", MAYBE_WORD, "In which line.")
_FACTS: Final = (
    Column("channel", MAYBE_WORD, "walk_in, phone, chat, email, drive_thru, online …"),
    Column("service", MAYBE_WORD, "What for."),
    Column("segment", MAYBE_WORD, "Which kind of customer."),
    Column("priority", MAYBE_WORD, "The priority that the source gave."),
    Column("team", MAYBE_WORD, "Whose employee."),
    Column("employee", "Nullable(String)", "Pseudonym of the employee."),
)
_PROMISE: Final = (
    Column("id", "String", "Made of content; the same verdict has the same id, however often it is delivered."),
    Column("standard", WORD, "Which promise."),
    Column("version", "UInt32", "Its version, frozen when the journey arrived."),
    Column("rev_offset", "Int64", "Offset of the event that produced this revision."),
    Column("rev_watermark", "Int64", "Watermark, in milliseconds, that produced it."),
)
_REVISION: Final = (
    Column("revision", REVISION, "rev_offset and rev_watermark as one number; the greatest of an id stands."),
)
_JOURNEY: Final = (
    Column("journey", "String", "The customer's contact: CloudEvents subject."),
    Column("cycle", "UInt32", "How often it had been opened again.", "0"),
    Column("arrived_at", INSTANT, "When the journey arrived; figures are attributed to it."),
    Column("late", "Bool", "About a past that was over when it was reported.", "false"),
)
_TRAIL: Final = Column("trail", "String", "JSON: the events that the verdict rests on.", "'[]'")

_TURN: Final = Column("turn", "UInt64", "Which turn of the cycle, or which event stands for itself.", "0")
_SCORED: Final = (
    Column("score", "Nullable(Int64)", "Of answers in hundredths of a step, of checklists in basis points."),
    Column("minimum", "Nullable(Int64)", "The lowest score that is no violation."),
)
_STEPS: Final = (
    Column("course", MAYBE_WORD, "Which of several courses a sequence took."),
    Column("faults", "String", "JSON: what was wrong with the steps of a sequence.", "'[]'"),
)


def _count(name: str, says: str) -> Column:
    return Column(name, "UInt64", says, "0")


EVENTS_TABLE: Final = Table(
    "events", EVENTS.name, "service events, each once by source and id: the highest revision, its first delivery",
    ("source", "id"),
    (
        Column("id", "String", "Given by the source."),
        Column("source", WORD, "Which system reported it."),
        Column("type", WORD, "What happened."),
        Column("subject", "Nullable(String)", "The journey."),
        Column("occurred_at", INSTANT, "When it happened, says the source."),
        Column("received_at", f"Nullable({INSTANT})", "When ingest received it."),
        _SITE, _QUEUE, *_FACTS,
        Column("customer", "Nullable(String)", "Pseudonym of the customer."),
        Column("actor", MAYBE_WORD, "Who acted."),
        Column("outcome", MAYBE_WORD, "How it ended."),
        Column("milestone", MAYBE_WORD, "Which step was reached."),
        Column("reason", MAYBE_WORD, "The stated reason."),
        Column("raw", "String", "The whole event as it stood on Kafka."),
        Column("revision", "Nullable(UInt64)", "Of a source that corrects itself: which version of the event it is."),
    ),
    (Column("precedence", "UInt256", "Greater for a higher revision, then for what was recorded earlier."),), 400,
)  # fmt: skip
DEAD_LETTERS_TABLE: Final = Table(
    "dead_letters", DEAD_LETTERS.name, "what was refused, with the reason in headers", _WHERE_IT_STOOD, _AS_IT_CAME,
    (
        Column("reason", WORD, "The named reason."),
        Column("stage", WORD, "Who refused it: ingest, mapping, sla or history."),
    ), 90,
)  # fmt: skip
STANDARDS_TABLE: Final = Table(
    "standards", STANDARDS.name, "every publication of a document: standard, site, corrective action …",
    ("key", *_WHERE_IT_STOOD),
    (
        Column("key", "String", "kind/id/version"),
        Column("kind", WORD, "Standard, Calendar, Site, Source, Retirement, Exclusion or CorrectiveAction."),
        Column("id", "String", "Of the document."),
        Column("version", "Nullable(UInt32)", "Of a standard."),
        Column("published_at", INSTANT, "When it was published."),
        Column("published_by", "String", "Who published it."),
        Column("raw", "String", "The whole publication."),
    ), (), 0,
)  # fmt: skip
MEASUREMENTS_TABLE: Final = Table(
    "measurements", MEASUREMENTS.name, "clocks that ended", ("standard", "version", "site", "id"),
    (
        *_PROMISE, _SITE, _QUEUE, *_FACTS, *_JOURNEY,
        Column("state", WORD, "standing, or withdrawn: a late event showed that this clock never was.", "'standing'"),
        Column("started_at", INSTANT, "When the clock started."),
        Column("ended_at", INSTANT, "When it ended."),
        Column("ended_by", WORD, "stopped, abandoned, cancelled, expired or retired."),
        Column("value_ms", "UInt64", "What it measured."),
        Column("paused_ms", "UInt64", "How long it stood still.", "0"),
        Column("limit_ms", "UInt64", "What had been promised."),
        Column("validity", WORD, "plausible, too_short or too_long."),
        Column("met", "Nullable(Bool)", "Whether the promise was kept; empty where the clock does not say."),
        Column("short_abandon", "Bool", "Left so soon that it says nothing about the service.", "false"),
        _TRAIL,
        Column("segments", "String", "JSON: the stretches of the clock, and which of them count.", "'[]'"),
        _TURN,
        Column("band", MAYBE_WORD, "The grade of the value, where the standard has grades."),
        Column("calendar", MAYBE_WORD, "In whose hours it ran: id and version, and the time zone."),
        Column("kind", WORD, "What was measured: clock, rate, score or sequence.", "'clock'"),
        *_SCORED,
        Column("reason", MAYBE_WORD, "The reason that its event stated, where one event stands for itself."),
        *_STEPS,
    ), _REVISION, 800,
)  # fmt: skip
VIOLATIONS_TABLE: Final = Table(
    "violations", VIOLATIONS.name, "standards not kept, or about to be", ("standard", "version", "site", "id"),
    (
        *_PROMISE, _SITE, _QUEUE, *_FACTS, *_JOURNEY,
        Column("kind", WORD, "journey, at_risk, objective or burn."),
        Column("state", WORD, "opened, updated, retracted or closed."),
        Column("reason", WORD, "Why it is in this state."),
        Column("opened_at", INSTANT, "When the limit passed."),
        Column("closed_at", f"Nullable({INSTANT})", "When the clock ended."),
        Column("detected_at", INSTANT, "When it was noticed."),
        Column("as_of", INSTANT, "What one could know then."),
        Column("value_ms", "UInt64", "How long the clock had run."),
        Column("limit_ms", "UInt64", "What had been promised."),
        _TRAIL, _TURN, *_SCORED, *_STEPS,
        Column("scope", MAYBE_WORD, "What an objective or burn is about; empty for a journey."),
        Column("window", MAYBE_WORD, "Over which window of time."),
        Column("metric", MAYBE_WORD, "The objective's metric."),
        Column("target", "Nullable(Int64)", "What it should reach: basis points, or milliseconds."),
        Column("good", "Nullable(Int64)", "Numerator of the metric over the window."),
        Column("total", "Nullable(Int64)", "Its denominator."),
        Column("n", "Nullable(Int64)", "How many journeys the figure is of."),
        Column("burn_tier", MAYBE_WORD, "Which burn condition fired."),
        Column("severity", MAYBE_WORD, "page or ticket."),
        Column("exhaustion_ms", "Nullable(Int64)", "After how long the budget is spent at this pace."),
    ), _REVISION, 800,
)  # fmt: skip
ATTAINMENT_TABLE: Final = Table(
    "attainment", ATTAINMENT.name, "sums by standard, site, queue and minute of arrival",
    ("standard", "version", "site", "minute", "id"),
    (
        *_PROMISE, _SITE, _QUEUE,
        Column("minute", INSTANT, "Minute of arrival."),
        Column("metric", WORD, "The metric that good and total stand for."),
        Column("good", "Int64", "Numerator of the metric.", "0"),
        _count("total", "Its denominator; 0 has no value."),
        _count("answered", "N: clocks that were stopped."),
        _count("answered_within", "A_T: of these, within the limit."),
        _count("abandoned", "B: the customer left."),
        _count("abandoned_within", "B_T: of these, within the limit."),
        _count("abandoned_short", "B_s: of these, within the short-abandon length."),
        _count("answered_wait_ms", "Sum of the values of the stopped clocks."),
        _count("implausible", "Clocks outside the plausible range, counted nowhere else."),
        _count("cancelled", "Clocks that were cancelled."),
        _count("expired", "Clocks that nobody ended."),
        _count("retired", "Clocks that still ran when their standard was retired."),
        _count("n", "Of scores: answers, or checklists of which an item applied."),
        _count("earned", "Of checklists: weight of what was passed."),
        _count("possible", "Of checklists: weight of what applied."),
        _count("score_sum", "Sum of the scores, in hundredths."),
        _count("score_sum_squares", "Sum of their squares."),
        _count("promoters", "Of answers on a scale to 10: 9 and 10."),
        _count("detractors", "Of answers on a scale to 10: 6 and less."),
        _count("top2", "Answers in the two highest boxes."),
        _count("failed_critical", "Checklists with a critical item that was failed."),
        Column("distribution", "String", "JSON: of a percentile, the values and how many had each.", "'[]'"),
    ), _REVISION, 1825,
)  # fmt: skip

ALERTS_TABLE: Final = Table(
    "alerts", ALERTS.name, "every transition of every alert", ("id", "seq"),
    (
        Column("id", "String", "The episode: key and the instant at which it began."),
        Column("key", "String", "What it is about, whatever the version: standard and scope."),
        Column("seq", "UInt64", "Counts the transitions of the key."),
        Column("at", INSTANT, "When this transition happened."),
        Column("state", WORD, "pending, firing, acknowledged, resolved or retracted."),
        Column("reason", WORD, "Why it came into this state."),
        Column("severity", WORD, "info, ticket or page."),
        Column("rule", WORD, "The rule that raised it."),
        Column("labels", "String", "JSON: what routes, silences and inhibitions look at."),
        Column("correlation", "Nullable(String)", "What it shares with alerts of the same cause at other places."),
        Column("version", "UInt32", "Version of the standard of the violation that came last."),
        Column("begun_at", INSTANT, "When the first of its violations was opened."),
        Column("fired_at", f"Nullable({INSTANT})", "When it was raised; empty while it is pending."),
        Column("ended_at", f"Nullable({INSTANT})", "When it was over."),
        Column("open", "UInt32", "How many violations were open."),
        Column("seen", "UInt32", "How many there had been in this episode."),
        Column("violations", "String", "JSON: ids of the oldest open ones.", "'[]'"),
        Column("owner", "Nullable(String)", "Who had acknowledged it."),
        Column("ack_until", f"Nullable({INSTANT})", "Until when: then people are reminded."),
        Column("note", "Nullable(String)", "What the one who acted said about it."),
        Column("by", "Nullable(String)", "Who acted, where somebody did."),
        Column("flapping", "Bool", "Whether it went up and down.", "false"),
    ),
    (
        Column("standard", WORD, "Which promise: a label."),
        Column("site", WORD, "Where: a label; empty for an alert about several sites."),
    ), 800,
)  # fmt: skip
ALERT_COMMANDS_TABLE: Final = Table(
    "alert_commands", ALERT_COMMANDS.name, "what people did about alerts; of one id the first stands", ("id",),
    (
        Column("id", "String", "Chosen by the sender."),
        Column("at", INSTANT, "When it was given."),
        Column("by", "String", "Who gave it."),
        Column("action", WORD, "acknowledge, resolve, comment, feedback, silence …"),
        Column("alert", "Nullable(String)", "Key of the alert."),
        Column("until", f"Nullable({INSTANT})", "Of an acknowledgement: when to remind."),
        Column("to", "Nullable(String)", "Of handing over: the person who takes it."),
        Column("note", "Nullable(String)", "What the one who acted said about it."),
        Column("verdict", MAYBE_WORD, "Of feedback: useful, false, not_actionable or too_late."),
        Column("silence", "Nullable(String)", "JSON: of silencing, the silence."),
        Column("ends", "Nullable(String)", "Of unsilencing: the silence that ended."),
        Column("schedule", "Nullable(String)", "Of an override: the schedule."),
        Column("override", "Nullable(String)", "JSON: of an override, who was on call instead, and when."),
        Column("reported", "Nullable(String)", "JSON: of a report, what another system holds to be wrong."),
    ),
    (Column("precedence", REVISION, "Greater for what was recorded earlier: the first one was obeyed."),), 800,
)  # fmt: skip
NOTIFICATIONS_TABLE: Final = Table(
    "notifications", NOTIFICATIONS.name, "messages that were decided", ("id",),
    (
        Column("id", "String", "Made of receiver, group and what is told."),
        Column("at", INSTANT, "When it was decided."),
        Column("reason", WORD, "Why it was sent."),
        Column("status", WORD, "firing or resolved."),
        Column("receiver", WORD, "The channel."),
        Column("person", MAYBE_WORD, "Whom it was for; empty for a channel."),
        Column("language", WORD, "In which language it was written.", "'en'"),
        Column("group", "String", "Its route, and the labels that its alerts share."),
        Column("alerts", "String", "JSON: the alerts that it told of, each with its state."),
        _count("more", "Alerts of the group that were not listed."),
        _count("related", "Other alerts that shared their cause."),
        _count("held_back", "Messages that were held back before."),
        Column("step", "Nullable(UInt32)", "Which step of the escalation."),
    ), (), 800,
)  # fmt: skip
DELIVERIES_TABLE: Final = Table(
    "deliveries", DELIVERIES.name, "what became of each message", ("notification", "at", "outcome"),
    (
        Column("notification", "String", "Id of the message."),
        Column("at", INSTANT, "When the attempt ended."),
        Column("receiver", WORD, "The channel."),
        Column("person", MAYBE_WORD, "Whom it was for."),
        Column("outcome", WORD, "delivered, failed, given_up or held_by_breaker."),
        Column("attempts", "UInt32", "How many attempts there had been."),
        Column("took_ms", "UInt64", "From the decision to the end of the attempt."),
        Column("problem", "Nullable(String)", "What went wrong."),
    ), (), 800,
)  # fmt: skip

TABLES: Final = (
    EVENTS_TABLE, DEAD_LETTERS_TABLE, STANDARDS_TABLE, MEASUREMENTS_TABLE, VIOLATIONS_TABLE,
    ATTAINMENT_TABLE, ALERTS_TABLE, ALERT_COMMANDS_TABLE, NOTIFICATIONS_TABLE, DELIVERIES_TABLE,
)  # fmt: skip
