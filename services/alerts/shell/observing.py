"""
Tells Prometheus what there is of alerts and messages, in the names of `schemas.metrics`.
"""

from collections import Counter
from typing import Final, Protocol, TypeVar, get_args

from schemas import metrics as catalogue
from schemas.alert_commands import Verdict
from schemas.alert_labels import SEVERITIES
from schemas.alerts import Delivery
from services.alerts.engine import Desk, Reason, on_call
from services.alerts.shell.answers import Answer, told_by_schedule
from services.alerts.shell.notifiers import Failure
from services.alerts.shell.office import Office
from services.alerts.shell.outputs import Outputs
from services.runtime.metrics import Label, Metrics, UpTo

__all__ = ["Observing", "Waiting"]

STATES: Final = ("pending", "firing", "acknowledged")
_RECEIVERS: Final = UpTo(200)
_SCHEDULES: Final = UpTo(200)
_WORDS: Final = UpTo(50)
_OUTCOMES: Final = get_args(Delivery.model_fields["outcome"].annotation)
_Counted = TypeVar("_Counted")


class Waiting(Protocol):
    """
    How many messages wait to be delivered, and which attempts failed, by receiver and reason, since they were taken.
    """

    failures: Counter[tuple[str, str]]

    @property
    def waiting(self) -> int: ...


class Behind(Protocol):
    """
    How far the process that works is behind.
    """

    @property
    def records(self) -> int: ...

    @property
    def round_age_seconds(self) -> float: ...


class Observing:
    """
    Looks at the others when Prometheus asks; is told of deliveries as they end.
    """

    def __init__(
        self, metrics: Metrics, *, office: Office, outputs: Outputs, delivering: Waiting, lagging: Behind
    ) -> None:
        self._metrics = metrics
        self._office = office
        self._outputs = outputs
        self._delivering = delivering
        self._lagging = lagging
        self._leads = metrics.gauge(catalogue.ALERTS_LEADS.short, catalogue.ALERTS_LEADS.help)
        self._open = metrics.gauge(
            catalogue.ALERTS_OPEN.short, catalogue.ALERTS_OPEN.help, {"state": _WORDS, "severity": _WORDS}
        )
        of_state: dict[str, Label] = {"state": _WORDS, "severity": _WORDS}
        transitions, messages = catalogue.ALERTS_TRANSITIONS, catalogue.ALERTS_MESSAGES
        self._transitions = metrics.counter(transitions.short, transitions.help, of_state)
        of_receiver: dict[str, Label] = {"receiver": _RECEIVERS, "reason": _WORDS}
        self._messages = metrics.counter(messages.short, messages.help, of_receiver)
        self._deliveries = metrics.counter(
            catalogue.ALERTS_DELIVERIES.short, catalogue.ALERTS_DELIVERIES.help,
            {"receiver": _RECEIVERS, "outcome": _WORDS},
        )  # fmt: skip
        failures = catalogue.ALERTS_FAILURES
        self._failures = metrics.counter(failures.short, failures.help, of_receiver)
        self._lag = metrics.gauge(catalogue.ALERTS_LAG_RECORDS.short, catalogue.ALERTS_LAG_RECORDS.help)
        self._round = metrics.gauge(catalogue.ALERTS_ROUND_AGE.short, catalogue.ALERTS_ROUND_AGE.help)
        seconds = catalogue.ALERTS_DELIVERY_SECONDS
        self._seconds = metrics.histogram(seconds.short, seconds.help, seconds.buckets, {"receiver": _RECEIVERS})
        self._waiting = metrics.gauge(catalogue.ALERTS_WAITING.short, catalogue.ALERTS_WAITING.help)
        self._notes = metrics.counter(catalogue.ALERTS_NOTES.short, catalogue.ALERTS_NOTES.help, {"reason": Reason})

        of_severity: dict[str, Label] = {"severity": _WORDS}
        taken, resolved = catalogue.ALERTS_ACKNOWLEDGE_SECONDS, catalogue.ALERTS_RESOLVE_SECONDS
        self._taken = metrics.histogram(taken.short, taken.help, taken.buckets, of_severity)
        self._resolved = metrics.histogram(resolved.short, resolved.help, resolved.buckets, of_severity)
        answers, marks, told = catalogue.ALERTS_ANSWERS, catalogue.ALERTS_MARKS, catalogue.ALERTS_TOLD
        self._answers = metrics.counter(answers.short, answers.help, of_severity | {"answer": Answer})
        self._marks = metrics.counter(marks.short, marks.help, {"verdict": _WORDS})
        self._told = metrics.counter(told.short, told.help, {"schedule": _SCHEDULES})
        for severity in SEVERITIES:
            self._taken.labelled(severity=severity)
            self._resolved.labelled(severity=severity)
            for answer in Answer:
                self._answers.labelled(severity=severity, answer=answer)
        for verdict in get_args(Verdict):
            self._marks.labelled(verdict=verdict)

    def delivered(self, delivery: Delivery) -> None:
        """
        Count what became of a message.
        """
        self._deliveries.labelled(receiver=delivery.receiver, outcome=delivery.outcome).inc()
        if delivery.outcome == "delivered":
            self._seconds.labelled(receiver=delivery.receiver).observe(delivery.took_ms / 1000)

    def exposition(self) -> tuple[bytes, str]:
        """
        The text that Prometheus scrapes, and its content type.
        """
        desk = self._office.desk
        self._leads.labelled().set(desk is not None)
        there = (
            Counter((case.alert.state, case.alert.severity) for case in desk.state.cases.values())
            if desk
            else Counter()
        )
        for state in STATES:
            for severity in SEVERITIES:
                self._open.labelled(state=state, severity=severity).set(there[state, severity])
        for (after, grave), count in _drained(self._outputs.transitions_by_state):
            self._transitions.labelled(state=after, severity=grave).inc(count)
        for (receiver, reason), count in _drained(self._outputs.messages_by_reason):
            self._messages.labelled(receiver=receiver, reason=reason).inc(count)
        self._tell_deliveries(desk)
        for reason, count in _drained(self._office.noted):
            self._notes.labelled(reason=reason).inc(count)
        self._tell_answers(desk)
        return self._metrics.exposition()

    def _tell_deliveries(self, desk: Desk | None) -> None:
        self._waiting.labelled().set(self._delivering.waiting)
        self._lag.labelled().set(self._lagging.records)
        self._round.labelled().set(self._lagging.round_age_seconds)
        if desk is not None:
            # There before anything went wrong, or nobody could tell that it grew.
            for receiver in desk.book.receivers:
                for outcome in _OUTCOMES:
                    self._deliveries.labelled(receiver=receiver, outcome=outcome)
                for failure in Failure:
                    self._failures.labelled(receiver=receiver, reason=failure)
        for (receiver, reason), count in _drained(self._delivering.failures):
            self._failures.labelled(receiver=receiver, reason=reason).inc(count)

    def _tell_answers(self, desk: Desk | None) -> None:
        answers = self._outputs.answers
        for durations, family in ((answers.acknowledged, self._taken), (answers.resolved, self._resolved)):
            for severity, seconds in durations:
                family.labelled(severity=severity).observe(seconds)
            durations.clear()
        for (severity, answer), count in _drained(answers.answers):
            self._answers.labelled(severity=severity, answer=answer).inc(count)
        for verdict, count in _drained(self._office.marks):
            self._marks.labelled(verdict=verdict).inc(count)
        for schedule, count in told_by_schedule(dict(_drained(answers.told)), _on_call(desk)).items():
            self._told.labelled(schedule=schedule).inc(count)


def _drained(counted: Counter[_Counted]) -> list[tuple[_Counted, int]]:
    found = list(counted.items())
    counted.clear()
    return found


def _on_call(desk: Desk | None) -> dict[str, str | None]:
    """
    Who is on call now, by schedule.
    """
    if desk is None:
        return {}
    now, stands = desk.state.rest.now, desk.orders.stands
    return {name: on_call(one, now, stands.get(name, ())).person for name, one in desk.book.schedules.items()}
