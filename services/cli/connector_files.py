"""
Connectors as the command line reads them: from YAML files, every fault told by file and line.
"""

from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from schemas.connectors import CONNECTORS, Connector
from services.ingest.engine.connector import CompiledConnector, compile_connector
from services.ingest.engine.connector_examples import example_faults
from services.ingest.engine.pseudonyms import keyed
from services.ingest.engine.row_values import MappingFault
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe
from services.runtime.yamlfile import Document, read_one_document

__all__ = ["ReadConnector", "faults_of_examples", "read_connector", "read_folder"]

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
    yaml = read_one_document(file, "a connector")
    try:
        document = CONNECTORS.validate_python(yaml.value)
    except ValidationError as error:
        raise Misconfigured(
            "\n  ".join([f"{file}: not a connector yet:", *describe(error, yaml, Connector)])
        ) from error
    try:
        return ReadConnector(file, yaml, compile_connector(document, keyed(_TRIED, document.metadata.id)))
    except MappingFault as fault:
        field = ".".join(str(step) for step in fault.path)
        raise Misconfigured(f"{file}:{yaml.locate(fault.path)}: {field}: {fault.problem}") from fault


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
