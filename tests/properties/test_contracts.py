"""
Laws: every outcome of the engine is a valid message of the contract, and the state of what is over is nothing.
"""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas import outcomes as contract
from services.sla import engine
from services.sla.engine import Attainment, Book, Measurement, Partition, Policy, Record, Violation, advance
from tests.properties.drawing import DAY, books, logs
from tests.properties.running import Written, run, wire

POLICIES = (Policy(grace_ms=1_000), Policy(clock=engine.ClockKind.EVENT), Policy(horizon_ms=60_000, chunks=2))
PAIRS = (
    (Measurement, contract.Measurement), (Violation, contract.Violation), (Attainment, contract.Attainment),
    (engine.TrailEntry, contract.TrailEntry), (engine.Segment, contract.Segment),
)  # fmt: skip


def test_structs_and_models_have_the_same_fields() -> None:
    for struct, model in PAIRS:
        assert {field.name for field in msgspec.structs.fields(struct)} == set(model.model_fields)


@given(book=books(), log=logs(), policy=st.sampled_from(POLICIES))
def test_every_outcome_is_a_valid_message(book: Book, log: list[Record], policy: Policy) -> None:
    _, ledger = run(policy, book, log, until=log[-1][1] + 5 * DAY)
    readers: dict[type, TypeAdapter[Any]] = {
        Measurement: contract.MEASUREMENTS, Violation: contract.VIOLATIONS, Attainment: contract.ATTAINMENTS,
    }  # fmt: skip
    for one, raw in zip(ledger.said, wire(ledger.said), strict=True):
        read = readers[type(one)].validate_json(raw)
        assert read.model_dump(mode="json", exclude_unset=True) == msgspec.json.decode(raw)


@given(book=books(), log=logs(), policy=st.sampled_from(POLICIES))
def test_what_is_over_is_forgotten(book: Book, log: list[Record], policy: Policy) -> None:
    """Every journey, row, chunk and site is gone once the horizon has passed twice and its checkpoints were written."""
    state, _ = run(policy, book, log, until=log[-1][1] + 3 * DAY)
    written = Written()
    now = max(state.watermark, log[-1][1])
    for _ in range(6):
        written.save(state)
        now += 3 * DAY
        advance(state, book, now)
        engine.drain_attainment(state, book)
    written.save(state)
    assert not state.sites
    assert not state.changed
    assert not any(written.blobs.values())
    advance(state, book, now + 400 * DAY)
    assert not state.timers


@given(book=books(), log=logs())
def test_a_restored_partition_forgets_as_well(book: Book, log: list[Record]) -> None:
    policy = Policy(chunks=2)
    state, _ = run(policy, book, log)
    written = Written()
    written.save(state)
    now = log[-1][1]
    for _ in range(8):
        state = written.open(policy, book, eager=False)
        now += 3 * DAY
        advance(state, book, now)
        engine.drain_attainment(state, book)
        written.save(state)
    assert not any(written.blobs.values())


def test_a_partition_begins_empty() -> None:
    state = Partition(Policy())
    assert state.next_timer() is None
    assert state.dirty() == []
    assert state.gauges().open_journeys == 0
