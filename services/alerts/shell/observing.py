"""
Tells Prometheus what there is of alerts and messages, in the names of `schemas.metrics`.
"""

from collections import Counter
from typing import Final

from schemas import metrics as catalogue
from schemas.alert_labels import SEVERITIES
from schemas.metrics import Metric
from services.alerts.engine import Reason
from services.alerts.shell.delivering import Delivering
from services.alerts.shell.office import Office
from services.alerts.shell.outputs import Outputs
from services.runtime.metrics import Label, Metrics, UpTo

__all__ = ["Observing"]

STATES: Final = ("pending", "firing", "acknowledged")
_RECEIVERS: Final = UpTo(200)
_WORDS: Final = UpTo(50)


def _short(metric: Metric) -> str:
    return metric.name.removeprefix("sqm_alerts_").removesuffix("_total")


class Observing:
    """
    Looks at the others when Prometheus asks.
    """

    def __init__(self, metrics: Metrics, *, office: Office, outputs: Outputs, delivering: Delivering) -> None:
        self._metrics = metrics
        self._office = office
        self._outputs = outputs
        self._delivering = delivering
        self._leads = metrics.gauge(_short(catalogue.ALERTS_LEADS), catalogue.ALERTS_LEADS.help)
        self._open = metrics.gauge(
            _short(catalogue.ALERTS_OPEN), catalogue.ALERTS_OPEN.help, {"state": _WORDS, "severity": _WORDS}
        )
        of_state: dict[str, Label] = {"state": _WORDS, "severity": _WORDS}
        transitions, messages = catalogue.ALERTS_TRANSITIONS, catalogue.ALERTS_MESSAGES
        self._transitions = metrics.counter(_short(transitions), transitions.help, of_state)
        of_receiver: dict[str, Label] = {"receiver": _RECEIVERS, "reason": _WORDS}
        self._messages = metrics.counter(_short(messages), messages.help, of_receiver)
        self._deliveries = metrics.counter(
            _short(catalogue.ALERTS_DELIVERIES), catalogue.ALERTS_DELIVERIES.help,
            {"receiver": _RECEIVERS, "outcome": _WORDS},
        )  # fmt: skip
        seconds = catalogue.ALERTS_DELIVERY_SECONDS
        self._seconds = metrics.histogram(_short(seconds), seconds.help, seconds.buckets, {"receiver": _RECEIVERS})
        self._waiting = metrics.gauge(_short(catalogue.ALERTS_WAITING), catalogue.ALERTS_WAITING.help)
        self._notes = metrics.counter(_short(catalogue.ALERTS_NOTES), catalogue.ALERTS_NOTES.help, {"reason": Reason})

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
        outcomes, self._delivering.outcomes = self._delivering.outcomes, []
        for one in outcomes:
            self._deliveries.labelled(receiver=one.receiver, outcome=one.outcome).inc()
            if one.outcome == "delivered":
                self._seconds.labelled(receiver=one.receiver).observe(one.took_ms / 1000)
        self._waiting.labelled().set(self._delivering.waiting)
        notes, self._office.notes = self._office.notes, []
        for note in notes:
            self._notes.labelled(reason=note.reason).inc()
        return self._metrics.exposition()


def _drained(counted: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    found = list(counted.items())
    counted.clear()
    return found
