"""
Asks history for the transitions of alerts that ran at any time within a span.
"""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["TRANSITIONS_SQL", "transition_of"]

_FIELDS: Final = "id, key, seq, state, reason, severity, rule, labels, version, open, seen"
_NUMBERS: Final = ("seq", "version", "open", "seen")
_INSTANTS: Final = ("at", "begun_at")

TRANSITIONS_SQL: Final = (
    f"SELECT {_FIELDS}, {', '.join(f'toUnixTimestamp64Milli({name}) AS {name}_ms' for name in _INSTANTS)} "  # noqa: S608  (of constants; values are parameters)
    "FROM standing_alerts WHERE at <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC') AND id IN ("
    "SELECT id FROM standing_alerts WHERE at <= fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC') GROUP BY id "
    "HAVING max(at) >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') "
    "OR argMax(state, seq) NOT IN ('resolved', 'retracted')) ORDER BY key, seq"
)
"""Every transition up to `until_ms` of those that were not over at `from_ms`."""


def transition_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """
    A row as the alert's contract has it; `labels` stays the JSON that it is.
    """
    numbers = {name: int(row[name]) for name in _NUMBERS}
    instants = {name: int(row[f"{name}_ms"]) for name in _INSTANTS}
    return {name: row[name] for name in _FIELDS.split(", ")} | numbers | instants
