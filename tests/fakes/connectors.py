"""
The connectors that are shipped, read and compiled, for tests that post to them.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from schemas.connectors import CONNECTORS, Connector
from services.ingest.engine.connector import CompiledConnector, compile_connector
from services.ingest.engine.pseudonyms import Pseudonym, keyed
from services.runtime.yamlfile import read_one_document
from tests.project import PROJECT

FOLDER = PROJECT / "deploy" / "connectors"
SHIPPED = sorted(file.stem for file in FOLDER.glob("*.yaml"))
"""Their ids, which are the names of their files."""
KEY = b"a key of pseudonyms"


def read_connector(file: Path) -> Connector:
    return CONNECTORS.validate_python(read_one_document(file, "a connector").value)


@cache
def shipped(name: str) -> CompiledConnector:
    document = read_connector(FOLDER / f"{name}.yaml")
    return compile_connector(document, keyed(KEY, document.metadata.id))


def shipped_with(name: str, pseudonyms: Callable[[str], Pseudonym]) -> CompiledConnector:
    """
    A connector as ingest has it: people get the pseudonyms of a store.
    """
    return compile_connector(read_connector(FOLDER / f"{name}.yaml"), pseudonyms(name))
