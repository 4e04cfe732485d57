"""
Saved topics as files: one of records for each topic, compressed lines of JSON, and a manifest that says what they hold.

The manifest is written last, so a folder without one is a saving that was cut off.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

import msgspec

from services.runtime.errors import Misconfigured
from services.runtime.kafka.records import Headers, Record

__all__ = [
    "FORMAT",
    "Manifest",
    "SavedRecord",
    "SavedTopic",
    "Span",
    "TopicWriter",
    "new_folder",
    "read_manifest",
    "read_records",
]

FORMAT: Final = "sqm/topics/v1"
_MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".jsonl.gz"
_LEVEL: Final = 1
"""Of compression: higher ones take three times as long, for a tenth less."""


class SavedRecord(msgspec.Struct, frozen=True):
    """
    One record as it stood in its partition; bytes are written in base64.
    """

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class Span(msgspec.Struct, frozen=True):
    """
    A partition from the first record that was kept to the offset behind its last.
    """

    first: int
    end: int


class SavedTopic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A topic by its logical name: its partitions in order, how many records its file has, and the digest of the file.
    """

    name: str
    spans: tuple[Span, ...]
    records: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What a folder holds; `groups` has, by logical names of group and topic, the next record of each partition.
    """

    format: str
    made_at: str
    topics: tuple[SavedTopic, ...]
    groups: dict[str, dict[str, dict[int, int]]]

    def write(self, folder: Path) -> None:
        text = msgspec.json.format(msgspec.json.encode(self), indent=2)
        (folder / _MANIFEST).write_bytes(text + b"\n")


class TopicWriter:
    """
    Writes the records of one topic.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}{_SUFFIX}"
        self._name = name
        self._file = gzip.open(self._path, "wb", compresslevel=_LEVEL)  # noqa: SIM115  (closed by `__exit__`)
        self._encode = msgspec.json.Encoder().encode
        self.records = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, batch: Iterable[Record]) -> None:
        lines = [
            self._encode(
                SavedRecord(
                    record.partition, record.offset, record.timestamp, record.key, record.value, _plain(record.headers)
                )
            )
            for record in batch
        ]
        if lines:
            self.records += len(lines)
            self._file.write(b"\n".join(lines) + b"\n")

    def saved(self, spans: Sequence[Span]) -> SavedTopic:
        """
        What the manifest says of it; once it is closed.
        """
        return SavedTopic(self._name, tuple(spans), self.records, _digest(self._path))


def new_folder(folder: Path) -> None:
    """
    Make the folder, and refuse one that holds something: a file of another saving would pass for one of this.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Misconfigured(f"{folder}: is not empty; each saving has a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)


def read_manifest(folder: Path) -> Manifest:
    """
    Read what a folder holds, and see that every file of it is as it was written. Raises Misconfigured.
    """
    path = folder / _MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror}; a folder without it was not saved to its end") from error
    except msgspec.MsgspecError as error:
        raise Misconfigured(f"{path}: {error}; save the topics again") from error
    if manifest.format != FORMAT:
        raise Misconfigured(f"{path}: format is {manifest.format[:40]!r}, this version reads {FORMAT!r}")
    for topic in manifest.topics:
        if not topic.spans or not all(0 <= span.first <= span.end for span in topic.spans):
            raise Misconfigured(f"{path}: spans of {topic.name[:80]} are none; take another copy of the folder")
        file = folder / f"{topic.name}{_SUFFIX}"
        try:
            whole = _digest(file) == topic.sha256
        except OSError as error:
            raise Misconfigured(f"{file}: {error.strerror}; take the folder whole from where it was kept") from error
        if not whole:
            raise Misconfigured(f"{file}: is not what was saved; take another copy of the folder")
    return manifest


def read_records(folder: Path, topic: SavedTopic) -> Iterator[SavedRecord]:
    """
    The records of a topic, of each partition in order. Raises Misconfigured at one that the manifest leaves no place
    for.
    """
    decode = msgspec.json.Decoder(SavedRecord).decode
    path, number = folder / f"{topic.name}{_SUFFIX}", 0
    following = [span.first for span in topic.spans]
    try:
        with gzip.open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                record = decode(line)
                if not (
                    0 <= record.partition < len(following)
                    and following[record.partition] <= record.offset < topic.spans[record.partition].end
                ):
                    raise Misconfigured(
                        f"{path}: line {number}: offset {record.offset} of partition {record.partition} lies outside "
                        "of what the manifest says, or behind a later one; take another copy of the folder"
                    )
                following[record.partition] = record.offset + 1
                yield record
    except msgspec.MsgspecError as error:
        raise Misconfigured(f"{path}: line {number}: {error}; take another copy of the folder") from error
    except (OSError, EOFError, zlib.error) as error:
        raise Misconfigured(f"{path}: behind line {number}: {error}; take another copy of the folder") from error


def _plain(headers: Headers) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, value) for name, value in headers)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
