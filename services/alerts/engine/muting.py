"""
What a silence would mute: shown before it is given, so that nobody silences more than they mean.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from schemas.alert_routes import Silence
from services.alerts.engine.labels import Fits
from services.alerts.engine.outcomes import Alert

__all__ = ["Muted", "would_mute"]

_FIRING: Final = {"firing", "acknowledged"}


class Muted(NamedTuple):
    """
    The alerts that fit a silence: those that fire now, and those of the time before that do so no more.
    """

    now: tuple[Alert, ...]
    before: tuple[Alert, ...]


def would_mute(silence: Silence, alerts: Iterable[Alert], begin: int, now: int) -> Muted:
    """
    Say which alerts a silence would mute: of those firing now, and of those that fired at any time since `begin`.

    `alerts` are transitions in any order, also several times. Asks the labels only, whenever the silence holds. Each
    episode is told once, as it was when it last fired, in the order in which they began.
    """
    fits = Fits(silence.match)
    episodes: dict[str, list[Alert]] = {}
    for one in sorted({(one.id, one.seq): one for one in alerts if one.at <= now}.values(), key=lambda one: one.seq):
        episodes.setdefault(one.id, []).append(one)
    current: list[Alert] = []
    before: list[Alert] = []
    for states in episodes.values():
        lasted = zip(states, [*(following.at for following in states[1:]), None], strict=True)
        fired = [
            (one, until)
            for one, until in lasted
            if one.state in _FIRING and fits(one.labels) and (until is None or until > begin)
        ]
        if fired:
            last, until = fired[-1]
            (current if until is None else before).append(last)
    return Muted(_in_order(current), _in_order(before))


def _in_order(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    return tuple(sorted(alerts, key=lambda one: (one.begun_at, one.id)))
