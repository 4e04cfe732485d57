"""
Values and colours as a reader of a panel sees them: in the panel's unit, rounded, or in words.
"""

from collections.abc import Mapping
from typing import Any

from domain.moments import spoken_duration

__all__ = ["COLOURS", "colour_of", "field_config", "shown"]

COLOURS: Mapping[str, str] = {
    "green": "#3f9142", "light-green": "#73bf69", "dark-green": "#1f6f3a", "red": "#d13b4c", "dark-red": "#a81f2d",
    "orange": "#e08a1e", "yellow": "#e0b400", "blue": "#2f6fde", "light-blue": "#8ab8ff", "purple": "#8f3bb8",
    "gray": "#8e8e96", "text": "#24292e",
}  # fmt: skip
"""Grafana's names of colours, as they look on white."""

_DURATIONS = {"ms": 1, "s": 1_000, "dtdurationms": 1, "dtdurations": 1_000}
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")


def field_config(panel: Mapping[str, Any], field: str) -> dict[str, Any]:
    """
    How a field is shown: what holds of all fields, and over it what holds of this one.
    """
    config = panel.get("fieldConfig", {})
    found = dict(config.get("defaults", {}))
    for override in config.get("overrides", ()):
        if override["matcher"]["options"] in {field, "/.*/"}:
            found |= {one["id"]: one["value"] for one in override["properties"]}
    return found


def shown(value: object, config: Mapping[str, Any]) -> str:
    """
    A value in words.
    """
    if value is None or value == "":
        return str(config.get("noValue", ""))
    if isinstance(value, str | bool):
        return str(value)[:16] if str(config.get("unit", "")).startswith("dateTime") else str(value)
    if not isinstance(value, int | float):
        return str(value)
    unit, decimals = config.get("unit", "none"), config.get("decimals")
    if unit in {"percentunit", "percent"}:
        return f"{value * (100 if unit == 'percentunit' else 1):,.{1 if decimals is None else decimals}f} %"
    if unit in _DURATIONS:
        return spoken_duration(round(value * _DURATIONS[unit]))
    if unit == "bytes":
        step = 0
        while abs(value) >= 1_024 and step < len(_BYTES) - 1:
            value, step = value / 1_024, step + 1
        return f"{value:,.1f} {_BYTES[step]}"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 2
    return f"{value:,.{decimals}f}".replace("-", "−")


def colour_of(value: object, config: Mapping[str, Any]) -> str | None:
    """
    The colour that a value has by its word or by the steps of its field, none at all by the first of them; None where
    neither says.
    """
    for mapping in config.get("mappings", ()):
        if (found := mapping["options"].get(str(value))) is not None:
            return COLOURS[found["color"]]
    steps = config.get("thresholds", {}).get("steps", ())
    if isinstance(value, str) or not steps:
        return None
    passed = [step for step in steps if step.get("value") is None or (value is not None and value >= step["value"])]
    return COLOURS.get(passed[-1]["color"])
