"""
Turns one CloudEvent as a source wrote it into the one form in which events travel, or says why it cannot be.

The form: JSON in UTF-8 without spaces, every key once (of a repeated key the last one counts), `specversion` present,
`time` and `data.promised_at` in UTC with milliseconds (rounded down), `receivedat` stamped, and pseudonyms in the place
of people's identities. Nothing else changes.
What is validated is the re-encoded event, not what came in: where two readers of JSON would disagree, the bytes that
were checked are the bytes that are published.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from pydantic import ValidationError

from schemas.base import format_instant, to_millis
from schemas.events import EVENTS, MAX_EXTENSIONS, Envelope
from services.ingest.engine.depersonalising import depersonalised
from services.ingest.engine.faults import refusal_of
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.engine.refusals import RefusalReason, Refused

__all__ = ["Accepted", "Policy", "normalise", "normalise_attributes", "normalise_object"]

_DECODE: Final = msgspec.json.Decoder().decode
_ENCODE: Final = msgspec.json.Encoder().encode
# The adapter's own method does nothing more than to call this one, at a tenth of the cost of validating.
_VALIDATE: Final = EVENTS.validator.validate_json


class Policy(NamedTuple):
    """
    What was settled beforehand about accepting events.
    """

    future_ms: int = 300_000
    """How far ahead of ingest's clock an event may be: clocks of tills are seldom right."""
    max_event_bytes: int = 65_536
    """CloudEvents asks intermediaries to carry this much."""
    keep_unknown_data: bool = False
    """Keep fields of `data` that the contract does not name, instead of refusing the event."""
    max_depth: int = 16
    """How deep kept unknown data may be nested."""
    pseudonym: Pseudonym | None = None
    """Puts pseudonyms in the place of identities; None: they stay, which only who keeps nothing may ask for."""


class Accepted(NamedTuple):
    """
    One event ready to be published: `value` under the key `site`. `skew_ms` is receipt minus occurrence.
    """

    site: str
    value: bytes
    source: str
    id: str
    skew_ms: int
    revision: int = 0
    """Of events with one identity the highest one stands."""


def normalise(raw: bytes | memoryview | msgspec.Raw, now_ms: int, policy: Policy) -> Accepted | Refused:
    """
    Normalise one structured-mode CloudEvent, received at `now_ms`.
    """
    size = memoryview(raw).nbytes
    if size > policy.max_event_bytes:
        return Refused(RefusalReason.TOO_LARGE, "", f"the event has {size} bytes, at most {policy.max_event_bytes}")
    try:
        event = _DECODE(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Refused(RefusalReason.NOT_JSON, "", f"not JSON in UTF-8: {str(error)[:120]}")
    except RecursionError:
        return Refused(RefusalReason.TOO_DEEP, "", "nested too deeply")
    return normalise_object(event, now_ms, policy)


def normalise_attributes(attributes: dict[str, Any], data: bytes, now_ms: int, policy: Policy) -> Accepted | Refused:
    """
    Normalise one binary-mode CloudEvent: its attributes, and the bytes of its data.
    """
    if len(data) > policy.max_event_bytes:
        return Refused(
            RefusalReason.TOO_LARGE, "", f"the data have {len(data)} bytes, at most {policy.max_event_bytes}"
        )
    try:
        # Decoded by itself: spliced into an object, data that close it early could add attributes.
        facts = _DECODE(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Refused(RefusalReason.NOT_JSON, "/data", f"not JSON in UTF-8: {str(error)[:120]}")
    except RecursionError:
        return Refused(RefusalReason.TOO_DEEP, "/data", "nested too deeply")
    return normalise_object({**attributes, "data": facts}, now_ms, policy)


def normalise_object(event: object, now_ms: int, policy: Policy) -> Accepted | Refused:
    """
    Normalise one event that is read already; `event` may be changed in place.
    """
    if type(event) is not dict:
        return Refused(RefusalReason.NOT_AN_OBJECT, "", "an event is a JSON object")
    if policy.keep_unknown_data and _deeper(event, policy.max_depth):
        return Refused(RefusalReason.TOO_DEEP, "", f"nested deeper than {policy.max_depth} levels")
    event.setdefault("specversion", "1.0")
    event.pop("receivedat", None)
    if policy.pseudonym is not None and (named := depersonalised(event, policy.pseudonym)) is not None:
        return named
    try:
        encoded = _ENCODE(event)
        checked = _VALIDATE(encoded, extra="allow" if policy.keep_unknown_data else None)
    except ValidationError as error:
        return refusal_of(error)
    except (RecursionError, ValueError, TypeError) as error:
        return Refused(RefusalReason.TOO_DEEP, "", f"cannot be written again: {str(error)[:120]}")
    return _finished(event, encoded, checked, now_ms, policy)


def _finished(
    event: dict[str, Any], encoded: bytes, checked: Envelope, now_ms: int, policy: Policy
) -> Accepted | Refused:
    extensions = checked.model_extra
    if extensions and len(extensions) >= MAX_EXTENSIONS:
        return Refused(RefusalReason.INVALID_VALUE, "", f"at most {MAX_EXTENSIONS - 1} extension attributes")
    at = event["time"]
    canonical = _is_canonical(at)
    at_ms = _minute(at[:16]) + int(at[17:19]) * 1_000 + int(at[20:23]) if canonical else to_millis(checked.time)
    if at_ms - now_ms > policy.future_ms:
        ahead = at_ms - now_ms
        detail = f"{ahead} ms ahead of the receiver's clock, at most {policy.future_ms}; check the source's clock"
        return Refused(RefusalReason.IN_THE_FUTURE, "/time", detail)
    facts = event["data"]
    if not canonical:
        event["time"] = format_instant(at_ms)
    promised: datetime | None = checked.data.promised_at  # type: ignore[attr-defined]  # every member of the union has data
    if promised is not None and not _is_canonical(facts["promised_at"]):
        facts["promised_at"] = format_instant(to_millis(promised))
        canonical = False
    if not canonical:
        encoded = _ENCODE(event)
    # Stamped as bytes: one more attribute to validate, or a second encoding, would cost more than all of this function.
    return Accepted(
        facts["site"],
        encoded[:-1] + _stamp(now_ms),
        event["source"],
        event["id"],
        now_ms - at_ms,
        event.get("revision") or 0,
    )


@lru_cache(maxsize=4_096)
def _minute(text: str) -> int:
    # Many events share their minute, and reading it again each time costs as much as encoding the event.
    return to_millis(datetime.fromisoformat(text + "Z"))


@lru_cache(maxsize=4)
def _stamp(now_ms: int) -> bytes:
    return b',"receivedat":"' + format_instant(now_ms).encode() + b'"}'


def _is_canonical(text: str) -> bool:
    """
    Tell whether a valid RFC 3339 text is `YYYY-MM-DDTHH:MM:SS.mmmZ` already.
    """
    return len(text) == 24 and text[23] == "Z" and text[10] == "T" and text[19] == "."  # noqa: PLR2004  (its length)


def _deeper(value: object, levels: int) -> bool:
    if type(value) is dict:
        return levels == 0 or any(_deeper(member, levels - 1) for member in value.values())
    if type(value) is list:
        return levels == 0 or any(_deeper(member, levels - 1) for member in value)
    return False
