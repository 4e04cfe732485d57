"""
What of two standards can be laid side by side, and why the rest cannot.
"""

from schemas.standards import Standard
from services.cli.backtest.comparing import Verdict
from services.cli.backtest.proposals import Pair, Side

__all__ = ["judges_singles", "limits_of_reading", "tells_of_singles", "unheard_of", "why_no_changes"]


def judges_singles(standard: Standard) -> bool:
    """
    Whether one journey, answer or contact by itself keeps or breaks the standard.
    """
    if standard.rate is not None:
        return standard.rate.per == "customer"
    return tells_of_singles(standard)


def tells_of_singles(standard: Standard) -> bool:
    """
    Whether one by itself is a violation, of which somebody would be told; where not, its objective tells.
    """
    if standard.score is not None:
        return standard.score.minimum is not None
    return standard.rate is None


def why_no_changes(pair: Pair) -> str | None:
    """
    Say why the single verdicts of two sides are not each other's; None where they are, or nothing stands beside.
    """
    if pair.old is None:
        return None
    new, old = pair.new.latest, pair.old.latest
    if new.kind_of != old.kind_of:
        return f"a {new.kind_of} and a {old.kind_of} judge different things, so no verdict of one is one of the other's"
    if new.rate is not None and old.rate is not None and new.rate.per != old.rate.per:
        return f"per {new.rate.per} and per {old.rate.per} count different things, so none of one is one of the other's"
    return None


def unheard_of(standard: Standard) -> Verdict | None:
    """
    Say what it means that nothing was said of one; None: that it was not judged.
    """
    if standard.presence is not None:
        return Verdict.KEPT
    return Verdict.NOT_COUNTED if standard.rate is not None and standard.rate.per != "customer" else None


def limits_of_reading(pair: Pair) -> list[str]:
    """
    Say in sentences what the figures of a pair do not mean.
    """
    said = []
    why = why_no_changes(pair)
    if why is not None:
        said.append(f"verdicts are not compared: {why}")
    if pair.old is not None and _metric(pair.old) != _metric(pair.new):
        said.append(f"the figures are not of one metric: old {_metric(pair.old)}, new {_metric(pair.new)}")
    kind = pair.new.latest
    if kind.presence is not None:
        said.append(
            "presence has no figure, only silences; whoever was not silent on one side counts as kept there,"
            " covered by it or not"
        )
    elif not judges_singles(kind):
        single = "an answer or a checklist" if kind.score else "what a rate counts"
        because = " without a minimum" if kind.score else ""
        said.append(f"{single}{because} is neither kept nor broken by itself")
    if kind.presence is None and not tells_of_singles(kind):
        said.append("violations and alerts are of the objective: each time that it was missed in a window and scope")
    return said


def _metric(side: Side) -> str:
    return "none" if side.latest.presence is not None else side.latest.objective.metric
