"""
Laws of whole days of webhooks: mapping and engine together find what really happened, however the payloads come.
"""

import json
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.metrics import Counts
from schemas.standards import DOCUMENTS, Published
from services.cli import main
from services.ingest.engine.connector import CompiledConnector, Delivered, MappedPayload, RejectedPayload
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.normalise import Accepted, normalise
from services.ingest.engine.normalise import Policy as IngestPolicy
from services.sla.engine import Attainment, Book, ClockKind, Policy, Record
from services.sla.engine.events import decode_event
from tests.e2e.sla_line import standard
from tests.fakes.connectors import shipped, shipped_with
from tests.fakes.history_service import history_service
from tests.fakes.identities import identities_file, identity_store
from tests.fakes.small_ingest import SmallIngest
from tests.fakes.vendor_days import DAY_START, OPEN_MS, VendorDay, connect_day, posted, square_day
from tests.properties.running import counts_of, run

HOUR = 3_600_000
END = DAY_START + OPEN_MS + 40 * HOUR
NIGHT = DAY_START + OPEN_MS + 10 * HOUR
SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=max(5, settings().max_examples // 20))
"""A day is hundreds of payloads."""
DAYS = {"amazon-connect": connect_day, "square": square_day}
BOOKS = {
    name: Book.of([Published(document=DOCUMENTS.validate_python(document), published_at=0, published_by="test")])
    for name, document in {
        "amazon-connect": standard(limit="20s"),
        "square": {
            **standard(limit="10m"),
            "clock": {
                "start": "journey.arrived",
                "stop": {"event": "milestone.reached", "where": {"milestone": "ready"}},
                "limit": "10m",
            },
        },
    }.items()
}


def found(day: VendorDay, delivered: list[Delivered]) -> Counts:
    """
    What the line finds: payloads are mapped and normalised, their events folded in the order in which they came.
    """
    return judged(day, arrived(shipped(day.connector), delivered))


def arrived(connector: CompiledConnector, delivered: list[Delivered]) -> list[tuple[int, bytes]]:
    """
    When each event of some payloads came, and the event as it is kept.
    """
    events: list[tuple[int, bytes]] = []
    for one in delivered:
        for outcome in connector.outcomes(one):
            assert not isinstance(outcome, RejectedPayload), outcome
            made = outcome.events if isinstance(outcome, MappedPayload) else ()
            events += [kept(encode_event(event), one.received_at) for event in made]
    return events


def kept(event: bytes, received_at: int) -> tuple[int, bytes]:
    accepted = normalise(event, received_at, IngestPolicy())
    assert isinstance(accepted, Accepted), accepted
    return received_at, accepted.value


def judged(day: VendorDay, events: list[tuple[int, bytes]]) -> Counts:
    records: list[Record] = [(number, at, decode_event(event)) for number, (at, event) in enumerate(events)]
    policy = Policy(clock=ClockKind.EVENT, lateness_ms=20 * HOUR)
    _, ledger = run(policy, BOOKS[day.connector], records, until=END)
    rows = [row for row in ledger.by_id.values() if isinstance(row, Attainment)]
    return Counts.total(Counts(*counts_of(row)) for row in rows)


@pytest.mark.parametrize("vendor", DAYS)
@given(seed=SEEDS)
@FEW
def test_a_day_in_order_gives_the_truth(vendor: str, seed: int) -> None:
    day = DAYS[vendor](seed, 60)
    assert found(day, posted(day, seed)[0]) == day.truth


@pytest.mark.parametrize("vendor", DAYS)
@given(seed=SEEDS)
@FEW
def test_repeats_and_another_order_change_no_figure(vendor: str, seed: int) -> None:
    day = DAYS[vendor](seed, 60)
    assert found(day, posted(day, seed, repeat=0.4, delay_ms=30 * 60_000)[0]) == day.truth


@pytest.mark.parametrize("vendor", DAYS)
@given(seed=SEEDS)
@FEW
def test_with_a_tenth_lost_and_posted_again_at_night_the_figures_are_those_of_the_day(vendor: str, seed: int) -> None:
    day = DAYS[vendor](seed, 60)
    came, lost = posted(day, seed, repeat=0.1, delay_ms=10_000, lose=0.1)
    assert lost
    again = [one._replace(received_at=NIGHT) for one in lost]
    assert found(day, [*came, *again]) == day.truth


@pytest.mark.parametrize("vendor", DAYS)
def test_a_tenth_that_is_lost_is_missed(vendor: str) -> None:
    day = DAYS[vendor](7)
    assert found(day, posted(day, 7, lose=0.1)[0]) != day.truth


@pytest.mark.parametrize("vendor", DAYS)
@given(seed=SEEDS, as_list=st.booleans())
@FEW
def test_with_a_tenth_lost_and_reconciled_from_the_export_the_figures_are_those_of_the_day(
    vendor: str, seed: int, as_list: bool
) -> None:
    day = DAYS[vendor](seed, 60)
    came, _ = posted(day, seed, repeat=0.1, delay_ms=10_000, lose=0.1)
    payloads = [post.body for post in day.posts]
    with (
        TemporaryDirectory() as folder,
        history_service() as history,
        SmallIngest() as ingest,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("SQM_IDENTITIES_FILE", identities_file(Path(folder)))
        with closing(identity_store(Path(folder))) as identities:
            live = arrived(shipped_with(vendor, identities.pseudonyms), came)
            identities.commit()
        export = Path(folder) / ("day.json" if as_list else "day.jsonl")
        export.write_text(json.dumps(payloads) if as_list else "\n".join(map(json.dumps, payloads)))
        history.answers(*({"id": json.loads(event)["id"], "raw": event.decode()} for _, event in live))
        words = ("--connector", vendor, "--source", "site", "--history", history.url, "--url", ingest.url)
        assert main(["reconcile", *words, "--send", str(export)]) == 0
        added = [kept(json.dumps(event).encode(), NIGHT) for event in ingest.events.values()]
    assert judged(day, [*live, *added]) == day.truth


def test_a_day_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert connect_day(7) == connect_day(7)
    assert square_day(7) == square_day(7)
    assert connect_day(7).posts != connect_day(8).posts


def test_a_day_holds_what_a_day_holds() -> None:
    centre, shop = connect_day(1).truth, square_day(1).truth
    assert min(centre.answered, centre.answered_within, centre.abandoned, centre.abandoned_within) > 5
    assert centre.answered > centre.answered_within
    assert min(shop.answered_within, shop.cancelled) > 5
    assert shop.answered > shop.answered_within
