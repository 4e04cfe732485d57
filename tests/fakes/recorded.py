"""
Rows that history answers with when it is asked for figures, and agreed outages as it holds them.
"""

from typing import Any

from domain.recorded import RECORDED
from schemas.exclusions import Exclusion
from schemas.standards import PUBLISHED


def summed(aim: str = "sl_all_offered", /, **said: object) -> dict[str, Any]:
    """
    A row of sums of the standard `wait`: summed fields and keys by their names, other sums are 0.
    """
    sums = {f"n_{name}": said.pop(name, 0) for name in RECORDED}
    return {"standard": "wait", "version": 1, "aim": aim, **said, **sums}


def agreement(begin: str, until: str, ident: str = "power-cut", **applies_to: list[str]) -> dict[str, Any]:
    """
    The publication of an agreed outage that was entered much later.
    """
    metadata = {
        "id": ident, "reason": "No electricity.", "author": "m.berzina", "approved_by": "council",
        "entered_at": "2027-01-02T10:00:00+02:00",
    }  # fmt: skip
    document = {
        "apiVersion": "sqm/v1", "kind": "Exclusion", "metadata": metadata, "applies_to": applies_to, "from": begin,
        "until": until,
    }  # fmt: skip
    return {"document": document, "published_at": 1_800_000_000_000, "published_by": "me"}


def exclusion(begin: str, until: str, ident: str = "power-cut", **applies_to: list[str]) -> Exclusion:
    """
    The same, read.
    """
    read = PUBLISHED.validate_python(agreement(begin, until, ident, **applies_to)).document
    assert isinstance(read, Exclusion)
    return read
