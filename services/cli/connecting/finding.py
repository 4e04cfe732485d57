"""
Connectors by name: those that are shipped, and those of this deployment (SQM_INGEST_CONNECTORS), which come first.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from schemas.spelling import meant
from services.cli.connector_files import ReadConnector, read_connector
from services.cli.shipped import shipped_folder
from services.ingest.engine.connector import RejectedPayload
from services.runtime.errors import Misconfigured
from services.runtime.yamlfile import Document
from services.runtime.yamlfile import Path as Place

__all__ = ["OWN", "Listed", "find_connector", "line_of", "list_connectors"]

OWN: Final = "SQM_INGEST_CONNECTORS"


class Listed(NamedTuple):
    """
    A connector of one of the folders, or why its file is none.
    """

    file: Path
    own: bool
    read: ReadConnector | Misconfigured


def list_connectors(environment: Mapping[str, str]) -> list[Listed]:
    """
    All connectors that can be named, the own ones first; a shipped one that an own one stands for is left out.
    """
    shipped = _near(shipped_folder("connectors"))
    own = Path(environment[OWN]) if environment.get(OWN) else shipped
    listed: list[Listed] = []
    if own.resolve() != shipped.resolve():
        if not own.is_dir():
            raise Misconfigured(f"{OWN}: {own} is no folder")
        listed += [Listed(file, own=True, read=_read(file)) for file in sorted(own.glob("*.yaml"))]
    taken = {one.read.document.metadata.id for one in listed if isinstance(one.read, ReadConnector)}
    more = [Listed(file, own=False, read=_read(file)) for file in sorted(shipped.glob("*.yaml"))]
    return [*listed, *(one for one in more if one.file.stem not in taken)]


def find_connector(named: str, environment: Mapping[str, str]) -> ReadConnector:
    """
    The connector of a file, or of a name. Raises Misconfigured.
    """
    if named.endswith((".yaml", ".yml")) or "/" in named:
        return read_connector(Path(named))
    known = {one.file.stem: one for one in list_connectors(environment)}
    known |= {one.read.document.metadata.id: one for one in known.values() if isinstance(one.read, ReadConnector)}
    if named not in known:
        fix = meant(named, known, "`sqm connector list` shows those that there are")
        raise Misconfigured(f"no connector is called {named[:60]!r}; {fix}; a file is named with its .yaml")
    read = known[named].read
    if isinstance(read, Misconfigured):
        raise read
    return read


def line_of(yaml: Document, rejected: RejectedPayload) -> int | None:
    """
    The line of a connector that asked for what a payload does not have.
    """
    field: Place = tuple(int(step) if step.isdecimal() else step for step in rejected.field.split("."))
    of_mapping: Place = ("mappings", rejected.mapping)
    # A mapping's own columns and values, then those that all share, then what is no column.
    tries: list[Place] = [(*of_mapping, "columns", *field), ("columns", *field), field]
    if len(field) > 2 and field[:1] == of_mapping[:1]:  # noqa: PLR2004  (mappings, the key, and what is inside)
        tries.insert(2, field[2:])
        tries.insert(2, field)
    return next((yaml.lines[one] for one in tries if one in yaml.lines), yaml.locate(field))


def _near(folder: Path) -> Path:
    """
    The folder as somebody who stands here would write it.
    """
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _read(file: Path) -> ReadConnector | Misconfigured:
    try:
        return read_connector(file)
    except Misconfigured as fault:
        return fault
