"""
What people do about alerts: most answer the first message after some minutes, some leave it to the next one, and
afterwards a few say what they thought of it and what they found.
"""

from collections.abc import Iterator
from random import Random
from typing import Final, Protocol

from schemas.alert_commands import AlertCommand, Verdict
from schemas.base import MINUTE_MS
from services.cli.season.planted import Planted

__all__ = ["People"]

_ANSWERS: Final = {"shift-lead": 0.85, "deputy": 0.72, "area-manager": 0.95}
_USUALLY_MS: Final = {"shift-lead": 4 * MINUTE_MS, "deputy": 6 * MINUTE_MS, "area-manager": 9 * MINUTE_MS}
_JUDGES: Final = 0.3
_VERDICTS: Final[tuple[Verdict, ...]] = ("useful", "not_actionable", "false", "too_late")
_WEIGHTS: Final = (74, 13, 6, 7)
_OF_WRONG_CLOCK: Final = (8, 12, 78, 2)
_FINDS: Final = 0.06
_FOUND: Final = (
    "Root cause: two were ill and nobody was called in. Done: a third name on the list of stand-ins.",
    "Root cause: a coach arrived at once. Done: the driver will telephone ahead.",
    "Root cause: the printer for forms stood still. Done: a second one is on order.",
    "Root cause: lunch breaks began together. Done: they are staggered from now on.",
)


class Told(Protocol):
    """
    An alert as a message or a transition tells it.
    """

    @property
    def id(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def labels(self) -> dict[str, str]: ...


class People:
    """
    Hears what people hear, and yields what they will do; fixed by a seed.
    """

    def __init__(self, seed: int, planted: Planted) -> None:
        self._seed = seed
        self._planted = planted
        self._answered: set[str] = set()
        self._owners: dict[str, str] = {}

    def hear(self, at: int, person: str, step: int, alerts: tuple[Told, ...]) -> Iterator[AlertCommand]:
        """
        A message to a person: whether and when the alerts in it that fire are acknowledged.
        """
        for alert in alerts:
            if alert.state != "firing" or alert.id in self._answered:
                continue
            chance = self._chance(f"{alert.id}/{person}/{step}")
            if chance.random() < _ANSWERS[person]:
                self._answered.add(alert.id)
                self._owners[alert.id] = person
                after_ms = max(20_000, round(_USUALLY_MS[person] * chance.lognormvariate(0.0, 0.7)))
                yield AlertCommand(
                    id=f"{alert.id}/acknowledge", at=at + after_ms, by=person, action="acknowledge", alert=alert.key
                )

    def see_over(self, at: int, alert: Told) -> Iterator[AlertCommand]:
        """
        An alert is over: what whoever had it says of it later.
        """
        self._answered.discard(alert.id)
        owner = self._owners.pop(alert.id, None)
        if owner is None:
            return
        chance = self._chance(f"{alert.id}/afterwards")
        if chance.random() < _FINDS:
            yield AlertCommand(
                id=f"{alert.id}/comment", at=at + chance.randint(10 * MINUTE_MS, 90 * MINUTE_MS), by=owner,
                action="comment", alert=alert.key, note=chance.choice(_FOUND),
            )  # fmt: skip
        if chance.random() < _JUDGES:
            wrong = alert.labels.get("site") == self._planted.wrong_clock.site
            verdict = chance.choices(_VERDICTS, _OF_WRONG_CLOCK if wrong else _WEIGHTS)[0]
            yield AlertCommand(
                id=f"{alert.id}/feedback", at=at + chance.randint(5 * MINUTE_MS, 45 * MINUTE_MS), by=owner,
                action="feedback", alert=alert.key, verdict=verdict,
            )  # fmt: skip

    def _chance(self, name: str) -> Random:
        return Random(f"{self._seed}/{name}")  # noqa: S311  (a play, no secrets)
