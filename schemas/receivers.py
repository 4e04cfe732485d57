"""
Receivers: the channels through which messages leave, each of one kind. What is secret is named here, never written.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from schemas.base import URL, Contract, LongName, PositiveDuration, Slug, misfit

__all__ = [
    "KINDS", "MAIL", "NAMED", "Alertmanager", "Apprise", "Chat", "Delivery", "Email", "PagerDuty", "Receiver",
    "Webhook",
]  # fmt: skip

Url = Annotated[str, Field(max_length=2_000, pattern=URL)]
NAMED: Final = r"^[A-Z][A-Z0-9_]{0,63}$"
SecretName = Annotated[str, Field(pattern=NAMED, examples=["FLOOR_WEBHOOK"])]
"""Name of a secret: its value is in the environment as `SQM_SECRET_<NAME>`, or in the file that
`SQM_SECRET_<NAME>_FILE` names."""
MAIL: Final = r"^[^@\s<>\",;]+@[^@\s<>\",;]+$"
Mail = Annotated[str, Field(max_length=254, pattern=MAIL)]


class Webhook(Contract):
    """
    A signed POST of JSON: HMAC of body and time, and an idempotency key, so that a copy can be told.
    """

    url: Url | None = None
    """Where to; a person's contact may say its own."""
    secret: SecretName
    """The key of the signature."""
    previous_secret: SecretName | None = None
    """The one before: both sign while the receiver changes over."""


class Email(Contract):
    """
    A message over SMTP.
    """

    host: Annotated[str, Field(min_length=1, max_length=253)]
    """The mail server."""
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    """Its port."""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    """How the way there is protected; `none` is for a server on the same machine."""
    user: Annotated[str, Field(max_length=254)] | None = None
    """Who logs in; nobody, if not said."""
    password: SecretName | None = None
    """The password."""
    sender: Annotated[Mail, Field(alias="from")]
    """Whose address the message carries."""
    to: Annotated[tuple[Mail, ...], Field(max_length=50, strict=False)] = ()
    """To whom; a person's contact says its own."""


class Chat(Contract):
    """
    A room of a chat that takes Slack's form of messages (Slack, Mattermost, Rocket.Chat), with a button to acknowledge.
    """

    url: SecretName
    """The room's incoming webhook: its address is the secret."""


class Alertmanager(Contract):
    """
    Prometheus' Alertmanager, by its API v2: it routes what we found.
    """

    url: Url
    """Its base address."""
    user: Annotated[str, Field(max_length=254)] | None = None
    """Who logs in by basic authentication; nobody, if not said."""
    password: SecretName | None = None
    """The password."""


class PagerDuty(Contract):
    """
    PagerDuty's Events API v2.
    """

    routing_key: SecretName
    """The integration key."""
    url: Url = "https://events.pagerduty.com/v2/enqueue"
    """Where to; another one only for a region or a test."""


class Apprise(Contract):
    """
    Any service that Apprise speaks to: SMS, Telegram, Teams, Matrix and many more.
    """

    url: SecretName
    """Apprise's URL of the service, which contains its keys."""


KINDS: Final = ("webhook", "email", "chat", "alertmanager", "pagerduty", "apprise")


class Delivery(Contract):
    """
    How patient a receiver is served.
    """

    timeout: PositiveDuration = Field(default="10s", validate_default=True)
    """How long an attempt may take."""
    give_up_after: PositiveDuration = Field(default="1h", validate_default=True)
    """After how long a message that cannot be delivered is given up, loudly."""


class Receiver(Contract):
    """
    One channel through which messages leave.
    """

    id: Slug
    """Id of the receiver."""
    title: LongName
    """How others read it."""
    webhook: Webhook | None = None
    """A signed POST."""
    email: Email | None = None
    """Mail."""
    chat: Chat | None = None
    """A room of a chat."""
    alertmanager: Alertmanager | None = None
    """Prometheus' Alertmanager."""
    pagerduty: PagerDuty | None = None
    """PagerDuty."""
    apprise: Apprise | None = None
    """Whatever Apprise speaks to."""
    resolved: bool = True
    """Whether it is told too when an alert is over."""
    private_addresses: bool = False
    """Whether it may lie on this machine or in a private network: only the operator can know."""
    delivery: Delivery = Delivery()
    """How patiently."""

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "Receiver":
        said = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(said) != 1:
            problem = f"says one of {', '.join(KINDS)}; this one says {' and '.join(said) or 'none'}"
            raise misfit("Receiver", said[1] if said else "id", " and ".join(said) or self.id, problem)
        return self

    @property
    def kind(self) -> str:
        """
        Which kind of receiver it is: a word of ``KINDS``.
        """
        return next(kind for kind in KINDS if getattr(self, kind) is not None)
