"""
Signatures: how the system that posts a webhook proves that it did, said as data and not by a vendor's name.

A connector's document says which header carries what, what is signed and how it is written; the secret itself stands
elsewhere (a file or the environment) and never in a document.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, model_validator

from schemas.base import Contract, PositiveDuration, misfit

__all__ = [
    "SIGNATURES", "BasicSignature", "FormSignature", "HashName", "HmacSignature", "NoSignature", "Signature",
    "SignatureEncoding", "SignatureParts", "SignedTime", "TokenSignature",
]  # fmt: skip

HashName = Literal["sha256", "sha1", "sha512"]
SignatureEncoding = Literal["hex", "base64"]

_FIELDS: Final = re.compile(r"\{([^{}]*)\}")
_KNOWN: Final = ("url", "timestamp", "body")
TEMPLATE: Final = r"^[\x20-\x7e]{1,200}$"

HeaderName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"), AfterValidator(lambda name: name.lower())
]
"""Name of a header; how large its letters are makes no difference."""
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,32}$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{0,32}$")]


class SignedTime(Contract):
    """
    When it was signed: a time that is part of what is signed, so that an old message cannot be sent again.
    """

    header: HeaderName | None = None
    """Its header; none where it is a part of the signature's header."""
    unit: Literal["seconds", "milliseconds", "rfc3339"] = "seconds"
    """How it is written: since the epoch, or as text with an offset."""
    tolerance: PositiveDuration = Field(default="5m", validate_default=True)
    """How old it may be, and how far ahead of our clock."""


class SignatureParts(Contract):
    """
    The keys of a header such as ``t=1770000000,v1=5257a8…``; the signature's key may stand there several times.
    """

    signature: Key
    """Key of a signature: ``v1``."""
    time: Key | None = None
    """Key of the time: ``t``; none where the time has a header of its own."""


class HmacSignature(Contract):
    """
    A keyed hash of body, address and time, in whatever order, in a header.
    """

    scheme: Literal["hmac"]
    """A keyed hash."""
    header: HeaderName
    """Which header carries it."""
    hash: HashName = "sha256"
    """The hash that is keyed."""
    encoding: SignatureEncoding = "hex"
    """How its bytes are written."""
    prefix: Prefix = ""
    """What stands before it, such as ``sha256=``."""
    parts: SignatureParts | None = None
    """The keys, where the header holds several values."""
    signs: Annotated[str, Field(pattern=TEMPLATE, examples=["{body}", "{url}{body}", "{timestamp}.{body}"])] = "{body}"
    """What is signed: a template of ``{url}`` (as the sender was told it), ``{timestamp}`` (as it is written) and
    ``{body}``."""
    time: SignedTime | None = None
    """The time that is signed along."""

    @model_validator(mode="after")
    def _fits(self) -> "HmacSignature":
        named = _FIELDS.findall(self.signs)
        unknown = [name for name in named if name not in _KNOWN]
        if unknown or "{" in (rest := _FIELDS.sub("", self.signs)) or "}" in rest:
            problem = "a template knows {url}, {timestamp} and {body}, each in one pair of braces"
            raise misfit("HmacSignature", "signs", self.signs, problem)
        if named.count("body") != 1:
            raise misfit("HmacSignature", "signs", self.signs, "what is signed holds the {body}, once")
        if ("timestamp" in named) != (self.time is not None):
            problem = "{timestamp} and time belong together: a time that is not signed proves nothing"
            raise misfit("HmacSignature", "signs", self.signs, problem)
        if self.parts is not None and self.prefix:
            raise misfit("HmacSignature", "prefix", self.prefix, "a header with parts has keys and no prefix")
        in_parts = self.parts is not None and self.parts.time is not None
        if in_parts and self.time is None:
            raise misfit("HmacSignature", ("parts", "time"), "", "say under time which unit this part has")
        if self.time is not None and (self.time.header is None) != in_parts:
            problem = "the time is found in one place: its own header (time.header) or a part (parts.time)"
            raise misfit("HmacSignature", ("time", "header"), self.time.header, problem)
        return self


class TokenSignature(Contract):
    """
    A shared secret itself, in a header: it proves who sends, but not what; only over TLS.
    """

    scheme: Literal["token"]
    """The secret itself."""
    header: HeaderName = "authorization"
    """Which header carries it."""
    prefix: Prefix = ""
    """What stands before it, such as ``Bearer`` and a blank."""


class BasicSignature(Contract):
    """
    A user with a password, by basic authentication; only over TLS.
    """

    scheme: Literal["basic"]
    """A user with a password."""
    user: Annotated[str, StringConstraints(pattern=r"^[\x21-\x39\x3b-\x7e]{1,64}$")]
    """The user's name; the secret is the password."""


class FormSignature(Contract):
    """
    A keyed hash of the address and the fields of a form, sorted by their names; other bodies by their SHA-256 in the
    address.
    """

    scheme: Literal["form"]
    """A keyed hash of a form."""
    header: HeaderName
    """Which header carries it."""
    hash: HashName = "sha1"
    """The hash that is keyed."""
    encoding: SignatureEncoding = "base64"
    """How its bytes are written."""
    body_hash: Key | None = None
    """Which parameter of the address holds the SHA-256 (in hex) of a body that is no form."""


class NoSignature(Contract):
    """
    Nothing: whoever knows the address may post.
    """

    scheme: Literal["none"]
    """Nothing."""
    why: Annotated[str, Field(min_length=20, max_length=4_000)]
    """Why that can be borne here; the linter warns of it all the same."""


Signature = Annotated[
    HmacSignature | TokenSignature | BasicSignature | FormSignature | NoSignature, Field(discriminator="scheme")
]
"""How a sender proves itself; ``scheme`` says which kind it is."""

SIGNATURES: Final[TypeAdapter[Signature]] = TypeAdapter(Signature)
"""Validates one signature, as read from YAML."""
