"""
Exclusions: agreed outages, whose journeys are left out of objectives, and shown beside the figure that they change.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import Contract, Instant, LongName, Slug, Text, misfit
from schemas.conditions import Globs


class ExclusionMetadata(Contract):
    """
    Which agreement this is, why it was made, by whom and when.
    """

    id: Slug
    """Id of the agreement."""
    reason: Text
    """Why these journeys say nothing about the service."""
    author: LongName
    """Who entered it."""
    approved_by: LongName | None = None
    """Who agreed to it."""
    entered_at: Instant
    """When it was entered; afterwards is allowed, and seen."""


class ExcludedScope(Contract):
    """
    Whom it is about; what is not said is not asked. All that is said must fit.
    """

    standard: Globs | None = None
    """Ids of standards."""
    site: Globs | None = None
    """Ids of sites."""
    queue: Globs | None = None
    """Queues."""
    region: Globs | None = None
    """Paths of regions, as the register of sites has them."""


class Exclusion(Contract):
    """
    A stretch of time whose journeys are left out of objectives: an agreed outage, planned or entered afterwards.

    Journeys are judged one by one as ever. What the figures of objectives are with them is shown beside.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Exclusion"]
    """Which document it is."""
    metadata: ExclusionMetadata
    """Which agreement, why, by whom and when."""
    applies_to: ExcludedScope = ExcludedScope()
    """Whom it is about; absent: everybody."""
    begin: Annotated[Instant, Field(alias="from")]
    """Journeys that arrive from here on are left out."""
    until: Instant
    """Journeys that arrive from here on are not."""

    @model_validator(mode="after")
    def _ordered(self) -> "Exclusion":
        if self.until <= self.begin:
            raise misfit("Exclusion", "until", self.until.isoformat(), "must be later than from")
        return self


__all__ = ["ExcludedScope", "Exclusion", "ExclusionMetadata"]
