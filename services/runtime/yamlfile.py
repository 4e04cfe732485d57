"""
YAML files that people write: read with suspicion, and with the line of every value remembered.

What a reviewer cannot see at a glance is refused: tags (they can name code), anchors and aliases (a few lines can
stand for gigabytes), a key written twice (which one counts?), and files, nesting or numbers of values beyond
`Limits`. Only `true`, `false`, `null` and plain decimal numbers are read as such; everything else stays the text
that was written, so `no`, `010`, `12:30` and `2026-01-31` never turn into something that nobody meant. Keys are
always text.

`read_documents` gives one `Document` for each; `describe` (in `faults`) turns what a model says about it into
sentences.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Final

import yaml

from services.runtime.errors import Misconfigured, Rejected

__all__ = [
    "Document",
    "Limits",
    "Path",
    "YamlFault",
    "YamlReason",
    "read_documents",
    "read_one_document",
    "read_yaml_file",
]

Path = tuple[str | int, ...]
"""Where a value stands in its document: keys and places in lists, outermost first."""
Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None

_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}(?:[eE][-+]?[0-9]{1,2})?", re.ASCII)
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LONGEST_QUOTE: Final = 60


class YamlReason(StrEnum):
    """
    Why a file was not read.
    """

    UNREADABLE = "yaml_unreadable"
    NOT_UTF8 = "yaml_not_utf8"
    SYNTAX = "yaml_syntax"
    TAG = "yaml_tag"
    ALIAS = "yaml_alias"
    DUPLICATE_KEY = "yaml_duplicate_key"
    COMPLEX_KEY = "yaml_complex_key"
    TOO_LARGE = "yaml_too_large"
    TOO_DEEP = "yaml_too_deep"
    TOO_MANY = "yaml_too_many"


class YamlFault(Rejected):
    """
    A file that is refused before its content is looked at; the message names file, line and fix.
    """

    def __init__(self, reason: YamlReason, file: str, line: int | None, problem: str) -> None:
        super().__init__(reason.value, f"{file}:{line}: {problem}" if line else f"{file}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much one file may hold: far beyond what a person writes, far below what hurts a process.
    """

    max_bytes: int = 1_048_576
    max_depth: int = 32
    max_values: int = 50_000
    max_documents: int = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """
    One document of a file: its value, and the line on which each part of it begins (the first line is 1).
    """

    file: str
    value: Value
    lines: Mapping[Path, int] = field(default_factory=lambda: MappingProxyType({}))

    def locate(self, path: Path) -> int | None:
        """
        The line of the value at `path`; of what contains it where the value itself is missing; None if lines are
        unknown.
        """
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def read_yaml_file(file: FilePath, limits: Limits = Limits()) -> list[Document]:
    """
    Read all documents of a file. Raises YamlFault, also where the file cannot be opened.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(limits.max_bytes + 1)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}; name a file that exists and may be read"
        raise YamlFault(YamlReason.UNREADABLE, str(file), None, problem) from error
    return read_documents(raw, str(file), limits)


def read_one_document(file: FilePath, what: str) -> Document:
    """
    Read a file that holds one document; `what` it is, in words. Raises Misconfigured.
    """
    try:
        documents = read_yaml_file(file)
    except YamlFault as fault:
        raise Misconfigured(str(fault)) from fault
    if len(documents) != 1:
        raise Misconfigured(f"{file}: holds {len(documents)} documents; {what} is one document")
    return documents[0]


def read_documents(raw: bytes | str, file: str, limits: Limits = Limits()) -> list[Document]:
    """
    Read all documents of a text, leaving out empty ones. `file` is what messages call it. Raises YamlFault.
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))
    if size > limits.max_bytes:
        problem = f"larger than {limits.max_bytes} bytes; split it into several files"
        raise YamlFault(YamlReason.TOO_LARGE, file, None, problem)
    text = _decode(raw, file)
    try:
        return list(_Reader(file, limits).documents(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f"not YAML: {error.problem or error.context}; check indentation, colons and quotes there"
        line = min(mark.line, text.rstrip().count("\n")) + 1 if mark else None
        raise YamlFault(YamlReason.SYNTAX, file, line, problem) from error
    except yaml.YAMLError as error:
        problem = "not YAML: a character that YAML does not allow; remove it, or write it as an escape in double quotes"
        raise YamlFault(YamlReason.SYNTAX, file, _line_of_forbidden(text), problem) from error


def _decode(raw: bytes | str, file: str) -> str:
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw.encode("utf-8").decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        raise YamlFault(YamlReason.NOT_UTF8, file, line, problem) from error
    except UnicodeEncodeError as error:
        line = str(error.object)[: error.start].count("\n") + 1
        problem = "half of a surrogate pair is no character; write the character itself"
        raise YamlFault(YamlReason.NOT_UTF8, file, line, problem) from error
    return text.removeprefix("\ufeff")


_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _line_of_forbidden(text: str) -> int | None:
    found = _FORBIDDEN.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


@dataclass(slots=True)
class _Open:
    """
    A mapping or list that is being read: its path, and in a mapping the key that waits for its value.
    """

    into: dict[str, Value] | list[Value]
    path: Path
    key: str | None = None


class _Reader:
    """
    Builds values from the parser's events, one at a time and without recursion, so that a limit stops a hostile
    file early.
    """

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._values = 0
        self._stack: list[_Open] = []
        self._lines: dict[Path, int] = {}
        self._root: Value = None

    def documents(self, text: str) -> Iterator[Document]:
        count = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            match event:
                case yaml.DocumentStartEvent():
                    self._lines, self._root = {}, None
                    count += 1
                    if count > self._limits.max_documents:
                        problem = f"more than {self._limits.max_documents} documents; split it into several files"
                        raise self._fault(YamlReason.TOO_MANY, event, problem)
                case yaml.DocumentEndEvent():
                    if self._root is not None:
                        yield Document(self._file, self._root, MappingProxyType(self._lines))
                case yaml.NodeEvent():
                    self._node(event)
                case yaml.CollectionEndEvent():
                    self._stack.pop()
                case _:
                    pass  # the stream begins or ends

    def _node(self, event: yaml.NodeEvent) -> None:
        self._refuse_the_unseen(event)
        self._values += 1
        if self._values > self._limits.max_values:
            raise self._fault(YamlReason.TOO_MANY, event, f"more than {self._limits.max_values} values; split the file")
        inside = self._stack[-1] if self._stack else None
        if inside is not None and isinstance(inside.into, dict) and inside.key is None:
            inside.key = self._new_key(event, inside.into)
            self._lines[(*inside.path, inside.key)] = self._line(event)
            return
        path = self._place(inside)
        self._lines.setdefault(path, self._line(event))
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        if inside is None:
            self._root = value
        elif isinstance(inside.into, dict):
            inside.into[str(inside.key)] = value
            inside.key = None
        else:
            inside.into.append(value)
        if isinstance(value, dict | list):
            self._stack.append(_Open(value, path))
            if len(self._stack) > self._limits.max_depth:
                problem = f"nested deeper than {self._limits.max_depth} levels; write it flatter"
                raise self._fault(YamlReason.TOO_DEEP, event, problem)

    def _refuse_the_unseen(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            mark = "*" if isinstance(event, yaml.AliasEvent) else "&"
            name = _quoted(mark + str(event.anchor))
            problem = f"anchors and aliases are refused ({name}); write the value out where it is used"
            raise self._fault(YamlReason.ALIAS, event, problem)
        tag = getattr(event, "tag", None)
        if tag is not None:
            problem = f"tags are refused ({_quoted(tag)}); write the plain value, in quotes where it must stay text"
            raise self._fault(YamlReason.TAG, event, problem)

    def _new_key(self, event: yaml.NodeEvent, into: dict[str, Value]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._fault(YamlReason.COMPLEX_KEY, event, "a key must be a plain word; a list or mapping is none")
        if event.value in into:
            problem = f"the key {_quoted(event.value)} is written twice here; remove one, it is not said which counts"
            raise self._fault(YamlReason.DUPLICATE_KEY, event, problem)
        return str(event.value)

    @staticmethod
    def _place(inside: _Open | None) -> Path:
        if inside is None:
            return ()
        if isinstance(inside.into, dict):
            return (*inside.path, str(inside.key))
        return (*inside.path, len(inside.into))

    @staticmethod
    def _line(event: yaml.Event) -> int:
        return event.start_mark.line + 1 if event.start_mark else 1

    def _fault(self, reason: YamlReason, event: yaml.Event, problem: str) -> YamlFault:
        return YamlFault(reason, self._file, self._line(event), problem)


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = str(event.value)
    if event.style:  # quoted or a block: text by its own words
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…")
