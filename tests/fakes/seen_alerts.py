"""
Alerts, messages about them and their arrivals as the demo sees them.
"""

import msgspec

from schemas.alert_labels import Severity
from schemas.topics import ALERT_COMMANDS, ALERTS, DELIVERIES, NOTIFICATIONS
from services.alerts.shell.config_file import read_alerting
from services.cli.demo.alert_scene import AlertScene, Arrival, SeenAlert, SeenMessage, SeenTold
from services.cli.demo.line import alerting_file

T0 = 1_790_000_040_000
LINE = "queue:centre/everyday"


def alert(
    seq: int = 1, state: str = "firing", *, standard: str = "call-answer", scope: str = LINE, kind: str = "journey",
    after: int = 0, severity: Severity = "ticket", reason: str = "violated", owner: str | None = None,
    flapping: bool = False,
) -> SeenAlert:  # fmt: skip
    """
    A transition `after` milliseconds.
    """
    key = f"{standard}|{scope}"
    fired = None if state == "pending" or reason == "recovered_early" else T0
    labels = {"standard": standard, "scope": scope, "kind": kind}
    return SeenAlert(
        f"{key}#{T0}", key, seq, T0 + after, state, reason, severity, labels, T0, 2, fired, None, owner, flapping
    )


def message(*alerts: SeenAlert, reason: str = "new", person: str | None = None, after: int = 0) -> SeenMessage:
    """
    A message about alerts: to the board, or to a person's phone.
    """
    told = [SeenTold(one.id, one.seq, one.state) for one in alerts]
    receiver = "board" if person is None else "phone"
    name = f"{receiver}-{person}-{reason}-{after}-{told}"
    return SeenMessage(name, T0 + after, reason, receiver, told, person)


def arrival(said: SeenMessage, *, took: int = 120, genuine: bool = True) -> Arrival:
    return Arrival(said.at + took, genuine, said)


def scene_of(*said: SeenAlert | Arrival) -> AlertScene:
    """
    A scene to which all of it happened in this order; messages were decided, arrived and were recorded as delivered.
    """
    scene = AlertScene(read_alerting(alerting_file())[0])
    for one in said:
        if isinstance(one, SeenAlert):
            scene.take(ALERTS.name, msgspec.json.encode(one))
        else:
            scene.take(NOTIFICATIONS.name, msgspec.json.encode(one.message))
            scene.arrive(one)
            delivery = {"notification": one.message.id, "outcome": "delivered"}
            scene.take(DELIVERIES.name, msgspec.json.encode(delivery))
    return scene


def commanded(scene: AlertScene, name: str) -> None:
    scene.take(ALERT_COMMANDS.name, msgspec.json.encode({"id": name}))
