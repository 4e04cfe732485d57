"""
Webhooks over HTTP: their signature checked, stored in a real Kafka before the answer, mapped and written on behind it.
"""

import random
import statistics
from collections.abc import Iterator
from typing import Final

from benchmarks.line import Line, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.posting import Request, answered, posted_requests
from benchmarks.processes import PROJECT, FailedError, Service
from schemas.connectors import CONNECTORS, Connector
from schemas.signatures import Signature
from schemas.topics import EVENTS, RAW
from services.ingest.engine.connector_examples import delivered_example
from services.ingest.engine.signatures import SignedRequest, sign
from services.runtime.yamlfile import read_one_document

TITLE: Final = "webhooks: orders of a till, each signed, stored in a real Kafka, mapped"
_FOLDER: Final = PROJECT / "deploy" / "connectors"
_ORDERS: Final = 20_000
_CONNECTIONS: Final = 32
_WARM: Final = 200
_ASKED: Final = 300
_NOW: Final = 1_772_442_000_000
_PUBLIC: Final = "https://sqm.example"
_PATH: Final = "/v1/webhooks/square/shop"
_SECRETS: Final = (b"the new secret of the vendor", b"the old secret of the vendor")
_BARE: Final = "an endpoint that only reads"
_SETTINGS: Final = {
    "SQM_INGEST_HTTP_PORT": "0",
    "SQM_INGEST_DEVELOPMENT_OPEN": "true",
    "SQM_INGEST_CONNECTORS": str(_FOLDER),
    "SQM_INGEST_PUBLIC_URL": _PUBLIC,
    "SQM_SECRET_WEBHOOK__SQUARE__SHOP": "\n".join(secret.decode() for secret in _SECRETS),
}


def run(scale: float) -> Iterator[Figure]:
    """Post orders over some connections, wait until they are mapped, and post them to the bare endpoint."""
    count = max(100, int(_ORDERS * scale))
    progress(f"signing {count:,} webhooks")
    document = CONNECTORS.validate_python(read_one_document(_FOLDER / "square.yaml", "a connector").value)
    requests = list(_orders(document, count + _WARM))
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "webhooks")
        with line.service("ingest", "services.ingest", _SETTINGS) as ingest:
            ingest.until_ready()
            posted_requests(ingest, requests[:_WARM], connections=1, warm=0)
            _mapped(ingest, _WARM)
            before = ingest.cpu_seconds()
            _, wall = posted_requests(ingest, requests[_WARM:], connections=_CONNECTIONS, warm=0)
            _mapped(ingest, len(requests))
            cpu = ingest.cpu_seconds() - before
            written = line.count(RAW.name), line.count(EVENTS.name)
            if written != (len(requests), len(requests)):
                raise FailedError(f"{len(requests)} orders were posted; stored and written on are {written}")
            answers = list(_answers(ingest, document.signature, max(20, int(_ASKED * scale))))
        with Service("bare-endpoint", ["benchmarks.bare_endpoint"], {}, line.folder) as endpoint:
            bare, bare_wall = posted_requests(endpoint, requests, connections=_CONNECTIONS, warm=_WARM)
    yield Figure(
        "webhooks, by a core, mapping and writing on included", count / cpu, "/s", count / bare, f"{_BARE}, /s",
        more_is_better=True,
    )  # fmt: skip
    yield Figure("a webhook", cpu * 1e6 / count, "us of CPU", bare * 1e6 / count, f"{_BARE}, us")
    yield Figure("stored and answered, all processes on this machine", count / wall, "/s", count / bare_wall, _BARE)
    yield from answers


def _orders(document: Connector, count: int) -> Iterator[Request]:
    like = delivered_example(document, document.examples[0]).body
    for number in range(count):
        body = like.replace(b'"O-1"', b'"O-%d"' % number).replace(b'"e-1"', b'"e-%d"' % number)
        yield _signed(document.signature, body, _SECRETS[number % 2])


def _signed(signature: Signature, body: bytes, secret: bytes) -> Request:
    request = sign(signature, secret, SignedRequest("POST", _PUBLIC + _PATH, {}, body), _NOW)
    return Request(_PATH, body, {"content-type": "application/json", **request.headers})


def _mapped(ingest: Service, count: int) -> None:
    ingest.until(lambda: ingest.metrics().get("sqm_ingest_payloads_total", 0) >= count, f"{count} payloads mapped")


def _answers(ingest: Service, signature: Signature, count: int) -> Iterator[Figure]:
    """How long answers take from outside; each round in another order, so that no case follows the same one always."""
    body = b'{"order": "' + b"x" * 2_000 + b'"}'
    right = _signed(signature, body, _SECRETS[0])
    (header,) = right.headers.keys() - {"content-type"}
    cases = {
        "wrong": _signed(signature, body, b"guessed"),
        "a byte altered": right._replace(body=body.replace(b"x", b"y", 1)),
        "malformed": right._replace(headers={header: "?"}),
        "missing": right._replace(headers={}),
        "of an unknown source": right._replace(path="/v1/webhooks/square/nobody"),
        "of an unknown connector": right._replace(path="/v1/webhooks/nothing/shop"),
    }
    spent: dict[str, list[float]] = {case: [] for case in cases}
    draw = random.Random(3)
    for _ in range(count):
        for case in draw.sample(list(cases), len(cases)):
            spent[case].append(_answer(ingest, cases[case], 401))
    # By themselves: what is stored is mapped behind its answer, and would make the next one wait.
    spent["right, stored"] = [_answer(ingest, right, 200) for _ in range(count)]
    wrong = statistics.median(spent["wrong"])
    for case, taken in spent.items():
        yield Figure(f"answer, signature {case}: p50", statistics.median(taken), "us", wrong, "a wrong one, us")


def _answer(ingest: Service, request: Request, expected: int) -> float:
    status, seconds = answered(ingest, request)
    if status != expected:
        raise FailedError(f"{request.path} answered {status}, not {expected}, to {request.headers}")
    return seconds * 1e6
