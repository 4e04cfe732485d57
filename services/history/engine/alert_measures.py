"""
Asks history how alerts were dealt with: how soon somebody acknowledged, how soon it was over, how much each person had
to bear, whether it was useful, and whether the messages arrived.

Everything is about the alerts that were raised within the span that was asked about. Times are summed in milliseconds,
so that a mean is one division at the end.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from services.history.engine.spans import Parameters, within

__all__ = ["AlertMeasures", "AlertQuestion", "AlertsBy", "alert_measures", "alert_questions"]


class AlertsBy(StrEnum):
    """
    What the measures may be split by. Of a person: the alerts that they were told of or acknowledged.
    """

    RULE = "rule"
    SITE = "site"
    STANDARD = "standard"
    PERSON = "person"


class AlertQuestion(NamedTuple):
    """
    Of alerts that were raised when (milliseconds; `until_ms` is not part of the span), split by what.

    A day in `zone` is divided into shifts of `shift_hours` from midnight on, since history does not know the schedules.
    """

    by: AlertsBy | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    shift_hours: int = 8
    zone: str = "UTC"


class AlertMeasures(NamedTuple):
    """
    The measures of one group, as counts and sums; `group` is None where nothing is split.

    Acknowledged in time means: before the escalation went on to a later step, or nobody was left.
    """

    group: str | None
    alerts: int = 0
    retracted: int = 0
    """Alerts whose violations turned out never to have been."""
    acknowledged: int = 0
    acknowledge_ms: int = 0
    resolved: int = 0
    resolve_ms: int = 0
    in_time: int = 0
    too_late: int = 0
    """Not acknowledged before the escalation went on."""
    told: int = 0
    """Alerts that fired, counted once for each person and shift in which the person was told of them."""
    shifts: int = 0
    """Shifts of people who were told of anything in them."""
    most_in_a_shift: int = 0
    marked_useful: int = 0
    marked_false: int = 0
    marked_not_actionable: int = 0
    marked_too_late: int = 0
    messages: int = 0
    delivered: int = 0
    given_up: int = 0
    failed_attempts: int = 0
    delivery_ms: int = 0
    delivery_p50_ms: int = 0
    delivery_p99_ms: int = 0

    @property
    def marked(self) -> int:
        """
        How many marks there are: the last one of each person about each alert.
        """
        return self.marked_useful + self.marked_false + self.marked_not_actionable + self.marked_too_late

    @property
    def figures(self) -> dict[str, float | None]:
        """
        What is read from them: times in milliseconds, shares between 0 and 1; of nothing there is no figure.
        """
        return {
            "mtta_ms": _ratio(self.acknowledge_ms, self.acknowledged),
            "mttr_ms": _ratio(self.resolve_ms, self.resolved),
            "share_in_time": _ratio(self.in_time, self.in_time + self.too_late),
            "share_useful": _ratio(self.marked_useful, self.marked),
            "alerts_per_shift": _ratio(self.told, self.shifts),
            "mean_delivery_ms": _ratio(self.delivery_ms, self.delivered),
            "share_given_up": _ratio(self.given_up, self.messages),
        }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_CHOSEN: Final = "SELECT * FROM alert_episodes WHERE fired_at IS NOT NULL"
_ABOUT_PEOPLE: Final = (
    "SELECT toString(person) AS person, alert FROM told_alerts WHERE person IS NOT NULL "
    "UNION DISTINCT SELECT acknowledged_by AS person, id AS alert FROM chosen WHERE acknowledged_by IS NOT NULL"
)
_EPISODES: Final = (
    "count() AS alerts, countIf(state = 'retracted') AS retracted, "
    "countIf({mine}) AS acknowledged, "
    "sumIf(dateDiff('millisecond', fired_at, acknowledged_at), {mine}) AS acknowledge_ms, "
    "countIf(state = 'resolved') AS resolved, "
    "sumIf(dateDiff('millisecond', fired_at, ended_at), state = 'resolved') AS resolve_ms, "
    "countIf(asked_at IS NOT NULL AND acknowledged_at <= ifNull(passed_on_at, acknowledged_at)) AS in_time, "
    "countIf(passed_on_at < ifNull(acknowledged_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))) AS too_late"
)
_SHIFT: Final = (
    "(toDate(t.at, {zone:String}), intDiv(toHour(toTimeZone(t.at, {zone:String})), {shift_hours:UInt8})) AS shift"
)
_VERDICTS: Final = (
    "countIf(verdict = 'useful') AS marked_useful, countIf(verdict = 'false') AS marked_false, "
    "countIf(verdict = 'not_actionable') AS marked_not_actionable, countIf(verdict = 'too_late') AS marked_too_late"
)
_MESSAGES: Final = (
    "count() AS messages, countIf(m.delivered) AS delivered, countIf(m.given_up) AS given_up, "
    "sum(m.attempts - m.delivered) AS failed_attempts, sumIf(m.took_ms, m.delivered) AS delivery_ms, "
    "ifNull(quantileExactIf(0.5)(m.took_ms, m.delivered), 0) AS delivery_p50_ms, "
    "ifNull(quantileExactIf(0.99)(m.took_ms, m.delivered), 0) AS delivery_p99_ms"
)


def alert_questions(question: AlertQuestion) -> list[tuple[str, Parameters]]:
    """
    Return the questions to put, each with its parameters: about alerts, shifts, marks and messages.
    """
    where, parameters = within("fired_at", question.from_ms, question.until_ms)
    chosen = " AND ".join([_CHOSEN, *where])
    by_person = question.by is AlertsBy.PERSON

    def group(person: str) -> str:
        return person if by_person else f"toString(c.{question.by})" if question.by else "''"

    def put(select: str, **more: str | int) -> tuple[str, Parameters]:
        return f"WITH chosen AS ({chosen}) SELECT {select} GROUP BY grouped ORDER BY grouped", parameters | more

    mine = "acknowledged_at IS NOT NULL" + (" AND acknowledged_by = p.person" if by_person else "")
    people = f" JOIN ({_ABOUT_PEOPLE}) AS p ON p.alert = c.id" if by_person else ""
    told, to_people = "told_alerts AS t JOIN chosen AS c ON c.id = t.alert", "t.person IS NOT NULL"
    receiving, marking = group("toString(t.person)"), group("f.by")
    told_to = f"{told} WHERE {to_people}" if by_person else told
    shifts = (
        f"(SELECT {receiving} AS grouped, t.person AS person, {_SHIFT}, uniqExact(t.alert) AS n FROM {told} "  # noqa: S608  (of constants; values are parameters)
        f"WHERE {to_people} AND t.state NOT IN ('resolved', 'retracted') GROUP BY grouped, person, shift)"
    )
    messages = f"(SELECT DISTINCT {receiving} AS grouped, t.notification AS notification FROM {told_to}) AS g"  # noqa: S608  (as above)
    return [
        put(f"{group('p.person')} AS grouped, {_EPISODES.replace('{mine}', mine)} FROM chosen AS c{people}"),
        put(
            f"grouped, sum(n) AS told, count() AS shifts, max(n) AS most_in_a_shift FROM {shifts}",
            zone=question.zone,
            shift_hours=question.shift_hours,
        ),
        put(f"{marking} AS grouped, {_VERDICTS} FROM alert_feedback AS f JOIN chosen AS c ON c.id = f.alert"),
        put(f"grouped, {_MESSAGES} FROM {messages} JOIN message_outcomes AS m ON m.notification = g.notification"),
    ]


def alert_measures(question: AlertQuestion, answers: Iterable[Iterable[Mapping[str, Any]]]) -> list[AlertMeasures]:
    """
    Put the answers to `alert_questions` together, in the order of the groups' names.
    """
    found: dict[str, dict[str, int]] = {}
    for rows in answers:
        for row in rows:
            # The sum of nothing is none.
            counts = {name: int(row[name] or 0) for name in AlertMeasures._fields if name in row}
            found.setdefault(row["grouped"], {}).update(counts)
    return [
        AlertMeasures(group if question.by else None, **counts)
        for group, counts in sorted(found.items())
        if any(counts.values())
    ]
