"""
Bodies of webhooks out of files: one payload a file, in a file of lines one payload a line, in bounded memory; or one
list of payloads a file, which is held whole.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from services.cli.mapping_files import open_file
from services.ingest.shell.webhooks import WebhookLimits
from services.runtime.errors import Misconfigured

__all__ = ["LINES", "MOST_BYTES", "Body", "not_json", "read_bodies"]

MOST_BYTES: Final = WebhookLimits().body_bytes
"""The largest body that ingest takes, unless it is told otherwise."""
LINES: Final = (".jsonl", ".ndjson")
_MARK: Final = b"\xef\xbb\xbf"
_DECODE_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Body(NamedTuple):
    """
    One body as it would be posted, and the line of its file where it begins. `raw` is None where it is too large.
    """

    file: Path
    line: int
    raw: bytes | None
    number: int = 0
    """Its place in a list of them, from 1."""

    @property
    def place(self) -> str:
        if self.number:
            return f"{self.file}:{self.line}, number {self.number} of the list"
        return f"{self.file}:{self.line}" if self.file.suffix in LINES else str(self.file)


def read_bodies(files: Iterable[Path], *, lists: bool = False) -> Iterator[Body]:
    """
    Read all bodies, in their order; with `lists` a file that is one JSON list holds a body in each of its elements.
    Raises Misconfigured where a file cannot be read or holds nothing.
    """
    for file in files:
        with open_file(file) as stream:
            empty = True
            for body in _lines(file, stream) if file.suffix in LINES else _whole(file, stream, lists=lists):
                empty = False
                yield body
        if empty:
            raise Misconfigured(f"{file}: holds no payload; give one that was sent, as JSON")


def _whole(file: Path, stream: BinaryIO, *, lists: bool) -> Iterator[Body]:
    raw = stream.read(MOST_BYTES + 1)
    if lists and raw.removeprefix(_MARK).lstrip().startswith(b"["):
        raw += stream.read()
        # What is no JSON is told by whoever reads it as one body.
        with suppress(msgspec.MsgspecError, RecursionError):
            yield from _elements(file, raw, _DECODE_LIST(raw.removeprefix(_MARK)))
            return
    if len(raw) > MOST_BYTES:
        problem = f"larger than {MOST_BYTES:,} bytes, which is more than a webhook may bring"
        raise Misconfigured(f"{file}: {problem}; write several payloads one a line, into a file called …{LINES[0]}")
    raw = raw.removeprefix(_MARK)
    if raw.strip():
        yield Body(file, 1, raw)


def _elements(file: Path, raw: bytes, elements: list[msgspec.Raw]) -> Iterator[Body]:
    line, at = 1, 0
    for number, element in enumerate(map(bytes, elements), start=1):
        # Between two elements nothing stands that could be the beginning of one.
        begin = raw.index(element, at)
        line += raw.count(b"\n", at, begin)
        yield Body(file, line, element if len(element) <= MOST_BYTES else None, number)
        line, at = line + element.count(b"\n"), begin + len(element)


def _lines(file: Path, stream: BinaryIO) -> Iterator[Body]:
    number = 0
    while line := stream.readline(MOST_BYTES + 2):
        number += 1
        if not line.endswith(b"\n") and len(line) > MOST_BYTES:
            while (more := stream.readline(MOST_BYTES)) and not more.endswith(b"\n"):
                pass  # the rest of a line that nobody will read
            yield Body(file, number, None)
        elif text := line.removeprefix(_MARK).strip():
            yield Body(file, number, text)


def not_json(body: Body) -> str:
    """
    What keeps a body from being JSON, with the line and column; empty where it is JSON.
    """
    try:
        json.loads(body.raw or b"")
    except json.JSONDecodeError as error:
        line = body.line + error.lineno - 1
        return f"{body.file}:{line}: column {error.colno}: not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    except UnicodeDecodeError as error:
        return f"{body.place}: not UTF-8: byte {error.start}"
    except (RecursionError, ValueError):
        return f"{body.place}: nested too deeply, or with a number that is too long"
    return ""
