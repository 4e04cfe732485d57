"""
Payloads: the body of a webhook, as hostile as it may be, becomes the payloads in it, or the reason why it does not.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from schemas.connectors import Body
from schemas.paths import steps_of
from services.ingest.engine.paths import finder
from services.ingest.engine.rows import RowReason, bounded

__all__ = ["BadBody", "BodyReader", "Payload"]

MOST_PAYLOADS: Final = 1_000
_MOST_FIELDS: Final = 1_000
_DECODE: Final = msgspec.json.Decoder().decode


class Payload(NamedTuple):
    """
    One payload, and the whole body that it came in.
    """

    value: object
    body: object


class BadBody(NamedTuple):
    """
    A body in which no payload can be found; `field` is the place in the connector that asks for one.
    """

    reason: RowReason
    field: str
    detail: str


class BodyReader:
    """
    Takes bodies apart as a connector says.
    """

    def __init__(self, body: Body) -> None:
        self._form = body.format == "form"
        self._items = finder((body.items,)) if body.items is not None else None
        self._wrapper = finder(body.wrappers) if body.wrappers else None
        self._texts = [steps_of(path) for path in body.texts_of_json]

    def read(self, raw: bytes) -> list[Payload] | BadBody:
        """
        The payloads of a body, in their order.
        """
        try:
            body = _form(raw) if self._form else _DECODE(raw)
            for *before, last in self._texts:
                _read_text(body, before, last)
        except (msgspec.MsgspecError, ValueError) as error:
            return BadBody(RowReason.NOT_JSON, "body.format", f"not what the connector says: {bounded(error)}")
        except RecursionError:
            return BadBody(RowReason.NOT_JSON, "body.format", "nested too deeply")
        found = [body]
        if self._items is not None:
            listed = self._items(body, body)
            if not isinstance(listed, list):
                return BadBody(RowReason.MISSING_FIELD, "body.items", "there is no list of payloads")
            if len(listed) > MOST_PAYLOADS:
                detail = f"{len(listed)} payloads in one body, at most {MOST_PAYLOADS}"
                return BadBody(RowReason.FIELD_TOO_LONG, "body.items", detail)
            found = listed
        return [Payload(self._unwrapped(one, body), body) for one in found]

    def _unwrapped(self, value: object, body: object) -> object:
        inside = self._wrapper(value, body) if self._wrapper is not None else None
        return inside if isinstance(inside, dict) else value


def _form(raw: bytes) -> dict[str, object]:
    pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=_MOST_FIELDS)
    return dict(pairs)


def _read_text(body: object, before: Sequence[object], last: object) -> None:
    """
    Read a text inside the body as JSON, in its place; what is not there or no text stays as it is.
    """
    holder = body
    for step in before:
        holder = holder.get(step) if isinstance(holder, dict) else None
    text = holder.get(last) if isinstance(holder, dict) else None
    if isinstance(text, str) and text and isinstance(holder, dict):
        holder[last] = _DECODE(text)
