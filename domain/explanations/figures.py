"""
What all kinds have in common: where one of them is counted, how that figure is made, and why one is in no figure.
"""

from typing import Any

from domain.explanations.statements import Statement, Verbatim, say
from domain.metrics import Metric


def counted(metric: Metric[Any], *, good: bool) -> Statement:
    """
    Say in which parts of a metric something is counted that is in its total.
    """
    return say("counted-both" if good else "counted-below", metric=Verbatim(metric.name))


def left_out(metric: Metric[Any]) -> Statement:
    """
    Say that something is in no part of a metric.
    """
    return say("counted-left-out", metric=Verbatim(metric.name))


def formula_of(metric: Metric[Any]) -> Statement:
    """
    Say how a metric is made.
    """
    return say("metric-formula", metric=Verbatim(metric.name), formula=Verbatim(metric.formula))


def unfinished(ended_by: str) -> Statement:
    """
    Say why what did not come to its own end is in no figure.
    """
    return say(f"unfinished-{ended_by}")


__all__ = ["counted", "formula_of", "left_out", "unfinished"]
