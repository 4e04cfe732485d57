"""
Corrective actions: what was done about a standard that was not kept, or about a complaint, and whether it worked.

The fields are those that ISO 9001:2015, 10.2, wants kept: how it was reacted to, the cause and similar cases, the
action, the review of its effect, and what changed in risks and rules because of it.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import Contract, Instant, LongName, Slug, Text, misfit, to_millis
from schemas.conditions import Globs
from schemas.outcomes import OutcomeId


class ActionMetadata(Contract):
    """
    Which action this is, who answers for it, and by when it is to be done.
    """

    id: Slug
    """Id of the action."""
    title: LongName
    """What it is called."""
    owner: LongName
    """Who answers for it."""
    due: Instant
    """By when it is to be taken."""


class ActionScope(Contract):
    """
    What it is about; what is not said is not narrowed. One of standard, violations and complaints is needed.
    """

    standard: Slug | None = None
    """Id of the standard that was not kept."""
    site: Globs | None = None
    """Ids of the sites where it is taken; absent: everywhere."""
    queue: Globs | None = None
    """Queues in which it is taken; absent: all."""
    violations: Annotated[tuple[OutcomeId, ...], Field(max_length=100, strict=False)] = ()
    """Ids of violations that made it necessary."""
    complaints: Annotated[tuple[LongName, ...], Field(max_length=100, strict=False)] = ()
    """Journeys of complaints that made it necessary."""

    @model_validator(mode="after")
    def _about_something(self) -> "ActionScope":
        if self.standard is None and not self.violations and not self.complaints:
            raise misfit("ActionScope", "standard", None, "needs a standard, violations or complaints")
        return self


class ReviewResult(Contract):
    """
    What a review found.
    """

    at: Instant
    """When it was done."""
    by: LongName
    """Who did it."""
    worked: bool
    """Whether the action worked."""
    why: Text
    """What shows that."""


class Review(Contract):
    """
    Whether the action worked: when that is to be asked, and what was found.
    """

    planned_at: Instant
    """When it is to be asked."""
    done: ReviewResult | None = None
    """What was found; absent: not asked yet."""


class CorrectiveAction(Contract):
    """
    What is done about a standard that was not kept, or about a complaint. Published again it is revised.

    The last words hold. No verdict and no figure changes by it; it is kept, and marked on charts.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["CorrectiveAction"]
    """Which document it is."""
    metadata: ActionMetadata
    """Which action, whose, and by when."""
    applies_to: ActionScope
    """What it is about, and where it is taken."""
    contained: Text | None = None
    """What was done at once, so that customers suffered no longer."""
    root_cause: Text | None = None
    """Why it happened; known before the action is taken."""
    similar_cases: Text | None = None
    """Whether the same happens, or could happen, elsewhere; looked into before the action is taken."""
    action: Text
    """What is done so that it does not happen again."""
    taken_at: Instant | None = None
    """Since when it is in effect; absent: not yet."""
    review: Review
    """Whether it worked."""
    risks: Text | None = None
    """What it changes in what may go wrong."""
    rules_changed: Text | None = None
    """What was changed in standards, instructions or training because of it."""

    @model_validator(mode="after")
    def _in_order(self) -> "CorrectiveAction":
        model, done = "CorrectiveAction", self.review.done
        if self.taken_at is None:
            if done is not None:
                raise misfit(model, "taken_at", None, "is needed: what was not done cannot be reviewed")
            return self
        for field in ("root_cause", "similar_cases"):
            if getattr(self, field) is None:
                raise misfit(model, field, None, "is needed once the action was taken")
        taken_at = to_millis(self.taken_at)
        if to_millis(self.review.planned_at) <= taken_at:
            said = self.review.planned_at.isoformat()
            raise misfit(model, ("review", "planned_at"), said, "must be later than taken_at")
        if done is not None and to_millis(done.at) <= taken_at:
            raise misfit(model, ("review", "done", "at"), done.at.isoformat(), "must be later than taken_at")
        return self


__all__ = ["ActionMetadata", "ActionScope", "CorrectiveAction", "Review", "ReviewResult"]
