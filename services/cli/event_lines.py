"""
An event in one line, for people who try a mapping or a connector.
"""

from typing import Any

__all__ = ["event_line"]


def event_line(told: dict[str, Any]) -> str:
    """
    Write a CloudEvent: when, what, of whom, and its facts.
    """
    facts = " ".join(f"{name}={value}" for name, value in told["data"].items())
    return f"  ⇒ {told['time']} {told['type']} of {told['subject']}: {facts}\n"
