"""
Retirement: the orderly end of a standard.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Contract, Instant, LongName, Slug, Text, to_millis


class RetirementMetadata(Contract):
    """
    Which standard ends, when, by whom and why.
    """

    id: Slug
    """Id of the standard; every version of it that was in force ends."""
    retired_at: Instant
    """Journeys that arrive from here on are not judged by it, and its clocks that still run end here."""
    owner: LongName
    """Who answers for it."""
    why: Annotated[Text, Field(description="Why the promise is no longer made.")]


class Retirement(Contract):
    """
    The end of a standard: its open clocks end with the reason ``standard_retired``, its violations are closed.

    The first publication stands. A version that takes effect later than the retirement puts the standard to work again.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Retirement"]
    """Which document it is."""
    metadata: RetirementMetadata
    """Which standard, when and why."""

    def meaning(self) -> str:
        """
        What it does: two that end a standard at the same instant mean the same.
        """
        return str(to_millis(self.metadata.retired_at))
