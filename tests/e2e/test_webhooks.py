"""
What vendors send, from their HTTP requests to verdicts: signed, stored, mapped, judged; out of order and twice.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from schemas.signatures import Signature
from schemas.topics import DEAD_LETTERS, EVENTS, MEASUREMENTS, RAW
from services.ingest.engine.signatures import SignedRequest, sign
from services.ingest.shell.connectors import read_connector
from tests.e2e.ingest_process import running_ingest
from tests.e2e.service_process import ServiceProcess
from tests.e2e.sla_line import Line, now_ms, standard, standing_of
from tests.e2e.test_ingest import sqm
from tests.fakes.identities import identity_store, opened_letter
from tests.project import PROJECT

SECRET: Final = b"the secret of this test"
SOURCE: Final = "shop"


class Journey(NamedTuple):
    """
    What is expected of one journey: its events, each by type and the end of its id, with their times.
    """

    site: str
    subject: str
    events: tuple[tuple[str, str], ...]


class Vendor(NamedTuple):
    """
    One vendor's row of the table: the headers of each payload, the journeys, and how many payloads are passed over.
    """

    headers: dict[str, dict[str, str]]
    journeys: tuple[Journey, ...]
    passed_over: int = 0


VENDORS: Final = {
    "square": Vendor(
        {},
        (
            Journey("FPYCBCHYMXFK1", "eA3vssLHKJrv9H0IdJCM3gNqfdcZY", (
                ("journey.arrived", "2020-04-16T23:14:26.129Z"), ("milestone.reached", "2020-04-16T23:16:30.789Z"),
            )),
            Journey("S8GWD5R9QB376", "03O3USaPaAaFnI6kkwB1JxGgBsUZY", (
                ("milestone.reached", "2020-11-22T21:19:00.832Z"), ("sale.completed", "2020-11-22T21:19:00.832Z"),
            )),
            Journey("NAQ1FHV6ZJ8YV", "haOyDuHiqtAXMk0d8pDKXpL7Jg4F", (
                ("return.processed", "2020-02-06T22:14:16.381Z"),
            )),
            Journey("L9R0X9X5SGDBJ", "i2id2g3enyspi7", (("milestone.reached", "2020-12-08T19:56:53.000Z"),)),
        ),
        passed_over=21,
    ),
    "shopify": Vendor(
        {
            "order.json": {"x-shopify-topic": "orders/create"},
            "fulfillment.json": {"x-shopify-topic": "fulfillments/create"},
            "fulfillment_event.json": {"x-shopify-topic": "fulfillment_events/create"},
            "refund.json": {"x-shopify-topic": "refunds/create"},
        },
        (
            Journey("shop", "order-450789469", (
                ("journey.arrived", "2008-01-10T16:00:00.000Z"), ("return.processed", "2016-06-20T17:35:06.000Z"),
            )),
            Journey("shop", "order-2776493818019", (("milestone.reached", "2021-01-25T21:32:23.000Z"),)),
        ),
        passed_over=2,
    ),
    "zendesk": Vendor(
        {},
        (
            Journey("shop", "ticket-5158", (
                ("journey.arrived", "2025-01-08T10:12:07.000Z"), ("journey.transferred", "2025-01-08T12:15:45.789Z"),
                ("service.completed", "2025-01-08T16:45:20.987Z"),
            )),
        ),
    ),
    "genesys-cloud": Vendor(
        {},
        (
            Journey("shop", "bac4b442-9875-4a24-a9a0-336abb0af0d0", (
                ("journey.arrived", "2025-04-10T13:31:57.837Z"), ("journey.called", "2025-04-10T13:32:02.464Z"),
                ("service.completed", "2025-04-10T13:32:40.942Z"), ("service.started", "2025-04-10T13:32:02.464Z"),
            )),
        ),
        passed_over=2,
    ),
    "amazon-connect": Vendor(
        {},
        (
            Journey("shop", "11111111-1111-1111-1111-111111111111", (
                ("journey.arrived", "2021-08-04T17:29:04.000Z"), ("journey.called", "2021-08-04T17:29:09.000Z"),
                ("service.started", "2021-08-04T17:29:09.000Z"),
            )),
        ),
        passed_over=1,
    ),
}  # fmt: skip
"""What the payloads of each vendor come to, by the id of its connector."""

STANDARDS: Final = (
    standard("first-step", stop="milestone.reached", limit="5m"),
    standard("answered"),
    standard("solved", stop="service.completed", limit="8h"),
    standard("handling", start="service.started", stop="service.completed", limit="10m"),
)
MEASURED: Final = {
    ("first-step", "eA3vssLHKJrv9H0IdJCM3gNqfdcZY"): 124_660,
    ("solved", "ticket-5158"): 23_593_987,
    ("answered", "bac4b442-9875-4a24-a9a0-336abb0af0d0"): 4_627,
    ("solved", "bac4b442-9875-4a24-a9a0-336abb0af0d0"): 43_105,
    ("handling", "bac4b442-9875-4a24-a9a0-336abb0af0d0"): 38_478,
    ("answered", "11111111-1111-1111-1111-111111111111"): 5_000,
}
"""Milliseconds of each standard's clock in each journey that has both its start and its end."""


def connector_file(name: str) -> Path:
    return PROJECT / "deploy" / "connectors" / f"{name}.yaml"


def signature_of(name: str) -> Signature:
    return read_connector(connector_file(name)).document.signature


def post(ingest: ServiceProcess, name: str, body: bytes, headers: dict[str, str]) -> int:
    request = SignedRequest("POST", f"{ingest.url}/v1/webhooks/{name}/{SOURCE}", headers, body)
    signed = sign(signature_of(name), SECRET, request, now_ms())
    return httpx.post(signed.url, content=body, headers=dict(signed.headers), timeout=30).status_code


def metrics(ingest: ServiceProcess) -> str:
    return httpx.get(f"{ingest.url}/metrics", timeout=30).text


def passed_over(figures: str) -> dict[str, int]:
    found = re.findall(r'sqm_ingest_payloads_total{connector="([^"]+)",outcome="passed_over"} (\d+)', figures)
    return dict.fromkeys(VENDORS, 0) | {name: int(count) for name, count in found}


def settings(kafka: str, prefix: str, folder: Path, *connectors: str) -> dict[str, str]:
    names = {f"SQM_SECRET_WEBHOOK__{name.upper().replace('-', '_')}__SHOP": SECRET.decode() for name in connectors}
    return {
        "SQM_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "SQM_KAFKA__TOPIC_PREFIX": prefix,
        "SQM_INGEST_TOKENS_FILE": str(folder / "none.json"),
        "SQM_INGEST_DEVELOPMENT_OPEN": "true",
        "SQM_INGEST_CONNECTORS": str(PROJECT / "deploy" / "connectors"),
        "SQM_IDENTITIES_FILE": str(folder / "identities.db"),
        **names,
    }


def payloads(real_data: Path) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    for name, vendor in VENDORS.items():
        for file in sorted((real_data / "payloads" / name.replace("-", "_")).glob("*.json")):
            yield name, file.read_bytes(), vendor.headers.get(file.name, {})


def told(events: Sequence[dict[str, Any]]) -> set[Journey]:
    """
    The journeys that events tell of, a copy or a lower revision not counted.
    """
    latest: dict[str, dict[str, Any]] = {}
    for one in events:
        held = latest.get(one["id"])
        if held is None or held["revision"] <= one["revision"]:
            latest[one["id"]] = one
    journeys: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in latest.values():
        journeys.setdefault((one["data"]["site"], one["subject"]), []).append(
            (one["type"].removeprefix("sqm."), one["time"])
        )
    return {Journey(site, subject, tuple(sorted(found))) for (site, subject), found in journeys.items()}


async def test_every_payload_of_a_vendor_twice_and_out_of_order_becomes_the_journeys_expected(
    kafka: str, tmp_path: Path, real_data: Path
) -> None:
    sent = [one for one in payloads(real_data) for _ in range(2)]
    random.Random(7).shuffle(sent)
    prefix = "webhooks."
    async with Line(kafka, prefix, tmp_path) as line:
        await line.publish(*STANDARDS)
        with running_ingest(tmp_path, settings(kafka, prefix, tmp_path, *VENDORS)) as ingest:
            for name, body, headers in sent:
                assert post(ingest, name, body, headers) == 200
            await line.drained("sqm.ingest.webhooks", [RAW.name])
            figures = metrics(ingest)
        assert passed_over(figures) == {name: vendor.passed_over * 2 for name, vendor in VENDORS.items()}
        assert await line.records(DEAD_LETTERS.name) == []
        expected = {journey for vendor in VENDORS.values() for journey in vendor.journeys}
        assert told(await line.outcomes(EVENTS.name)) == expected
        # Years lie between the payloads: with so much patience none of them is too late for another.
        worker = line.worker(SQM_SLA_CLOCK="event", SQM_SLA_LATENESS_SECONDS="1000000000", SQM_SLA_OBJECTIVES="false")
        await worker.ready()
        await line.drained()
        measured = standing_of(await line.outcomes(MEASUREMENTS.name)).values()
        assert {(one["standard"], one["journey"]): one["value_ms"] for one in measured} == MEASURED


async def test_a_corrected_connector_maps_the_stored_bodies_again_without_counting_twice(
    kafka: str, tmp_path: Path, real_data: Path
) -> None:
    body = (real_data / "payloads" / "square" / "order.created.json").read_bytes()
    wrong = (
        connector_file("square")
        .read_text("utf-8")
        .replace(
            "{type: journey.arrived, time: made_at}",
            "{type: journey.arrived, time: sent_at, data: {queue: location}}",
            1,
        )
    )
    folder = tmp_path / "connectors"
    folder.mkdir()
    (folder / "square.yaml").write_text(wrong, "utf-8")
    mine = settings(kafka, "remap.", tmp_path, "square") | {"SQM_INGEST_CONNECTORS": str(folder)}
    async with Line(kafka, "remap.", tmp_path) as line:
        with running_ingest(tmp_path, mine) as ingest:
            assert post(ingest, "square", body, {}) == 200
            # The largest body that is taken, and one that is not.
            noise = random.Random(1).randbytes(1024 * 1024)
            assert post(ingest, "square", noise, {}) == 200
            assert post(ingest, "square", noise * 10, {}) == 413
            await line.drained("sqm.ingest.webhooks", [RAW.name])
            right = connector_file("square").read_text("utf-8").replace("id: square\n", "id: square\n  edition: 2\n", 1)
            (folder / "square.yaml").write_text(right, "utf-8")
            dry = sqm("connector", "replay", str(folder / "square.yaml"), "--dry-run", **mine)
            assert (dry.returncode, "1 events" in dry.stdout, "not_json" in dry.stdout) == (1, True, True), dry.stderr
            again = sqm("connector", "replay", str(folder / "square.yaml"), "--source", SOURCE, "--since", "1d", **mine)
            assert "sent and acknowledged" in again.stdout, again.stderr
            await line.drained("sqm.ingest", ["sqm.events.in.v1"])
        first, second = sorted(await line.outcomes(EVENTS.name), key=lambda one: int(one["revision"]))
        assert first["id"] == second["id"]
        assert ("queue" in first["data"], "queue" in second["data"]) == (True, False)
        [record] = await line.records(DEAD_LETTERS.name)
        letter = opened_letter(identity_store(tmp_path), record.key, record.value, record.headers)
        assert (letter.reason, letter.stage, letter.value) == ("not_json", "mapping", None)
        assert json.loads(body)["type"] == "order.created"
