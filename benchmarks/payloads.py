"""
Payloads of webhooks in one process: what it costs to believe one, by what is wrong with it, and to make events of one.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.measuring import Figure, watched
from schemas.connectors import CONNECTORS
from schemas.signatures import SIGNATURES
from services.ingest.engine.connector import CompiledConnector, Delivered, MappedPayload, compile_connector
from services.ingest.engine.connector_examples import delivered_example
from services.ingest.engine.pseudonyms import keyed
from services.ingest.engine.signatures import SignedRequest, check_signature, sign
from services.runtime.yamlfile import read_one_document

TITLE = "payloads of webhooks: signatures and mapping"
_FOLDER: Final = Path(__file__).resolve().parents[1] / "deploy" / "connectors"
_NOW: Final = 1_772_442_000_000
_SECRETS: Final = [b"the new secret of the vendor", b"the old secret of the vendor"]
_SIGNATURE: Final = SIGNATURES.validate_python(
    {
        "scheme": "hmac", "header": "x-signature", "signs": "{timestamp}.{body}", "time": {"header": "x-time"},
    }
)  # fmt: skip
_URL: Final = "https://sqm.example/v1/webhooks/vendor/till"
_BARE: Final = "bare decoding of the same body, us"


def run(scale: float) -> Iterator[Figure]:
    """Check what is right and what is wrong in each way, small and large; then map what two vendors post."""
    for name, size, count in (("2 kB", 2_000, int(4_000 * scale)), ("10 MB", 10_000_000, int(20 * scale))):
        yield from _answers(name, b"x" * size, max(5, count))
    for vendor in ("square", "amazon-connect"):
        yield from _mapped(vendor, max(20, int(3_000 * scale)))


def _answers(name: str, body: bytes, count: int) -> Iterator[Figure]:
    right = sign(_SIGNATURE, _SECRETS[1], SignedRequest("POST", _URL, {}, body), _NOW)
    headers = dict(right.headers)
    cases = {
        "right": right,
        "wrong": right._replace(headers=headers | {"x-signature": "0" * 64}),
        "a byte altered": right._replace(body=b"y" + body[1:]),
        "malformed": right._replace(headers=headers | {"x-signature": "?"}),
        "missing": right._replace(headers={}),
        "stale": sign(_SIGNATURE, _SECRETS[1], SignedRequest("POST", _URL, {}, body), _NOW - 3_600_000),
    }
    spent: dict[str, list[int]] = {case: [] for case in cases}
    # In turns, so that whatever the machine does meanwhile happens to all alike.
    for _ in range(count):
        for case, request in cases.items():
            began = time.perf_counter_ns()
            fault = check_signature(_SIGNATURE, _SECRETS, request, _NOW)
            spent[case].append(time.perf_counter_ns() - began)
            assert (fault is None) is (case == "right")
    typical = {case: statistics.median(taken) / 1_000 for case, taken in spent.items()}
    for case, taken in typical.items():
        yield Figure(f"signature of {name}, two secrets: {case}", taken, "us", typical["right"], "a right one, us")


def _mapped(vendor: str, count: int) -> Iterator[Figure]:
    document = CONNECTORS.validate_python(read_one_document(_FOLDER / f"{vendor}.yaml", "a connector").value)
    connector = compile_connector(document, keyed(b"key", vendor))
    bodies = [delivered_example(document, example) for example in document.examples]
    _made(connector, bodies)
    with watched() as bare:
        for _ in range(count):
            for body in bodies:
                msgspec.json.decode(body.body)
    with watched() as watch:
        made = sum(_made(connector, bodies) for _ in range(count))
    assert made == count * sum(len(example.events) for example in document.examples)
    cost = watch.cpu_microseconds(count * len(bodies))
    yield Figure(f"mapping of {vendor}", cost, "us/payload", bare.cpu_microseconds(count * len(bodies)), _BARE)
    yield Figure(f"mapping of {vendor}: payloads", 1e6 / cost, "a second of CPU")


def _made(connector: CompiledConnector, bodies: list[Delivered]) -> int:
    made = 0
    for body in bodies:
        for outcome in connector.outcomes(body):
            made += len(outcome.events) if isinstance(outcome, MappedPayload) else 0
    return made
