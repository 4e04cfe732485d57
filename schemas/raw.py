"""
Stored webhooks: the headers that say of a body where and when it came in; the value is the request, sealed.

Sealed are the body, byte for byte, and the headers of the request, each with ``http-`` before its name, without those
that are secret or only concern the connection: both may name people. The header ``content-type`` says that it is
sealed; the key lies in the store of identities (docs/privacy.md). On Kafka each value is UTF-8 text, numbers included.
"""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from schemas.base import Contract
from schemas.connectors import ConnectorId

__all__ = ["HTTP", "SEALED", "WebhookHeaders"]

HTTP = "http-"
"""Before the name of a header of the request."""
SEALED: Final = ("content-type", b"application/vnd.sqm.sealed")
"""The header of a record that is sealed: of a stored webhook, and of what a dead letter holds."""


class WebhookHeaders(Contract):
    """
    Our headers of one stored webhook, before those of its request.
    """

    connector: ConnectorId = Field(alias="sqm-connector")
    """Which connector maps it."""
    source: ConnectorId = Field(alias="sqm-source")
    """Who posted it; its signature was right."""
    received_at: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")] = Field(alias="sqm-received-at")
    """When it came (milliseconds since 1970, UTC)."""
