"""
The fields of sample payloads, and what their names and values suggest that they are. Pure: values in, guesses out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from services.ingest.engine.paths import ROOT, text_of

__all__ = ["Field", "Kind", "fields_of", "items_of", "words_of"]

Kind = Literal["text", "integer", "decimal", "boolean", "instant", "local_time", "epoch", "epoch_milliseconds"]

MOST_FIELDS: Final = 500
_DEEPEST: Final = 12
_KEY: Final = re.compile(r"[^.\[\]*$\s][^.\[\]*$]{0,59}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,12})?)?( ?Z|[+-]\d\d:?\d\d)", re.ASCII)
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?(\.\d{1,6})?", re.ASCII)
_DIGITS: Final = re.compile(r"\d{10}(\.\d{1,9})?|\d{13}", re.ASCII)
_SECONDS: Final = range(946_684_800, 4_102_444_800)
"""From 2000 to 2100."""
_MILLISECOND_DIGITS: Final = 13
_TIMES: Final = (
    "at time date ts timestamp stamp created updated modified opened closed started ended completed finished called "
    "answered arrived cancelled canceled occurred when since sent begin end start"
)
_TIME_WORDS: Final = frozenset(_TIMES.split())
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Field(NamedTuple):
    """
    A scalar of the payloads: where it is, what was seen there, and how it is read.
    """

    path: str
    values: tuple[str, ...]
    """What was seen, as text, each once, in the order of the samples."""
    kind: Kind
    format: str | None = None
    """Of a local time."""
    listed: bool = False
    """It stands inside a list, so that there may be several."""

    @property
    def is_time(self) -> bool:
        return self.kind in ("instant", "local_time", "epoch", "epoch_milliseconds")

    @property
    def words(self) -> tuple[str, ...]:
        return words_of(self.path)

    @property
    def last(self) -> tuple[str, ...]:
        """
        The words of the last name of its path.
        """
        return words_of(self.path.rpartition(".")[2])


def words_of(path: str) -> tuple[str, ...]:
    """
    The words of a path, in small letters: `data.orderId` has data, order and id.
    """
    return tuple(word.lower() for word in _WORD.findall(path))


def fields_of(payloads: Iterable[object]) -> list[Field]:
    """
    The fields of some payloads, in the order in which they first come; what no path can name is left out.
    """
    seen: dict[str, list[object]] = {}
    listed: dict[str, bool] = {}
    for payload in payloads:
        for path, value, inside in _walk(payload, (), within=False):
            if path in seen or len(seen) < MOST_FIELDS:
                seen.setdefault(path, []).append(value)
                listed[path] = inside
    found = []
    for path, values in seen.items():
        texts = tuple(dict.fromkeys(text_of(value) for value in values if value is not None and value != ""))
        kind, form = _kind(words_of(path.rpartition(".")[2]), [one for one in values if one is not None], texts)
        found.append(Field(path, texts, kind, form, listed[path]))
    return found


def items_of(payload: object) -> str | None:
    """
    Where a body keeps its payloads, if the body itself says no time and a list in it does; `$` for the body itself.
    """
    if isinstance(payload, list):
        return ROOT
    fields = fields_of([payload])
    if any(field.is_time and not field.listed for field in fields):
        return None
    timed = [field.path.partition(".*.")[0] for field in fields if field.is_time and field.path.count(".*.") == 1]
    return timed[0] if timed else None


def _walk(value: object, steps: tuple[str, ...], *, within: bool) -> Iterator[tuple[str, object, bool]]:
    if len(steps) > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, str) and _KEY.fullmatch(key) and key.isprintable():
                yield from _walk(inner, (*steps, key), within=within)
    elif isinstance(value, list):
        for inner in value[:1]:
            if isinstance(inner, dict):
                yield from _walk(inner, (*steps, "*"), within=True)
    elif steps:
        yield ".".join(steps), value, within


def _kind(words: Sequence[str], values: Sequence[object], texts: Sequence[str]) -> tuple[Kind, str | None]:
    if not texts:
        return "text", None
    if all(_INSTANT.fullmatch(text) for text in texts):
        return "instant", None
    if all(_LOCAL.fullmatch(text) for text in texts):
        return "local_time", _format(texts[0])
    if all(isinstance(value, bool) for value in values):
        return "boolean", None
    if _TIME_WORDS.intersection(words) and all(_since_1970(text) for text in texts):
        return "epoch_milliseconds" if _in_milliseconds(texts[0]) else "epoch", None
    if all(isinstance(value, int) for value in values):
        return "integer", None
    return ("decimal" if all(isinstance(value, int | float) for value in values) else "text"), None


def _since_1970(text: str) -> bool:
    if not _DIGITS.fullmatch(text):
        return False
    whole = int(text.partition(".")[0])
    return (whole // 1_000 if _in_milliseconds(text) else whole) in _SECONDS


def _in_milliseconds(text: str) -> bool:
    return len(text) == _MILLISECOND_DIGITS and "." not in text


def _format(text: str) -> str:
    found = _LOCAL.fullmatch(text)
    assert found is not None  # noqa: S101 - asked before
    return f"%Y-%m-%d{found[1]}%H:%M" + (":%S" if found[2] else "") + (".%f" if found[3] else "")
