"""
Reads standards, calendars, sites and sources from YAML files and folders, and tells every fault at once, by file, line
and field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from schemas.calendars import Calendar
from schemas.standards import DOCUMENTS, AnyDocument, document_key
from services.runtime.errors import Misconfigured
from services.runtime.faults import Fault, faults_of, problem_and_fix
from services.runtime.yamlfile import Document, Path, YamlFault, read_yaml_file
from services.sla.shell.freezing import freeze, passed_over

__all__ = ["Found", "Reading", "read_documents_of", "require"]


@dataclass(frozen=True)
class Found:
    """
    A valid document and the place where it is written.
    """

    document: AnyDocument
    file: FilePath
    line: int
    written: Document | None = None
    """How it is written, with the lines of its fields."""
    notes: tuple[str, ...] = ()
    """What its owner should know, though nothing is wrong."""

    @property
    def key(self) -> str:
        return document_key(self.document)

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def line_of(self, path: Path) -> int:
        """
        Return the line of a field; of what contains it where the field itself is not written.
        """
        return (self.written and self.written.locate(path)) or self.line


@dataclass(frozen=True)
class Reading:
    """
    What was read: the valid documents in the order of files and lines, the faults of the others, and the files.
    """

    found: tuple[Found, ...]
    faults: tuple[Fault, ...]
    files: tuple[FilePath, ...]


def read_documents_of(paths: Iterable[FilePath], *, alternatives: bool = False) -> Reading:
    """
    Read every document of the files; of a folder, of all files below it that end in .yaml or .yml, except for the
    configuration of alerts, which may lie beside them and is published by the service of alerts.

    A calendar comes with what it imports written down. The same kind, id and version twice is a fault: it would depend
    on chance which of them is published first. Where files are alternatives to each other, only twice in one file is.
    """
    found: list[Found] = []
    faults: list[Fault] = []
    asked = list(paths)
    files = _files(asked)
    places: dict[str, str] = {}
    for file in files:
        if alternatives:
            places.clear()
        try:
            documents = read_yaml_file(file)
        except YamlFault as fault:
            faults.append(Fault(str(file), fault.line, "", *problem_and_fix(fault.problem)))
            continue
        if not documents:
            fix = "write one that begins with `apiVersion: sqm/v1`"
            faults.append(Fault(str(file), None, "", "holds no document", fix))
        for document in documents:
            if file not in asked and _is_alerting(document.value):
                continue
            try:
                held, notes = _read(document.value, file)
                one = Found(held, file, document.locate(()) or 1, document, notes)
            except ValidationError as error:
                faults += faults_of(error, document, AnyDocument)
                continue
            if one.key in places:
                problem, fix = f"{one.key} is also in {places[one.key]}", "keep one, or raise its version"
                faults.append(Fault(str(file), one.line, "", problem, fix))
                continue
            places[one.key] = one.place
            found.append(one)
    return Reading(tuple(found), tuple(faults), tuple(files))


def _read(value: object, file: FilePath) -> tuple[AnyDocument, tuple[str, ...]]:
    document = DOCUMENTS.validate_python(value)
    if not isinstance(document, Calendar):
        return document, ()
    return freeze(document, file.parent), tuple(passed_over(document, file.parent))


def _is_alerting(value: object) -> bool:
    return isinstance(value, dict) and value.get("kind") == "Alerting"


def require(reading: Reading) -> tuple[Found, ...]:
    """
    Return the documents, or raise Misconfigured with every fault.
    """
    if reading.faults:
        raise Misconfigured(
            "\n  ".join([f"{len(reading.faults)} fault(s) in {len(reading.files)} file(s):", *map(str, reading.faults)])
        )
    return reading.found


def _files(paths: Iterable[FilePath]) -> list[FilePath]:
    files: list[FilePath] = []
    for path in paths:
        if not path.exists():
            raise Misconfigured(f"{path}: there is no such file or folder")
        if not path.is_dir():
            files.append(path)
            continue
        below = sorted(
            file
            for file in path.rglob("*")
            if file.suffix in {".yaml", ".yml"} and file.is_file() and not _is_hidden(file.relative_to(path))
        )
        if not below:
            raise Misconfigured(f"{path}: holds no .yaml file")
        files += below
    return list(dict.fromkeys(files))


def _is_hidden(file: FilePath) -> bool:
    # Kubernetes keeps what it mounts from a ConfigMap in a hidden folder, with a link to each file beside it.
    return any(part.startswith(".") for part in file.parts)
