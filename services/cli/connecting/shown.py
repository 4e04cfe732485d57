"""
Connectors as `sqm connector list` and `show` tell them: what each feeds, how it is set up, and under which names.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from schemas.connectors import LONGEST_ID, ConnectorId
from schemas.signatures import FormSignature, HmacSignature
from services.cli.connecting.finding import Listed
from services.cli.connector_files import ReadConnector
from services.cli.connector_pages import event_types, proof_of, shown_document
from services.ingest.shell.connectors import secret_variable
from services.runtime.errors import Misconfigured

__all__ = ["list_lines", "list_objects", "read_headers", "read_id", "show_lines", "tell_faults"]

_ID: Final = TypeAdapter(ConnectorId)


def read_id(option: str, name: str) -> str:
    """
    Take the id of a connector, or of one who posts to it. Raises Misconfigured.
    """
    try:
        return _ID.validate_python(name)
    except ValidationError as error:
        problem = f"write small letters and digits with dashes between, like riga-1, at most {LONGEST_ID} characters"
        raise Misconfigured(f"{option} {name[:60]!r}: {problem}") from error


def read_headers(given: Iterable[str]) -> dict[str, str]:
    """
    Read headers as they stand in a request. Raises Misconfigured.
    """
    headers: dict[str, str] = {}
    for one in given:
        name, colon, value = one.partition(":")
        if not colon or not name.strip():
            raise Misconfigured(f"--header {one[:60]!r}: write it as 'NAME: VALUE'")
        headers[name.strip().lower()] = value.strip()
    return headers


def list_lines(listed: list[Listed]) -> Iterator[str]:
    """
    One paragraph for each connector.
    """
    for one in listed:
        if isinstance(one.read, ReadConnector):
            document = one.read.document
            yield f"{document.metadata.id:<20} {document.metadata.title} ({'own' if one.own else 'shipped'})\n"
            yield from (f"{'':20} - {line}\n" for line in document.guide.feeds)
            yield f"{'':20} events: {', '.join(event_types(document))}\n"


def list_objects(listed: list[Listed]) -> list[dict[str, Any]]:
    """
    The same for programs.
    """
    return [
        {
            "id": one.read.document.metadata.id,
            "title": one.read.document.metadata.title,
            "own": one.own,
            "file": str(one.file),
            "feeds": list(one.read.document.guide.feeds),
            "lacks": list(one.read.document.guide.lacks),
            "events": event_types(one.read.document),
        }
        for one in listed
        if isinstance(one.read, ReadConnector)
    ]


def tell_faults(listed: list[Listed]) -> bool:
    """
    Write what is wrong with files that hold no connector; whether there are any.
    """
    faults = [str(one.read) for one in listed if isinstance(one.read, Misconfigured)]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return bool(faults)


def show_lines(read: ReadConnector, source: str, public_url: str) -> Iterator[str]:
    """
    One connector: what it feeds and lacks, how to set it up for a `source`, and the document.
    """
    document = read.document
    name = document.metadata.id
    yield f"{name}: {document.metadata.title}\n"
    if document.metadata.why is not None:
        yield f"{' '.join(document.metadata.why.split())}\n"
    yield f"The vendor's documentation: {document.guide.documentation}\n"
    yield from ("\nFeeds\n", *(f"  - {line}\n" for line in document.guide.feeds))
    if document.guide.lacks:
        yield from ("\nCannot tell\n", *(f"  - {line}\n" for line in document.guide.lacks))
    yield from ("\nSteps\n", *(f"  {at}. {line}\n" for at, line in enumerate(document.guide.setup, start=1)))
    yield f"\nThe address to enter\n  {public_url}/v1/webhooks/{name}/{source}\n"
    yield f"\nHow requests are believed\n  {proof_of(document.signature)}\n"
    yield "\nSettings of ingest\n"
    settings = list(_settings(read, source))
    width = max(len(variable) for variable, _ in settings)
    yield from (f"  {variable:<{width}}  {meaning}\n" for variable, meaning in settings)
    yield f"\nThe document, {read.file}\n\n{shown_document(read)}\n"


def _settings(read: ReadConnector, source: str) -> Iterator[tuple[str, str]]:
    document = read.document
    yield "SQM_INGEST_CONNECTORS", f"the folder of connectors, here {read.file.parent}"
    variable = secret_variable(document.metadata.id, source)
    yield variable, "the secret that the vendor signs with"
    yield f"{variable}_FILE", "or the file that it stands in"
    if document.names_people:
        yield "SQM_IDENTITIES_FILE", "the store of identities: it names customers or employees"
    signature = document.signature
    if isinstance(signature, FormSignature) or (isinstance(signature, HmacSignature) and "{url}" in signature.signs):
        yield "SQM_INGEST_PUBLIC_URL", "the address as the vendor knows it, which it signs"
