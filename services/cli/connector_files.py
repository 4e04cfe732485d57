"""
Connectors as the command line reads them: from YAML files, every fault told by file and line.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from schemas.connectors import Connector
from services.ingest.engine.connector import CompiledConnector, compile_connector
from services.ingest.engine.connector_examples import example_faults
from services.ingest.engine.pseudonyms import Pseudonym, keyed
from services.ingest.shell import connectors
from services.runtime.errors import Misconfigured
from services.runtime.yamlfile import Document

__all__ = [
    "ReadConnector",
    "as_ingest_has_it",
    "compile_document",
    "faults_of_examples",
    "read_connector",
    "read_folder",
]

_TRIED: bytes = b"of somebody who tries a connector"
"""Key of the pseudonyms where nothing is sent."""


class ReadConnector(NamedTuple):
    """
    A connector, compiled, with the file that it was read from.
    """

    file: Path
    yaml: Document
    compiled: CompiledConnector

    @property
    def document(self) -> Connector:
        return self.compiled.document


def read_connector(file: Path) -> ReadConnector:
    """
    Read and compile a connector. Raises Misconfigured with every fault that was found.
    """
    return _compiled(file, connectors.read_connector(file))


def compile_document(file: Path, yaml: Document) -> ReadConnector:
    """
    The same, of a document that was read already or lies nowhere yet; `file` is what messages call it.
    """
    return _compiled(file, connectors.connector_in(file, yaml))


def as_ingest_has_it(read: ReadConnector, pseudonyms: Callable[[str], Pseudonym]) -> ReadConnector:
    """
    The connector with the pseudonyms that ingest makes, given by whose connector names the people.
    """
    return read._replace(compiled=compile_connector(read.document, pseudonyms(read.document.metadata.id)))


def _compiled(file: Path, read: connectors.ConnectorFile) -> ReadConnector:
    return ReadConnector(file, read.yaml, read.compiled(keyed(_TRIED, read.document.metadata.id)))


def read_folder(folder: Path) -> list[ReadConnector]:
    """
    Read every connector of a folder, by their names. Raises Misconfigured, also where there is none.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise Misconfigured(f"{folder}: holds no connector; name a folder with files like square.yaml")
    return [read_connector(file) for file in files]


def faults_of_examples(read: ReadConnector) -> list[str]:
    """
    What the examples of a connector yield that they should not, each with its file and line.
    """
    return [
        f"{read.file}:{read.yaml.locate(('examples', fault.place))}: example {fault.title!r}: {fault.problem}"
        for fault in example_faults(read.compiled)
    ]
