"""
Laws of both stages together: that the second one looks on at every minute boundary changes nothing that the first one
says, and all that is said of scopes is a valid message of the contract.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import outcomes as contract
from services.sla.engine import Book, ClockKind, Objectives, Partition, Policy, Record, Said, Stages, encode_outcome
from tests.properties.drawing import BASE_MS, DAY, HOUR, MINUTE, book, books, event, logs, standard
from tests.properties.running import Ledger, run, wire

POLICIES = (Policy(grace_ms=1_000), Policy(clock=ClockKind.EVENT), Policy(clock=ClockKind.EVENT, lateness_ms=MINUTE))


def staged(policy: Policy, book: Book, log: list[Record], *, objectives: bool = True) -> tuple[Stages, list[Said]]:
    stages = Stages(Partition(policy), Objectives(policy.horizon_ms) if objectives else None)
    said = [*stages.fold(log, book), *stages.advance(log[-1][1] + 3 * HOUR, book)]
    return stages, said


@given(book=books(), log=logs(), policy=st.sampled_from(POLICIES))
def test_the_first_stage_says_the_same_as_by_itself(book: Book, log: list[Record], policy: Policy) -> None:
    _, alone = run(policy, book, log, until=log[-1][1] + 3 * HOUR)
    _, said = staged(policy, book, log)
    ledger = Ledger()
    for one in said:
        ledger.take(one.decision)
        ledger.keep(one.rows)
    assert ledger.standing() == alone.standing()
    assert (ledger.notes, ledger.rejected) == (alone.notes, alone.rejected)
    journeys = [sorted(wire(one for one in held.said if not one.id.startswith("a:"))) for held in (ledger, alone)]
    assert journeys[0] == journeys[1]


@given(book=books(), log=logs(), policy=st.sampled_from(POLICIES))
def test_what_is_said_of_scopes_is_a_valid_message_and_none_is_retracted(
    book: Book, log: list[Record], policy: Policy
) -> None:
    open_ids: set[str] = set()
    for said in staged(policy, book, log)[1]:
        for one in said.violations:
            read: Any = contract.VIOLATIONS.validate_json(encode_outcome(one))
            assert read.model_dump(mode="json") == msgspec.json.decode(msgspec.json.encode(msgspec.structs.asdict(one)))
            assert (one.id in open_ids) == (one.state == "closed")
            (open_ids.add if one.state == "opened" else open_ids.discard)(one.id)


@given(book=books(), log=logs(), policy=st.sampled_from(POLICIES))
def test_without_objectives_the_first_stage_stands_alone(book: Book, log: list[Record], policy: Policy) -> None:
    stages, said = staged(policy, book, log, objectives=False)
    assert len(said) == 2
    assert stages.standings() == [one for part in said for one in (*part.violations, *part.settled)] == []


def test_time_that_began_with_an_implausible_instant_is_not_made_up_for() -> None:
    wait = standard("wait")
    records: list[Record] = [
        (0, BASE_MS, event(400 * DAY, "journey.arrived", "far", "e0")),
        (1, BASE_MS, event(0, "journey.arrived", "anna", "e1")),
        (2, BASE_MS + MINUTE, event(30_000, "journey.called", "anna", "e2")),
    ]
    stages = Stages(Partition(Policy(clock=ClockKind.EVENT)), Objectives(HOUR))
    said = [one for part in (records[:1], records[1:]) for one in stages.fold(part, book(wait))]
    said += stages.advance(BASE_MS + HOUR, book(wait))
    told = [(one.state, one.as_of - BASE_MS) for part in said for one in part.violations]
    assert told == [("opened", MINUTE)]


@pytest.mark.parametrize("clock", ClockKind)
def test_of_nothing_nothing_is_said(clock: ClockKind) -> None:
    stages = Stages(Partition(Policy(clock=clock)), Objectives(HOUR))
    assert list(stages.fold([], Book())) == []
    (said,) = stages.advance(HOUR, Book())
    assert (said.rows, said.violations, said.settled) == ([], [], [])
