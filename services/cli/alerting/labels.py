"""
Labels of alerts as options of commands say them.
"""

from schemas.alert_labels import LABELS
from services.runtime.errors import Misconfigured

__all__ = ["read_label"]


def read_label(text: str, option: str) -> tuple[str, str]:
    """
    Read `NAME=VALUE`. Raises Misconfigured for what is none, or no label.
    """
    name, _, value = text.partition("=")
    if name not in LABELS or not value:
        raise Misconfigured(f"{option} {text[:80]!r}: write NAME=VALUE; names are {', '.join(LABELS)}")
    return name, value
