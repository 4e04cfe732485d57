"""
Compares what scopes stand at with what a scenario expects.
"""

from typing import Any

from domain.standings import Standing
from services.cli.scenarios.model import Stood
from services.cli.scenarios.playing import Played, instant_of, told_instant

__all__ = ["standing_differences"]


def standing_differences(played: Played, wanted: Stood) -> list[str]:
    """
    Tell what is not as expected of one scope and window; nothing, if all is well.
    """
    begin = None if wanted.begin is None else instant_of(played.scenario, wanted.begin)
    named = [
        one
        for one in played.standings()
        if (one.scope, one.window) == (wanted.scope, wanted.window)
        and wanted.standard in {None, one.standard}
        and wanted.version in {None, one.version}
        and begin in {None, one.begin}
    ]
    name = f"{wanted.scope} over {wanted.window}"
    if len(named) != 1:
        known = ", ".join(f"{one.scope} over {one.window} from {told_instant(one.begin)}" for one in played.standings())
        return [f"expected one standing of {name}, got {len(named)}; there are {known or 'none'}"]
    shown = _shown(named[0])
    asked = {field: value for field in shown if (value := getattr(wanted, field)) is not None}
    return [
        f"expected {field} of {name} to be {_word(value)}, got {_word(shown[field])}"
        for field, value in asked.items()
        if value != shown[field]
    ]


def _shown(one: Standing) -> dict[str, Any]:
    return {
        "figure": _figure(one.good, one.total),
        "with_excluded": _figure(one.all_good, one.all_total),
        "percentile": one.percentile_ms,
        "percentile_with_excluded": one.all_percentile_ms,
        "finding": one.finding.value,
        "partly": one.partly,
        "left": {line.budget.basis.value: line.budget.left_whole for line in one.budgets},
        "formula": one.budgets[0].formula_of(one.aim.metric) if one.budgets else None,
    }


def _figure(good: int, total: int) -> str:
    return f"{good}/{total}" if total else "none"


def _word(value: object) -> str:
    return ", ".join(f"{name} {number}" for name, number in value.items()) if isinstance(value, dict) else str(value)
