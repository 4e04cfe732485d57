"""
Who is on call: turns, hours, layers and overrides, on the days that people get wrong.
"""

from datetime import datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.base import format_instant, to_millis
from schemas.on_call import Override, Schedule
from services.alerts.engine import OnCall, on_call, shifts

SCHEDULES = TypeAdapter(Schedule)
OVERRIDES = TypeAdapter(tuple[Override, ...])
WEEKLY = {"id": "usual", "people": ["anna", "boris"], "rotation": {"start": "2026-03-02", "handover": "09:00"}}


def schedule(*layers: dict[str, Any], zone: str = "Europe/Riga", **said: object) -> Schedule:
    named = [{"id": f"layer-{number}"} | layer for number, layer in enumerate(layers)]
    return SCHEDULES.validate_python({"id": "floor", "title": "Floor", "zone": zone, "layers": named} | said)


def daily(*people: str, **said: object) -> dict[str, Any]:
    rotation: dict[str, object] = {"unit": "day", "start": "2026-03-02"}
    rotation |= {name: said.pop(name) for name in ("start", "handover") if name in said}
    return {"people": list(people), "rotation": rotation, **said}


def instant(text: str) -> int:
    return to_millis(datetime.fromisoformat(text))


def who(of: Schedule, at: str, *stands: dict[str, Any]) -> str | None:
    return on_call(of, instant(at), OVERRIDES.validate_python(stands, strict=False)).person


def listed(of: Schedule, begin: str, end: str) -> list[str]:
    return [
        f"{format_instant(one.from_at)[5:16]} {one.person or 'nobody'} {one.by}"
        for one in shifts(of, instant(begin), instant(end))
    ]


def test_turns_pass_on_at_the_handover_by_the_clock_on_the_wall() -> None:
    floor = schedule(WEEKLY)
    assert who(floor, "2026-03-02T08:59:59+02:00") is None, "the first turn has not come yet"
    assert who(floor, "2026-03-02T09:00:00+02:00") == "anna"
    assert who(floor, "2026-03-09T08:59:59+02:00") == "anna"
    assert who(floor, "2026-03-09T09:00:00+02:00") == "boris"
    # Summer time has begun in between.
    assert who(floor, "2026-03-30T08:59:59+03:00") == "boris"
    assert who(floor, "2026-03-30T09:00:00+03:00") == "anna"


def test_a_handover_in_the_hour_that_is_skipped_happens_at_the_change() -> None:
    floor = schedule(daily("anna", "boris", handover="03:30"))
    assert listed(floor, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z") == [
        "03-28T12:00 anna layer-0",
        "03-29T01:00 boris layer-0",
        "03-30T00:30 anna layer-0",
    ]


def test_a_handover_in_the_hour_that_comes_twice_happens_once() -> None:
    floor = schedule(daily("anna", "boris", handover="03:30"))
    assert listed(floor, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z") == [
        "10-24T12:00 anna layer-0",
        "10-25T00:30 boris layer-0",
        "10-26T01:30 anna layer-0",
    ]


def test_a_day_that_has_begun_does_not_end_where_the_clock_is_put_back_over_midnight() -> None:
    midnight = [{"name": "night", "from": "00:00", "until": "06:00", "days": ["sunday"]}]
    days, top = daily("anna", "boris", start="2010-11-06"), daily("carla", start="2010-11-06", hours=midnight)
    usual, floor = (schedule(*layers, zone="America/St_Johns") for layers in ((days,), (days, top)))
    # On 7 November 2010 the clock went from 00:01 back to 23:01 of the day before.
    for at in ("2010-11-07T02:30:30Z", "2010-11-07T03:00:00Z", "2010-11-07T03:31:00Z"):
        assert who(floor, at) == "carla"
        assert who(usual, at) == "boris"
    assert who(usual, "2010-11-07T02:29:59Z") == "anna"


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = [{"name": "night", "from": "22:00", "until": "06:00", "days": ["friday"]}]
    floor = schedule(daily("anna", hours=night))
    assert listed(floor, "2026-03-06T00:00:00+02:00", "2026-03-08T00:00:00+02:00") == [
        "03-05T22:00 nobody None",
        "03-06T20:00 anna layer-0",
        "03-07T04:00 nobody None",
    ]


def test_a_layer_on_top_covers_the_others_while_it_is_in_force_and_on_duty() -> None:
    day = [{"name": "day", "from": "08:00", "until": "16:00"}]
    top = daily("carla", hours=day, since="2026-03-04T00:00:00+02:00", until="2026-03-05T12:00:00+02:00")
    floor = schedule(daily("anna"), top)
    assert listed(floor, "2026-03-03T00:00:00+02:00", "2026-03-06T00:00:00+02:00") == [
        "03-02T22:00 anna layer-0",
        "03-04T06:00 carla layer-1",
        "03-04T14:00 anna layer-0",
        "03-05T06:00 carla layer-1",
        "03-05T10:00 anna layer-0",
    ]


STRETCH = {"from": "2026-03-10T12:00:00Z", "until": "2026-03-11T12:00:00Z"}


def test_of_several_overrides_the_last_one_counts_and_commands_come_after_the_file() -> None:
    floor = schedule(daily("anna"), overrides=[{"person": "boris", **STRETCH}, {"person": "carla", **STRETCH}])
    assert who(floor, "2026-03-10T12:00:00Z") == "carla"
    assert who(floor, "2026-03-11T12:00:00Z") == "anna"
    assert who(floor, "2026-03-10T12:00:00Z", {"person": "dace", **STRETCH}) == "dace"
    nobody: dict[str, Any] = {"person": None, **STRETCH}
    assert on_call(floor, instant("2026-03-10T12:00:00Z"), OVERRIDES.validate_python([nobody], strict=False)) == OnCall(
        None, "override"
    )


def test_two_people_swap_by_two_overrides_that_each_replace_the_other() -> None:
    swap = [
        {"person": "boris", "replaces": "anna", **STRETCH},
        {"person": "anna", "replaces": "boris", **STRETCH},
    ]
    floor = schedule(daily("anna", "boris"), overrides=swap)
    assert listed(floor, "2026-03-10T00:00:00Z", "2026-03-12T12:00:00Z") == [
        "03-10T00:00 anna layer-0",
        "03-10T12:00 boris override",
        "03-10T22:00 anna override",
        "03-11T12:00 boris layer-0",
        "03-11T22:00 anna layer-0",
    ]


@pytest.mark.parametrize("replaced", ["anna", "carla"])
def test_an_override_for_one_person_holds_only_where_that_one_would_be_on_call(replaced: str) -> None:
    floor = schedule(daily("anna"), overrides=[{"person": "boris", "replaces": replaced, **STRETCH}])
    assert who(floor, "2026-03-10T13:00:00Z") == ("boris" if replaced == "anna" else "anna")
