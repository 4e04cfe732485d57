"""
The register of sites and sources: what is known of the places that serve people and of the systems that report.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from schemas.base import Contract, Duration, Labels, LongName, SiteId, Slug, SourceUri, Zone

REGION: Final = r"^[^/\x00-\x1f]+(/[^/\x00-\x1f]+)*$"


class SiteMetadata(Contract):
    """
    Which site this is, where it lies and which clock hangs on its wall.
    """

    id: SiteId
    """Id of the site, as events carry it."""
    title: LongName
    """Name of the site for people."""
    region: Annotated[str, Field(max_length=256, pattern=REGION)] | None = None
    """Where it belongs, from wide to narrow, like `north/city/harbour`."""
    zone: Zone = "UTC"
    """IANA time zone of its clocks."""
    calendar: Slug | None = None
    """Id of the calendar that says when it is open, meant in its own time zone."""
    labels: Labels = Field(default_factory=dict)
    """Free words for sorting and routing."""


class Site(Contract):
    """
    The register's entry of a site, so that events need to carry its id only.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - as above
    """Version of this kind of document."""
    kind: Literal["Site"]
    """Which document it is."""
    metadata: SiteMetadata
    """What is known of the site."""


class SourceMetadata(Contract):
    """
    Which source this is, by the prefix of its events' ``source``, and how late it is known to report.
    """

    id: SourceUri
    """How the `source` of its events begins."""
    title: LongName
    """Name of the source for people."""
    expected_delay: Duration = Field(default="0s", validate_default=True)
    """How late it is known to report; absence is judged that much later."""


class Source(Contract):
    """
    The register's entry of a source system: absence waits for its expected delay.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - as above
    """Version of this kind of document."""
    kind: Literal["Source"]
    """Which document it is."""
    metadata: SourceMetadata
    """What is known of the source."""
