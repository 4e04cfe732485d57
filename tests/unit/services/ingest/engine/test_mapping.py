"""
A mapping turns a row into the events that ingest takes, whole or not at all, and says what it cannot do.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.events import EVENTS
from schemas.mappings import MAPPINGS
from services.ingest.engine.facts import _MOST_REMEMBERED, FactsMaker
from services.ingest.engine.mapped import MappedEvent, cloud_event, encode_event
from services.ingest.engine.mapping import MappingFault
from services.ingest.engine.rows import RejectedRow, RowReason
from tests.fakes.mappings import HEADER, TICKETS, document_of, mapped, mapping_of

COLUMNS = document_of()["columns"]


def events_of(row: str, **changes: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parts of a YAML document
    found = mapped(mapping_of(**changes), HEADER + row)
    assert all(isinstance(one, MappedEvent) for one in found), found
    return [cloud_event(one) for one in found if isinstance(one, MappedEvent)]


def rejected_by(row: str, **changes: Any) -> RejectedRow:  # noqa: ANN401 - as above
    (found,) = mapped(mapping_of(**changes), HEADER + row)
    assert isinstance(found, RejectedRow)
    return found


def test_a_row_becomes_the_events_of_its_journey() -> None:
    arrived, called = events_of("A1,desk 3,31.01.2026,08:00:00,08:05:00\n")
    assert arrived == {
        "specversion": "1.0",
        "id": "tickets/31.01.2026-A1/journey.arrived",
        "source": "urn:sqm:files:tickets",
        "type": "sqm.journey.arrived",
        "subject": "31.01.2026-A1",
        "time": "2026-01-31T07:00:00.000Z",
        "data": {"site": "branch", "queue": "desk 3"},
    }
    assert (called["type"], called["time"]) == ("sqm.journey.called", "2026-01-31T07:05:00.000Z")


def test_an_event_whose_condition_does_not_hold_is_left_out() -> None:
    assert [one["type"] for one in events_of("A1,desk 3,31.01.2026,08:00:00,-\n")] == ["sqm.journey.arrived"]


def test_a_condition_and_a_constant_that_two_events_share_hold_for_both() -> None:
    events = [
        {"type": "journey.arrived", "when": "called != null", "time": "came", "data": {"channel": {"text": "phone"}}},
        {"type": "journey.called", "when": "called != null", "time": "called", "data": {"channel": {"text": "phone"}}},
    ]
    found = events_of("A1,d,31.01.2026,08:00:00,08:05:00\nA2,d,31.01.2026,08:00:00,-\n", events=events)
    assert [(one["subject"], one["data"]["channel"]) for one in found] == [("31.01.2026-A1", "phone")] * 2


def test_an_absent_fact_is_left_out_of_the_data() -> None:
    assert events_of("A1,,31.01.2026,08:00:00,-\n")[0]["data"] == {"site": "branch"}


def test_a_time_of_day_long_before_its_anchor_belongs_to_the_next_day() -> None:
    _, called = events_of("A1,,31.01.2026,23:59:00,00:04:00\n")
    assert called["time"] == "2026-01-31T23:04:00.000Z"


def test_a_time_of_day_a_little_before_its_anchor_stays_on_its_day() -> None:
    _, called = events_of("A1,,31.01.2026,08:00:02,08:00:00\n")
    assert called["time"] == "2026-01-31T07:00:00.000Z"


def test_a_not_reached_token_may_be_meant() -> None:
    columns = COLUMNS | {"called": COLUMNS["called"] | {"not_reached": ["0:00:00"], "unless": 'desk == "night"'}}
    assert len(events_of("A1,day,31.01.2026,23:59:00,0:00:00\n", columns=columns)) == 1
    _, called = events_of("A1,night,31.01.2026,23:59:00,0:00:00\n", columns=columns)
    assert called["time"] == "2026-01-31T23:00:00.000Z"


def test_a_not_reached_token_counts_where_its_exception_has_no_answer() -> None:
    columns = COLUMNS | {"called": COLUMNS["called"] | {"not_reached": ["0:00:00"], "unless": "int(desk) == 3"}}
    assert len(events_of("A1,none,31.01.2026,23:59:00,0:00:00\n", columns=columns)) == 1
    assert len(events_of("A1,3,31.01.2026,23:59:00,0:00:00\n", columns=columns)) == 2


@pytest.mark.parametrize(
    ("day", "came", "called", "utc"),
    [
        ("28.03.2026", "23:59:00", "00:04:00", ["2026-03-28T22:59:00.000Z", "2026-03-28T23:04:00.000Z"]),
        ("29.03.2026", "01:30:00", "03:30:00", ["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"]),
        ("25.10.2026", "23:59:00", "00:04:00", ["2026-10-25T22:59:00.000Z", "2026-10-25T23:04:00.000Z"]),
        ("31.01.2026", "08:00:00", "24:00:00", ["2026-01-31T07:00:00.000Z", "2026-01-31T23:00:00.000Z"]),
    ],
    ids=["before-the-night-of-the-change", "across-the-gap", "after-the-hour-that-came-twice", "at-its-very-end"],
)
def test_times_of_day_meet_the_offset_of_their_day(day: str, came: str, called: str, utc: list[str]) -> None:
    before = f"A0,,{day},00:30:00,-\n"
    assert [one["time"] for one in events_of(f"{before}A1,,{day},{came},{called}\n")[1:]] == utc


@pytest.mark.parametrize(
    ("called", "came", "instant"),
    [
        ("23:59:00", "08:00:00", "2026-01-31T23:04:00.000Z"),
        ("-", "23:58:00", "2026-01-31T23:04:00.000Z"),
        ("-", "", "2026-01-30T23:04:00.000Z"),
    ],
    ids=["the-first", "the-next-where-that-is-missing", "none"],
)
def test_the_first_anchor_that_is_there_says_whether_it_is_the_next_day(called: str, came: str, instant: str) -> None:
    desk = {"name": "Desk", "type": "time_of_day", "date": "day", "rolls_over_after": ["called", "came"]}
    columns = COLUMNS | {"desk": desk, "came": COLUMNS["came"] | {"required": False}}
    events = [{"type": "service.completed", "time": "desk"}]
    changes = {"columns": columns, "events": events, "journey": {"site": '"branch"', "subject": "{ticket}"}}
    (found,) = events_of(f"A1,00:04:00,31.01.2026,{came},{called}\n", **changes)
    assert found["time"] == instant


def test_a_time_of_day_without_its_date_rejects_the_row() -> None:
    columns = COLUMNS | {"day": COLUMNS["day"] | {"required": False}}
    found = rejected_by("A1,d,,08:00:00,-\n", columns=columns)
    assert (found.reason, found.field, found.detail) == (RowReason.BAD_FIELD, "came", "a time of day without a day")


def test_a_journey_without_a_name_rejects_the_row() -> None:
    columns = COLUMNS | {"ticket": {"name": "Ticket"}}
    found = rejected_by(",d,31.01.2026,08:00:00,-\n", columns=columns, journey={"site": "desk", "subject": "{ticket}"})
    assert (found.reason, found.detail) == (RowReason.BAD_SUBJECT, "empty")


def test_facts_that_are_remembered_are_bounded() -> None:
    maker = FactsMaker("sqm.journey.arrived", ("queue",), "events.0.data")
    for number in range(_MOST_REMEMBERED + 1):
        assert maker.make("s", [f"q{number}"]).data == {"site": "s", "queue": f"q{number}"}
    assert len(maker._known) == 1


def test_an_option_is_a_name_that_expressions_see() -> None:
    (event,) = mapped(mapping_of(options={"sites": "desk"}), HEADER + "A1,d3,31.01.2026,08:00:00,-\n")
    assert isinstance(event, MappedEvent)
    assert event.facts.site == "d3"


def test_ids_do_not_depend_on_the_file_or_the_place_in_it() -> None:
    row = "A1,d3,31.01.2026,08:00:00,-\n"
    early, late = (mapped(mapping_of(), HEADER + before + row)[-1] for before in ("", "B1,d3,31.01.2026,08:00:00,-\n"))
    assert isinstance(early, MappedEvent)
    assert isinstance(late, MappedEvent)
    assert (early.id, early.line, late.id, late.line) == (late.id, 2, early.id, 3)


def test_a_long_identity_keeps_its_event_apart_within_the_bound() -> None:
    first, second = events_of(f"{'A' * 110},d3,31.01.2026,08:00:00,09:00:00\n")
    assert len(first["id"]) <= 128
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        (",d,31.01.2026,08:00:00,-\n", RowReason.MISSING_FIELD, "ticket"),
        ("A1,d,31/01/2026,08:00:00,-\n", RowReason.BAD_FIELD, "day"),
        ("A1,d,31.01.2026,25:00:00,-\n", RowReason.BAD_FIELD, "came"),
        ("A1,d,01.01.0001,08:00:00,-\n", RowReason.BAD_FIELD, "day"),
        ("A1,d,31.01.1950,08:00:00,-\n", RowReason.NO_TIME, "events.0.time"),
        ("A1," + "d" * 65 + ",31.01.2026,08:00:00,-\n", RowReason.BAD_FACT, "events.0.data.queue"),
        ("A1,\x01d,31.01.2026,08:00:00,-\n", RowReason.BAD_FACT, "events.0.data.queue"),
        ("A" * 200 + ",d,31.01.2026,08:00:00,-\n", RowReason.BAD_SUBJECT, "journey.subject"),
        ("A\x07,d,31.01.2026,08:00:00,-\n", RowReason.BAD_SUBJECT, "journey.subject"),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_with_line_field_and_reason(
    row: str, reason: RowReason, field: str
) -> None:
    found = rejected_by(row)
    assert (found.line, found.reason, found.field) == (2, reason, field)
    assert len(found.value) <= 120
    assert found.raw == row


def test_a_row_whose_second_event_does_not_fit_yields_no_first_one() -> None:
    events = [
        {"type": "journey.arrived", "time": "came"},
        {"type": "journey.called", "time": "called"},
    ]
    assert rejected_by("A1,d,31.01.2026,08:00:00,-\n", events=events).reason is RowReason.NO_TIME


def test_a_site_that_is_none_is_told_as_such() -> None:
    (found,) = mapped(mapping_of(options={"sites": "desk"}), HEADER + "A1,desk 3,31.01.2026,08:00:00,-\n")
    assert isinstance(found, RejectedRow)
    assert (found.reason, found.field, found.value) == (RowReason.BAD_FACT, "journey.site", "desk 3")
    assert found.detail == "must be letters, digits, dots, hyphens and underscores; write it like branch-07"


def test_a_fact_that_is_too_long_is_told_with_how_long_it_may_be() -> None:
    assert rejected_by("A1," + "d" * 65 + ",31.01.2026,08:00:00,-\n").detail == "has more than 64 characters"


def test_a_condition_that_is_neither_true_nor_false_rejects_the_row() -> None:
    events = [{"type": "journey.arrived", "when": "desk", "time": "came"}]
    assert "neither true nor false" in str(rejected_by("A1,d,31.01.2026,08:00:00,-\n", events=events))


def test_an_expression_without_an_answer_rejects_the_row() -> None:
    values = {"number": "int(desk)"}
    assert rejected_by("A1,d,31.01.2026,08:00:00,-\n", values=values).reason is RowReason.NO_ANSWER


def test_a_condition_without_an_answer_rejects_the_row() -> None:
    events = [{"type": "journey.arrived", "when": "int(desk) > 3", "time": "came"}]
    found = rejected_by("A1,d,31.01.2026,08:00:00,-\n", events=events)
    assert (found.reason, found.field) == (RowReason.NO_ANSWER, "events.0")


@pytest.mark.parametrize(
    ("called", "desk", "instant"),
    [("08:05:00", "90", "2026-01-31T07:06:30.000Z"), ("08:05:00", "", None), ("-", "90", None)],
    ids=["both", "no-duration", "no-beginning"],
)
def test_a_moment_with_a_duration_needs_both(called: str, desk: str, instant: str | None) -> None:
    columns = COLUMNS | {"desk": {"name": "Desk", "type": "seconds"}}
    changes = {
        "columns": columns,
        "values": {"begun": {"first_of": ["called"]}, "done": {"first_of": ["called", "begun"], "plus": ["desk"]}},
        "events": [{"type": "service.completed", "time": "done"}],
        "journey": {"site": '"branch"', "subject": "{ticket}"},
    }
    (found,) = mapped(mapping_of(**changes), HEADER + f"A1,{desk},31.01.2026,08:00:00,{called}\n")
    if instant is None:
        assert isinstance(found, RejectedRow)
        assert (found.reason, found.detail) == (RowReason.NO_TIME, "no instant is there")
    else:
        assert isinstance(found, MappedEvent)
        assert cloud_event(found)["time"] == instant


def test_a_value_is_computed_from_earlier_ones() -> None:
    values = {"begin": {"first_of": ["called", "came"]}, "later": "begin + 60 * 1000"}
    events = [{"type": "journey.arrived", "time": "later"}]
    assert (
        events_of("A1,d,31.01.2026,08:00:00,-\n", values=values, events=events)[0]["time"] == "2026-01-31T07:01:00.000Z"
    )


@pytest.mark.parametrize(
    ("changes", "path", "complaint"),
    [
        ({"journey": {"site": "sit", "subject": "{ticket}"}}, ("journey", "site"), "nothing is called 'sit'"),
        ({"journey": {"site": "desk", "subject": "{tick}"}}, ("journey", "subject"), "no column is called 'tick'"),
        ({"values": {"a": "b", "b": "came"}}, ("values", "a"), "nothing is called 'b' here"),
        ({"values": {"a": {"first_of": "b"}}}, ("values", "a"), "nothing is called 'b' here yet"),
        ({"values": {"a": "[1].map(x, x)"}}, ("values", "a"), "map() is not available"),
        ({"values": {"a": 'read("/etc/passwd")'}}, ("values", "a"), "no function is called 'read'"),
        (
            {"events": [{"type": "journey.arrived", "time": "came", "data": {"segmnt": "desk"}}]},
            ("events", 0, "data", "segmnt"),
            "has no such fact",
        ),
        (
            {"events": [{"type": "journey.arrived", "time": "came", "data": {"site": "desk"}}]},
            ("events", 0, "data", "site"),
            "has no such fact",
        ),
        (
            {"columns": COLUMNS | {"called": COLUMNS["called"] | {"date": "ticket"}}},
            ("columns", "called", "date"),
            "not a column of the type date",
        ),
        (
            {"columns": COLUMNS | {"called": COLUMNS["called"] | {"date": "dai"}}},
            ("columns", "called", "date"),
            "no column is called 'dai'; there are ticket, desk, day, came, called",
        ),
        (
            {"columns": COLUMNS | {"called": COLUMNS["called"] | {"unless": "dsk == 3"}}},
            ("columns", "called", "unless"),
            "nothing is called 'dsk'",
        ),
        (
            {"columns": COLUMNS | {"came": COLUMNS["came"] | {"rolls_over_after": "called"}}},
            ("columns", "called", "rolls_over_after"),
            "circle",
        ),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_at_its_place(
    changes: dict[str, Any], path: tuple[str | int, ...], complaint: str
) -> None:
    with pytest.raises(MappingFault) as fault:
        mapping_of(**changes)
    assert complaint in str(fault.value)
    if complaint != "circle":
        assert fault.value.path == path


@pytest.mark.parametrize(
    ("options", "complaint"), [({"size": "1"}, "there are: sites"), ({"sites": "all"}, "one of: main, desk")]
)
def test_an_option_that_is_not_offered_is_refused(options: dict[str, str], complaint: str) -> None:
    with pytest.raises(MappingFault, match=complaint):
        mapping_of(options=options)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"zone": "Mars/Base"}, "no time zone is called 'Mars/Base'"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"table": {"encoding": "rot13"}}, "encoding"),
        ({"table": {"delimiter": ";;"}}, "delimiter"),
        ({"table": {"delimiter": '"'}}, "different characters"),
        ({"table": {"header": False}}, "its place (at)"),
        ({"columns": {"true": {"name": "x"}}}, "word of the expression language"),
        ({"columns": {"a": {"type": "text"}}}, "say where the column is found"),
        ({"columns": {"a": {"name": "x", "type": "date"}}}, "format belongs to"),
        ({"columns": {"a": {"name": "x", "type": "time_of_day"}}}, "needs date"),
        ({"columns": {"a": {"name": "x", "type": "date", "format": "%Q"}}}, "no date can be read with the format '%Q'"),
        ({"columns": {"a": {"name": "x", "type": "date", "format": "%y%m%d%y"}}}, "no date can be read"),
        ({"columns": {"a": {"name": "x", "type": "date", "format": "%H:%M"}}}, "no date can be read"),
        ({"columns": {"a": {"name": "x", "type": "local_time", "format": "%d.%m.%Y"}}}, "no local_time can be read"),
        (
            {"columns": {"a": {"name": "x", "type": "local_time", "format": "%d.%m. %H:%M"}}},
            "no local_time can be read",
        ),
        (
            {"columns": {"a": {"name": "x", "type": "time_of_day", "date": "d", "format": "%I:%M"}}},
            "%I:%M %p for a time",
        ),
        ({"columns": {"a": {"name": "x", "unless": "true"}}}, "not_reached"),
        ({"columns": {"a": {"name": "x", "rolls_over_after": "b"}}}, "rolls_over_after belongs to a time_of_day"),
        ({"journey": {"site": "desk", "subject": "all"}}, "one journey"),
        ({"journey": {"site": "desk", "subject": "{{ticket}"}}, "one pair of braces"),
        ({"journey": {"site": "desk", "subject": "{ticket.__class__}{ticket}"}}, ""),
        ({"events": [{"type": "journey.arived", "time": "came"}]}, "no service event is called"),
        ({"events": [{"type": "journey.arrived", "time": "came"}] * 2}, "the same id"),
        ({"events": []}, "events"),
        ({"values": {"came": "1"}}, "share their names"),
        ({"values": {"a": "1+" * 600 + "1"}}, "1000"),
        ({"sites": "x"}, "sites"),
    ],
)
def test_a_document_that_is_no_mapping_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises((ValidationError, MappingFault)) as refused:
        mapping_of(**changes)
    assert complaint in str(refused.value)


def test_an_option_must_offer_its_default() -> None:
    options = {"sites": {"title": "x", "default": "all", "values": ["main"]}}
    with pytest.raises(ValidationError, match="default must be one of values"):
        MAPPINGS.validate_python({**document_of(), "options": options})


def test_a_mapping_survives_the_way_to_json_and_back() -> None:
    mapping = MAPPINGS.validate_python(document_of())
    assert MAPPINGS.validate_json(MAPPINGS.dump_json(mapping)) == mapping


FIELD = st.text(alphabet=st.characters(exclude_characters='\n\r\x00"', exclude_categories=["Cs"]), max_size=12)


@given(
    st.lists(
        st.tuples(
            st.one_of(FIELD, st.sampled_from(["A1", "B2"])),
            st.one_of(FIELD, st.just("d3")),
            st.sampled_from(["31.01.2026", "29.03.2026", "x", "01.01.1970"]),
            st.sampled_from(["08:00:00", "23:59:59", "02:30:00", "0:0"]),
            st.sampled_from(["-", "00:00:01", "08:00:00", "99:99"]),
        ),
        max_size=5,
    ),
    st.sampled_from(["main", "desk"]),
)
def test_whatever_a_mapping_yields_is_an_event_that_ingest_takes(rows: list[tuple[str, ...]], sites: str) -> None:
    mapping = mapping_of(TICKETS, {"sites": sites})
    content = HEADER + "".join(",".join(f'"{field}"' for field in row) + "\n" for row in rows)
    for one in mapped(mapping, content):
        if isinstance(one, MappedEvent):
            raw = encode_event(one)
            assert json.loads(raw) == cloud_event(one)
            EVENTS.validate_json(raw)
