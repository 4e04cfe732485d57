"""
The connectors of a deployment: read from a folder, each with those who may post to it.

Who may is said by the secrets alone: ``SQM_SECRET_WEBHOOK__SQUARE__RIGA`` (or the same with ``_FILE``) lets the source
``riga`` post to the connector ``square``. Each line is a secret; while one is changed over, the old and the new both
stand there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from schemas.connectors import CONNECTORS, Connector
from services.ingest.engine.connector import CompiledConnector, compile_connector
from services.ingest.engine.mapping import MappingFault
from services.ingest.engine.pseudonyms import Pseudonym
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe
from services.runtime.secrets import Secrets
from services.runtime.yamlfile import Document, read_one_document

__all__ = [
    "ConnectorFile",
    "Senders",
    "connector_in",
    "load_connectors",
    "read_connector",
    "secret_variable",
]

PREFIX: Final = "WEBHOOK__"
_VARIABLE: Final = "SQM_SECRET_" + PREFIX
_BETWEEN: Final = "__"
_FILE: Final = "_FILE"
_LOOK_EVERY_MS: Final = 1_000


class ConnectorFile(NamedTuple):
    """
    A connector as it stands in a file, not compiled yet.
    """

    file: Path
    yaml: Document
    document: Connector

    def compiled(self, pseudonym: Pseudonym | None) -> CompiledConnector:
        """
        Compile it. Raises Misconfigured with file and line.
        """
        try:
            return compile_connector(self.document, pseudonym)
        except MappingFault as fault:
            field = ".".join(str(step) for step in fault.path)
            raise Misconfigured(f"{self.file}:{self.yaml.locate(fault.path)}: {field}: {fault.problem}") from fault


def read_connector(file: Path) -> ConnectorFile:
    """
    Read a connector. Raises Misconfigured with every fault that was found.
    """
    return connector_in(file, read_one_document(file, "a connector"))


def connector_in(file: Path, yaml: Document) -> ConnectorFile:
    """
    Read the connector in a document that was read. Raises Misconfigured with every fault that was found.
    """
    try:
        return ConnectorFile(file, yaml, CONNECTORS.validate_python(yaml.value))
    except ValidationError as error:
        raise Misconfigured(
            "\n  ".join([f"{file}: not a connector yet:", *describe(error, yaml, Connector)])
        ) from error


def load_connectors(
    folder: Path, pseudonyms: Callable[[str], Pseudonym], wanted: Sequence[str]
) -> dict[str, CompiledConnector]:
    """
    Read the connectors of a folder (one YAML file each) that somebody may post to. `pseudonyms` gives those of the
    people of one connector. Raises Misconfigured.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise Misconfigured(f"SQM_INGEST_CONNECTORS: there are no *.yaml files in {folder}")
    known: dict[str, ConnectorFile] = {}
    for read in map(read_connector, files):
        ident = read.document.metadata.id
        if ident in known:
            raise Misconfigured(f"{read.file}: the connector {ident} is in {known[ident].file} already; keep one")
        known[ident] = read
    for name in wanted:
        if name not in known:
            there = ", ".join(known)
            raise Misconfigured(
                f"{secret_variable(name, '…')}: no connector in {folder} is called {name!r}; there are {there}"
            )
    return {name: known[name].compiled(pseudonyms(name)) for name in wanted}


class Senders:
    """
    Who may post to which connector, and with which secrets.
    """

    def __init__(self, environment: Mapping[str, str], clock: Clock) -> None:
        self._secrets = Secrets(environment)
        self._clock = clock
        self._known = set(_senders(environment))
        self._held: dict[tuple[str, str], tuple[int, tuple[bytes, ...]]] = {}

    def connectors(self) -> list[str]:
        """
        The connectors that somebody may post to.
        """
        return sorted({connector for connector, _ in self._known})

    def check(self) -> None:
        """
        Read every secret once. Raises Misconfigured, naming the variable, where one is missing.
        """
        for connector, source in sorted(self._known):
            self.secrets_of(connector, source)

    def secrets_of(self, connector: str, source: str) -> tuple[bytes, ...]:
        """
        The secrets that a request may be signed with; none for a sender that nobody named. They are read again every
        second, so that a file that is changed over counts at once; while it cannot be read, the last ones count.
        """
        key = (connector, source)
        if key not in self._known:
            return ()
        now = self._clock.monotonic_ms()
        at, held = self._held.get(key, (0, ()))
        if held and now - at < _LOOK_EVERY_MS:
            return held
        try:
            text = self._secrets.reveal(PREFIX + _name(connector) + _BETWEEN + _name(source))
        except Misconfigured:
            if not held:
                raise
            return held
        found = tuple(line.strip().encode() for line in text.splitlines() if line.strip())
        self._held[key] = (now, found)
        return found


def _senders(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable in environment:
        if variable.startswith(_VARIABLE):
            connector, between, source = variable.removeprefix(_VARIABLE).removesuffix(_FILE).partition(_BETWEEN)
            if not (connector and between and source):
                raise Misconfigured(f"{variable}: write it as {secret_variable('connector', 'source')}")
            yield _id(connector), _id(source)


def _name(ident: str) -> str:
    return ident.upper().replace("-", "_")


def _id(name: str) -> str:
    return name.lower().replace("_", "-")


def secret_variable(connector: str, source: str) -> str:
    """
    Name the setting that holds the secret of one who posts to a connector.
    """
    return _VARIABLE + _name(connector) + _BETWEEN + _name(source)
