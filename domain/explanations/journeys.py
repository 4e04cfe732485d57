"""
What every explanation says about a journey: who it was, what happened, and by how much a value missed the limit.
"""

from typing import Final

from domain.explanations.statements import FACTS, Argument, Choice, Count, Length, Statement, Verbatim, event_key, say
from schemas.events import PREFIX
from schemas.outcomes import Verdict
from schemas.standards import Standard

_SERVED: Final = frozenset({"service.completed", "complaint.resolved", "complaint.responded"})


def whose(verdict: Verdict) -> dict[str, Argument]:
    """
    Name the journey and its site, as every headline does.
    """
    return {"journey": Verbatim(verdict.journey), "site": Verbatim(verdict.site)}


def about(verdict: Verdict, kind: str) -> tuple[Statement, ...]:
    """
    Say whom a verdict is about: the journey first, then every fact that is known. Only a clock starts again; the turn
    of any other kind is a number that tells events apart.
    """
    facts = [(fact, getattr(verdict, fact)) for fact in FACTS]
    return (
        say("about-journey", **whose(verdict)),
        *(say(f"about-{fact}", value=Verbatim(value)) for fact, value in facts if value is not None),
        *((say("about-reopened", times=Count(verdict.cycle)),) if verdict.cycle else ()),
        *((say("about-restarted", times=Count(verdict.turn)),) if verdict.turn and kind == "clock" else ()),
    )


def happened(full_type: str) -> Statement:
    """
    Say what a type of event means to the customer.
    """
    key = event_key(full_type)
    return say(key, type=Verbatim(full_type.removeprefix(PREFIX))) if key == "event-other" else say(key)


def margin(value_ms: int, limit_ms: int) -> Statement:
    """
    Say by how much a value passed its limit, or what was to spare.
    """
    over = value_ms - limit_ms
    if over > 0:
        return say("margin-over", by=Length(over))
    return say("margin-spare", by=Length(-over)) if over else say("margin-none")


def measure(standard: Standard | None) -> Choice:
    """
    Say what a clock measures: customers wait while nobody has begun with them; everything else takes its time.
    """
    if standard is None or standard.clock is None:
        return Choice("took")
    begins = {condition.event.removeprefix(PREFIX) for condition in standard.clock.start}
    ends = {condition.event.removeprefix(PREFIX) for condition in standard.clock.stop}
    return Choice("waited" if "journey.arrived" in begins and not ends & _SERVED else "took")


def side(value_ms: int, limit_ms: int) -> Choice:
    """
    Say on which side of the limit a value lies; exactly on it is within.
    """
    return Choice("within" if value_ms <= limit_ms else "beyond")


__all__ = ["about", "happened", "margin", "measure", "side", "whose"]
