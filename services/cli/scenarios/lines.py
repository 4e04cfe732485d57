"""
Compares how lines are at a moment with what a scenario expects.
"""

from typing import Any

from domain.catalogue import LIVE
from domain.expected_waits import ExpectedWait
from domain.forecasts import LevelForecast, forecast_levels
from services.cli.scenarios.model import Waited
from services.cli.scenarios.playing import Played
from services.sla.engine import Live, live

__all__ = ["line_differences"]


def line_differences(played: Played, wanted: Waited) -> list[str]:
    """
    Tell what is not as expected of one line; nothing, if all is well.
    """
    state = played.state
    lines = [line for site in live(state, played.book, state.watermark) for line in site.lines]
    about = (wanted.standard, wanted.site, wanted.queue)
    found = next((line for line in lines if (line.standard, line.site, line.queue) == about), None)
    name = f"the line of {_name(*about)}"
    if found is None:
        known = ", ".join(_name(line.standard, line.site, line.queue) for line in lines)
        return [f"expected {name}, got none; there are {known or 'none'}"]
    shown = _shown(found)
    return [
        f"expected {field} of {name} to be {_word(field, value)}, got {_word(field, shown[field])}"
        for field in shown
        if (value := getattr(wanted, field)) is not None and value != shown[field]
    ]


def _name(standard: str, site: str, queue: str | None) -> str:
    return f"{standard} at {site}" + (f" {queue}" if queue else "")


def _shown(line: Live) -> dict[str, Any]:
    good, total = LIVE["sl_live"].pair(line.counts)
    by_c, by_a = forecast_levels(line.load)
    return {
        "waiting": line.counts.waiting,
        "beyond": line.counts.waiting_beyond,
        "oldest": line.counts.oldest_waiting_ms,
        "service_level": f"{good}/{total}" if total else "none",
        "agents": line.load.agents,
        "by_position": _wait(line.by_position),
        "by_last_answered": _wait(line.by_last_answered),
        "erlang_c": _level(by_c),
        "erlang_a": _level(by_a),
    }


def _word(field: str, value: object) -> str:
    return f"{value / 1_000:g}s" if field == "oldest" and isinstance(value, int) else str(value)


def _wait(wait: ExpectedWait) -> str:
    return f"{wait.missing}" if wait.wait_ms is None else f"{wait.wait_ms / 1_000:g}s"


def _level(forecast: LevelForecast) -> str:
    return f"{forecast.missing}" if forecast.level is None else f"{forecast.level:.2%}"
