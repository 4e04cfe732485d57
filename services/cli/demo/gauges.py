"""
Reads the figures that services show to Prometheus, for those of the demo's that no topic carries.
"""

import re
from collections import defaultdict
from typing import Final

__all__ = ["largest", "samples", "summed"]

_SAMPLE: Final = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? ([-+.0-9eE]+)$")


def samples(exposition: str) -> dict[str, list[float]]:
    """
    Read an exposition in text: the values of each metric over all its labels.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for line in exposition.splitlines():
        match = _SAMPLE.match(line)
        if match is not None:
            found[match[1]].append(float(match[3]))
    return found


def summed(found: dict[str, list[float]], name: str) -> int:
    return round(sum(found.get(name, ())))


def largest(found: dict[str, list[float]], name: str) -> int:
    return round(max(found.get(name, ()), default=0))
