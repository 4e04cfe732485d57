"""
Asterisk's queue log becomes the journeys that callers had: attainment found in a drawn day equals what was drawn.
"""

from io import BytesIO

import pytest

from services.ingest.engine.mapped import cloud_event, encode_event
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from tests.fakes.queue_log import asterisk_day
from tests.fakes.queue_log_judged import MAPPING, RETURNING, attainment_of, events_of


@pytest.mark.parametrize("seed", [1, 2])
def test_attainment_of_a_drawn_day_equals_the_truth(seed: int) -> None:
    day = asterisk_day(seed)
    assert attainment_of(map(encode_event, events_of(day.lines))) == day.truth(20)


def test_no_two_events_of_a_day_share_an_id() -> None:
    events = events_of(asterisk_day(1).lines)
    assert len({event.id for event in events}) == len(events)


def told(*lines: str, mapping: CompiledMapping = MAPPING) -> list[tuple[str, str, str]]:
    """
    Type, subject and the one fact that a kind of line is about.
    """
    said = []
    for event in map(cloud_event, events_of([f"17698464{at:02d}|{line}\n" for at, line in enumerate(lines)], mapping)):
        data = event["data"]
        word = next((data[name] for name in ("milestone", "outcome", "reason", "state") if name in data), "")
        said.append((event["type"].removeprefix("sqm."), event["subject"], word))
    return said


def test_a_call_that_waits_in_two_queues_is_two_journeys() -> None:
    assert told(
        "c1|sales|NONE|ENTERQUEUE||030|1",
        "c1|sales|PJSIP/1|CONNECT|1|c2|1",
        "c1|sales|PJSIP/1|BLINDTRANSFER|700|internal|1|1|1",
        "c1|support|NONE|ENTERQUEUE||030|1",
        "c1|support|NONE|ABANDON|1|1|1",
    ) == [
        ("journey.arrived", "c1-sales", ""),
        ("journey.called", "c1-sales", ""),
        ("service.started", "c1-sales", ""),
        ("service.completed", "c1-sales", "transferred"),
        ("journey.transferred", "c1-sales", "blind"),
        ("journey.arrived", "c1-support", ""),
        ("journey.abandoned", "c1-support", "hung_up"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("c|q|PJSIP/1|COMPLETEAGENT|1|2|3", ("service.completed", "c-q", "by_agent")),
        ("c|q|PJSIP/1|COMPLETECALLER|1|2|3", ("service.completed", "c-q", "by_caller")),
        ("c|q|NONE|EXITWITHKEY|5|1|1|9", ("journey.abandoned", "c-q", "key")),
        ("c|q|NONE|EXITEMPTY|1|1|9", ("journey.abandoned", "c-q", "empty")),
        ("c|q|NONE|EXITWITHTIMEOUT|1|1|9", ("journey.abandoned", "c-q", "timeout")),
        ("c|q|PJSIP/1|AGENTDUMP|", ("journey.abandoned", "c-q", "agent_dump")),
        ("c|q|PJSIP/1|SYSCOMPAT", ("journey.abandoned", "c-q", "incompatible")),
        ("c|q|PJSIP/1|RINGNOANSWER|999", ("milestone.reached", "c-q", "agent_unreachable")),
        ("c|q|PJSIP/1|RINGNOANSWER|1000", ("milestone.reached", "c-q", "ring_no_answer")),
        ("NONE|q|PJSIP/1|ADDMEMBER|", ("staff.state_changed", "PJSIP/1", "available")),
        ("NONE|q|PJSIP/1|ADDMEMBER|PAUSED", ("staff.state_changed", "PJSIP/1", "break")),
        ("REALTIME|q|PJSIP/1|REMOVEMEMBER|", ("staff.state_changed", "PJSIP/1", "off")),
        ("NONE|q|PJSIP/1|PAUSE|lunch", ("staff.state_changed", "PJSIP/1", "break")),
        ("NONE|q|PJSIP/1|UNPAUSE|", ("staff.state_changed", "PJSIP/1", "available")),
        ("c|NONE|Agent/7|AGENTLOGIN|PJSIP/1-2", ("staff.state_changed", "Agent/7", "available")),
        ("c|NONE|Agent/7|AGENTLOGOFF|PJSIP/1-2|99", ("staff.state_changed", "Agent/7", "off")),
        ("c|NONE|Agent/7|AGENTCALLBACKLOGOFF|1@in|99|Autologoff", ("staff.state_changed", "Agent/7", "off")),
    ],
)
def test_each_kind_of_line_becomes_what_it_means(line: str, expected: tuple[str, str, str]) -> None:
    assert told(line) == [expected]


def test_an_older_transfer_completes_and_hands_over() -> None:
    assert [word for _, _, word in told("c|q|PJSIP/1|TRANSFER|700|internal|1|2|3")] == ["transferred", "unknown"]


@pytest.mark.parametrize("word", ["QUEUESTART", "CONFIGRELOAD", "DID", "RINGCANCELED", "PAUSEALL", "UNPAUSEALL", "OWN"])
def test_what_no_standard_rests_on_is_passed_over_by_its_name(word: str) -> None:
    line = f"1769846400|c|q|PJSIP/1|{word}|1\n"
    assert events_of([line]) == []
    (row,) = MAPPING.read(BytesIO(line.encode()), "queue_log")
    assert not isinstance(row, RejectedRow)
    assert MAPPING.kind_of(row) == word


def test_where_callers_return_after_the_time_limit_the_wait_goes_on() -> None:
    lines = ("c|q|NONE|ENTERQUEUE||1|1", "c|q|NONE|EXITWITHTIMEOUT|1|1|1", "c|q|NONE|ENTERQUEUE||1|1")
    assert [kind for kind, _, _ in told(*lines, mapping=RETURNING)] == ["journey.arrived", "journey.arrived"]


def test_the_number_of_a_caller_is_in_no_event() -> None:
    assert all(b"0301234567" not in encode_event(event) for event in events_of(asterisk_day(1).lines))
