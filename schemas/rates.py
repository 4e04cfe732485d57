"""
Rates: how many of how many, as complaints for every 1,000 visits, or contacts that settled what they were about.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import Contract, PositiveDuration, misfit
from schemas.conditions import Conditions, SomeConditions


class Rate(Contract):
    """
    Events that are counted, and the events that they are counted of.

    ``per`` says what one of the total is. Per ``event`` every event stands for itself. Per ``journey`` a cycle of a
    journey that has any event of ``of`` is one, and it is counted where any event of ``count`` belongs to it. Per
    ``customer`` each event of ``of`` is one contact, and it is good unless one of ``unless`` follows by the same
    customer at the same site ``within`` a time; until that has passed it is provisional and not in the figure.
    """

    count: Conditions = ()
    """Events that are counted, like a complaint or a hand-over."""
    of: SomeConditions
    """Events that they are counted of, like a visit."""
    per: Literal["event", "journey", "customer"] = "event"
    """What one of the total is."""
    unless: Conditions = ()
    """Per customer: events that show that the contact before did not settle it."""
    within: Annotated[PositiveDuration | None, Field(description="Per customer: how long nothing may follow.")] = None

    @model_validator(mode="after")
    def _fits(self) -> "Rate":
        if self.per == "customer":
            if self.count:
                raise misfit("Rate", "count", len(self.count), "per customer says unless and within, not count")
            if not self.unless or self.within is None:
                raise misfit("Rate", "within", str(self.within), "per customer says unless and within")
        else:
            if not self.count:
                raise misfit("Rate", "count", 0, "needs the events that are counted")
            if self.unless or self.within is not None:
                raise misfit("Rate", "unless", len(self.unless), "unless and within are for a rate per customer")
        return self


__all__ = ["Rate"]
