"""
The bank's calls, trap by trap: each row of the data that is odd becomes what its README says.
"""

from pathlib import Path

import pytest

from services.cli.mapping_files import read_mapping
from services.ingest.engine.mapped import MappedEvent, cloud_event
from services.ingest.engine.rows import RejectedRow, RowReason
from tests.project import PROJECT

MAPPING = PROJECT / "deploy" / "mappings" / "anonymous-bank.yaml"

Story = dict[str, str]


@pytest.fixture(scope="module")
def october(real_data: Path) -> dict[int, list[MappedEvent] | RejectedRow]:
    return by_line(real_data / "anonymous_bank" / "october.txt")


@pytest.fixture(scope="module")
def january(real_data: Path) -> dict[int, list[MappedEvent] | RejectedRow]:
    return by_line(real_data / "anonymous_bank" / "january.txt")


def by_line(file: Path, **options: str) -> dict[int, list[MappedEvent] | RejectedRow]:
    mapping = read_mapping(MAPPING, options)
    with file.open("rb") as stream:
        return {
            row.line: row if isinstance(row, RejectedRow) else mapping.events(row, file.name)
            for row in mapping.read(stream, file.name)
        }


def story(events: list[MappedEvent] | RejectedRow) -> Story:
    assert not isinstance(events, RejectedRow)
    return {one["type"].removeprefix("sqm."): one["time"] for one in map(cloud_event, events)}


def line_of(file: Path, *fields: str) -> int:
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        if all(field in line.split("\t") for field in fields):
            return number
    raise AssertionError(fields)


def test_the_shifted_rows_are_rejected_with_their_lines(october: dict[int, list[MappedEvent] | RejectedRow]) -> None:
    rejected = {line: one.reason for line, one in october.items() if isinstance(one, RejectedRow)}
    assert rejected == {7315: RowReason.WRONG_FIELD_COUNT, 14247: RowReason.WRONG_FIELD_COUNT}


def test_service_from_midnight_sharp_is_reached(
    real_data: Path, october: dict[int, list[MappedEvent] | RejectedRow]
) -> None:
    line = line_of(real_data / "anonymous_bank" / "october.txt", "991021", "47464", "AVI")
    assert story(october[line]) == {
        "journey.arrived": "1999-10-21T22:00:00.000Z",
        "journey.called": "1999-10-21T22:00:00.000Z",
        "service.started": "1999-10-21T22:00:00.000Z",
        "service.completed": "1999-10-21T22:00:48.000Z",
    }


def test_hanging_up_in_the_menu_is_no_journey(january: dict[int, list[MappedEvent] | RejectedRow]) -> None:
    assert january[3] == []


def test_a_wait_runs_from_the_queue_for_q_time_and_not_to_ser_start(
    january: dict[int, list[MappedEvent] | RejectedRow],
) -> None:
    assert story(january[4]) == {
        "journey.arrived": "1999-01-01T04:55:26.000Z",
        "journey.called": "1999-01-01T04:55:43.000Z",
        "service.started": "1999-01-01T04:55:43.000Z",
        "service.completed": "1999-01-01T04:56:37.000Z",
    }


def test_answered_without_a_queue_means_arriving_when_service_starts(
    january: dict[int, list[MappedEvent] | RejectedRow],
) -> None:
    assert story(january[5])["journey.arrived"] == story(january[5])["journey.called"] == "1999-01-01T05:41:25.000Z"


def test_no_call_lasts_less_than_nothing_or_longer_than_a_day(
    january: dict[int, list[MappedEvent] | RejectedRow], october: dict[int, list[MappedEvent] | RejectedRow]
) -> None:
    for events in (*january.values(), *october.values()):
        if not isinstance(events, RejectedRow) and events:
            times = {one.type: one.time_ms for one in events}
            ended = times.get("sqm.journey.called", times.get("sqm.journey.abandoned", 0))
            assert 0 <= ended - times["sqm.journey.arrived"] < 86_400_000
            if "sqm.service.started" in times:
                assert 0 <= times["sqm.service.completed"] - times["sqm.service.started"] < 86_400_000


def test_no_two_calls_are_one_journey_and_no_two_events_have_one_id(
    january: dict[int, list[MappedEvent] | RejectedRow],
) -> None:
    stories = [events for events in january.values() if not isinstance(events, RejectedRow) and events]
    assert len({events[0].subject for events in stories}) == len(stories) == 30_140
    ids = [one.id for events in stories for one in events]
    assert len(set(ids)) == len(ids) == 114_400


def test_the_lines_serve_as_sites_by_an_option(real_data: Path) -> None:
    found = by_line(real_data / "anonymous_bank" / "january.txt", sites="lines")
    sites = {one.facts.site for events in found.values() if not isinstance(events, RejectedRow) for one in events}
    assert len(sites) == 27
    assert all(site.startswith("AA0") for site in sites)
