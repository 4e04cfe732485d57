"""
Which columns of a mapping name people: those of which a customer's or an employee's identity is made.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from typing import Final, NamedTuple

from schemas.connectors import IDENTITIES
from schemas.mappings import Constant, EventRule, Fact, Formula, Moment

__all__ = ["NOBODY", "People", "people_of"]

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


class People(NamedTuple):
    """
    What the facts of events say of columns.
    """

    named: Dict[str, str]
    """Columns that are an identity as they stand, each with whose it is (customer, employee)."""
    part_of: Dict[str, str]
    """Columns that an identity is worked out of, each with the fact that is."""


NOBODY: Final = People({}, {})


def people_of(events: Iterable[EventRule], values: Dict[str, Formula]) -> People:
    """
    Look through the facts of some events; `values` are worked out of columns.
    """
    named: dict[str, str] = {}
    part_of: dict[str, str] = {}
    for rule in events:
        for fact, source in rule.data.items():
            if fact not in IDENTITIES:
                continue
            if isinstance(source, str) and _NAME.fullmatch(source) and source not in values:
                named.setdefault(source, IDENTITIES[fact])
            else:
                part_of |= dict.fromkeys(_mentioned(source, values), fact)
    return People(named, {name: fact for name, fact in part_of.items() if name not in named})


def _mentioned(source: Fact | Formula, values: Dict[str, Formula]) -> set[str]:
    """
    Every name in an expression, and those in the values that it mentions.
    """
    found: set[str] = set()
    asked = _names(source)
    while new := asked - found:
        found |= new
        asked = {name for value in new & values.keys() for name in _names(values[value])}
    return found


def _names(source: Fact | Formula) -> set[str]:
    if isinstance(source, Constant):
        return set()
    if isinstance(source, Moment):
        return {*source.first_of, *source.plus}
    return set(_NAME.findall(_QUOTED.sub("", source)))
