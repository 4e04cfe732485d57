"""
Asks history what went wrong: violations by kind, state and reason, the worst of them, and complaints.

Violations belong to the instant at which they were opened, complaints to that at which they were. What was retracted
never was a violation, and is counted apart.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from schemas.tables import VIOLATIONS_TABLE
from services.history.engine.groups import By, group_sql, groups_of
from services.history.engine.spans import Parameters, within
from services.history.engine.verdicts import asked_columns

__all__ = [
    "Complaints",
    "Tally",
    "TallyQuestion",
    "Topic",
    "Which",
    "complaints",
    "complaints_sql",
    "tallies",
    "tally_sql",
    "topics",
    "topics_sql",
    "worst_sql",
]

_SAID: Final = "startsWith(type, 'sqm.complaint.')"
_DONE: Final = ("sqm.complaint.resolved", "sqm.complaint.withdrawn")


class Which(StrEnum):
    """
    Which violations are told one by one.
    """

    WORST = "worst"
    OPEN = "open"


_CHOSEN: Final = {
    Which.WORST: "state != 'retracted' AND kind = 'journey' AND limit_ms > 0",
    Which.OPEN: "state IN ('opened', 'updated') AND kind != 'at_risk'",
}


class TallyQuestion(NamedTuple):
    """
    Of which standard (None: of all), split by what, of what was opened when. Milliseconds; the end is not part of it.
    """

    standard: str | None = None
    by: tuple[By, ...] = ()
    from_ms: int | None = None
    until_ms: int | None = None
    zone: str = "UTC"


class Tally(NamedTuple):
    """
    How many violations of one group are of one standard, kind, state and reason.
    """

    standard: str
    version: int
    by: dict[str, str | int | None]
    kind: str
    state: str
    reason: str
    n: int
    late: int
    """Of these, how many were about a past that was over when it was reported."""


class Complaints(NamedTuple):
    """
    Complaints of one group, by how they stand now, and visits, to which they are held.
    """

    by: dict[str, str | int | None]
    opened: int
    answered: int
    """Acknowledged or responded to, or settled, since."""
    resolved: int
    withdrawn: int
    open: int
    """Neither resolved nor withdrawn by the last event that history has of them."""
    reopened: int
    """Opened again at least once."""
    escalated: int
    """Handed over to somebody else at least once."""
    visits: int
    """Journeys that arrived."""


class Topic(NamedTuple):
    """
    What complaints were about, as the source names it; None where it does not say.
    """

    topic: str | None
    severity: str | None
    n: int


def tally_sql(question: TallyQuestion) -> tuple[str, Parameters]:
    """
    Return the SQL for how many there are, and its parameters.
    """
    groups, where, parameters = _parts(question, "opened_at")
    named = "".join(f"{said} AS {name}, " for name, said in groups.items())
    sql = (
        f"SELECT standard, version, {named}kind, state, reason, count() AS n, countIf(late) AS late "  # noqa: S608  (of constants; values are parameters)
        f"FROM violations FINAL WHERE {where} GROUP BY ALL ORDER BY ALL"
    )
    return sql, parameters


def tallies(question: TallyQuestion, rows: Iterable[Mapping[str, Any]]) -> list[Tally]:
    """
    Read the rows that the SQL gave.
    """
    return [
        Tally(
            row["standard"], int(row["version"]), groups_of(question.by, row), row["kind"], row["state"], row["reason"],
            int(row["n"]), int(row["late"]),
        )
        for row in rows
    ]  # fmt: skip


def worst_sql(question: TallyQuestion, which: Which, most: int) -> tuple[str, Parameters]:
    """
    Return the SQL for the journeys that took the most times their limit, or for what has been open the longest; its
    rows are messages.
    """
    _, where, parameters = _parts(question._replace(by=()), "opened_at")
    order = "value_ms / limit_ms DESC, value_ms DESC" if which is Which.WORST else "opened_at"
    sql = (
        f"SELECT {asked_columns(VIOLATIONS_TABLE)} FROM violations AS t FINAL "  # noqa: S608  (as above)
        f"WHERE {where} AND {_CHOSEN[which]} ORDER BY {order}, id LIMIT {{most:UInt32}}"
    )
    return sql, parameters | {"most": most}


def complaints_sql(question: TallyQuestion) -> tuple[str, Parameters]:
    """
    Return the SQL for complaints, and its parameters. What came of them is looked up to the present.
    """
    groups, where, parameters = _parts(question._replace(standard=None), "occurred_at")
    named = "".join(f"{said} AS {name}, " for name, said in groups.items())
    keys = f"GROUP BY {', '.join(groups)} ORDER BY {', '.join(groups)}" if groups else ""
    done = ", ".join(f"'{one}'" for one in _DONE)
    counts = ", ".join(
        f"countIf(is_complaint AND {said}) AS {name}"
        for name, said in {
            "opened": "1",
            "answered": "is_answered",
            "resolved": "last_said = 'sqm.complaint.resolved'",
            "withdrawn": "last_said = 'sqm.complaint.withdrawn'",
            "open": f"last_said NOT IN ({done})",
            "reopened": "is_reopened",
            "escalated": "is_escalated",
        }.items()
    )
    sql = (
        f"SELECT {named}{counts}, countIf(NOT is_complaint) AS visits FROM ("  # noqa: S608  (as above)
        "SELECT c.*, type = 'sqm.complaint.opened' AS is_complaint, f.* FROM (SELECT *, ifNull(subject, '') AS about "
        f"FROM standing_events WHERE type IN ('sqm.complaint.opened', 'sqm.journey.arrived') AND {where}) AS c "
        "LEFT JOIN (SELECT site AS its_site, ifNull(subject, '') AS its_subject, "
        f"argMaxIf(type, (occurred_at, id), {_SAID}) AS last_said, "
        f"countIf({_SAID} AND type NOT IN ('sqm.complaint.opened', 'sqm.complaint.reopened')) > 0 AS is_answered, "
        "countIf(type = 'sqm.complaint.reopened') > 0 AS is_reopened, "
        "countIf(type = 'sqm.journey.transferred') > 0 AS is_escalated "
        f"FROM standing_events WHERE {_SAID} OR type = 'sqm.journey.transferred' GROUP BY its_site, its_subject) AS f "
        "ON c.site = f.its_site AND c.about = f.its_subject"
        f") AS told {keys}"
    )
    return sql, parameters


def complaints(question: TallyQuestion, rows: Iterable[Mapping[str, Any]]) -> list[Complaints]:
    """
    Read the rows that the SQL gave.
    """
    return [
        Complaints(groups_of(question.by, row), *(int(row[name]) for name in Complaints._fields if name != "by"))
        for row in rows
    ]


def topics_sql(question: TallyQuestion) -> tuple[str, Parameters]:
    """
    Return the SQL for what complaints were about, the most frequent first, and its parameters.
    """
    _, where, parameters = _parts(question._replace(standard=None, by=()), "occurred_at")
    sql = (
        "SELECT nullIf(JSONExtractString(raw, 'data', 'topic'), '') AS topic, "  # noqa: S608  (as above)
        "nullIf(JSONExtractString(raw, 'data', 'severity'), '') AS severity, count() AS n "
        f"FROM standing_events WHERE type = 'sqm.complaint.opened' AND {where} "
        "GROUP BY topic, severity ORDER BY n DESC, topic, severity"
    )
    return sql, parameters


def topics(rows: Iterable[Mapping[str, Any]]) -> list[Topic]:
    """
    Read the rows that the SQL gave.
    """
    return [Topic(row["topic"], row["severity"], int(row["n"])) for row in rows]


def _parts(question: TallyQuestion, at: str) -> tuple[dict[str, str], str, Parameters]:
    groups, zoned = group_sql(question.by, question.zone, at)
    where, parameters = within(at, question.from_ms, question.until_ms)
    if question.standard is not None:
        where.append("standard = {standard:String}")
        parameters["standard"] = question.standard
    return groups, " AND ".join(["1", *where]), parameters | zoned
