"""
A season as it is played: whole days in each site's own time, and nothing in it that ingest would not take by mistake.
"""

import json
from collections import Counter
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from schemas.alert_commands import AlertCommand
from services.alerts.engine import Alert
from services.cli.season import PLANTED, SITES, People, Season, SeasonTruth, Told
from services.cli.season.moods import complaint
from services.ingest.engine.normalise import Accepted, Policy, normalise

BRANCH, CALLS, SHOP = SITES[0], SITES[3], SITES[6]


def played(season: Season) -> list[Told]:
    return [told for _, day in season.played(SeasonTruth(season.planted, season.begins)) for told in day]


def test_ingest_takes_all_of_it_but_what_is_misspelt_on_purpose() -> None:
    events = played(Season(3, date(2026, 11, 6), 1))
    taken = [normalise(json.dumps(told.event).encode(), told.at, Policy()) for told in events]
    refused = [one for one in taken if not isinstance(one, Accepted)]
    assert {one.reason for one in refused} <= {"unknown_field"}
    assert len(refused) < len(events) / 500


def test_what_is_received_comes_in_order_and_only_copies_have_the_id_of_another() -> None:
    events = played(Season(3, date(2026, 11, 7), 2, (BRANCH, SHOP)))
    assert [told.at for told in events] == sorted(told.at for told in events)
    said = {(told.event["source"], told.event["id"]): told.event for told in events}
    copies = [told for told in events if said[told.event["source"], told.event["id"]] != told.event]
    assert all(
        "queu" in told.event["data"] or "queu" in said[told.event["source"], told.event["id"]]["data"]
        for told in copies
    )
    assert len(said) < len(events)


def test_doors_open_at_the_same_hour_of_the_wall_before_and_after_clocks_are_changed() -> None:
    events = played(Season(3, date(2026, 10, 27), 4, (BRANCH,)))
    first: dict[date, datetime] = {}
    for told in events:
        if told.event["type"] == "sqm.journey.arrived":
            at = datetime.fromisoformat(told.event["time"]).astimezone(ZoneInfo("Europe/Berlin"))
            first.setdefault(at.date(), at)
    # A Friday and a Monday, and between them the night in which the hour from two to three comes twice.
    assert [day.isoformat() for day in first] == ["2026-10-23", "2026-10-26"]
    assert {at.hour for at in first.values()} <= {7, 8}


def test_two_days_are_the_second_half_of_four() -> None:
    """
    What a day is like follows from its date alone, where nothing is planted.
    """
    long, short = (played(Season(3, date(2026, 11, 7), days, (SHOP, BRANCH, CALLS))) for days in (4, 2))
    came = [told.event for told in long if told.event["source"] == BRANCH.site.arrival_source]
    again = [told.event for told in short if told.event["source"] == BRANCH.site.arrival_source]
    assert again == came[-len(again) :]
    assert len(came) > len(again) > 200


def test_during_the_outage_nobody_is_called() -> None:
    season = Season(3, date(2026, 11, 7), 2, (CALLS,))
    begins_at, ends_at = season.outage
    kinds = Counter(
        told.event["type"]
        for told in played(season)
        if begins_at + 60_000 <= told.at < ends_at and "subject" in told.event
    )
    assert kinds["sqm.journey.abandoned"] > 10
    assert kinds["sqm.journey.called"] == 0


def test_a_complaint_is_withdrawn_or_goes_its_way_to_the_end() -> None:
    courses = Counter(
        tuple(kind.removeprefix("complaint.") for _, kind, _, _ in happened)
        for seed in range(20_000)
        if (happened := list(complaint(0, "C1", Random(seed), right=False)))
    )
    assert set(courses) == {
        ("opened", "withdrawn"),
        ("opened", "acknowledged", "responded", "resolved"),
        ("opened", "acknowledged", "responded", "resolved", "reopened", "resolved"),
    }
    assert courses.most_common(1)[0][0][-1] == "resolved"


def alert(number: int, state: str = "firing", site: str = "branch-07") -> Alert:
    return Alert(
        f"wait|site:{site}#{number}",
        f"wait|site:{site}",
        1,
        0,
        state,
        "raised",
        "ticket",
        "r",
        {"site": site},
        1,
        0,
        1,
        1,
    )


def test_most_alerts_are_acknowledged_once_and_some_are_judged_afterwards() -> None:
    people = People(3, PLANTED)
    given: list[AlertCommand] = []
    for number in range(400):
        for person in ("shift-lead", "area-manager"):
            given += people.hear(1_000, person, 1, (alert(number),))
        given += people.see_over(9_000_000, alert(number, "resolved"))
    actions = Counter(one.action for one in given)
    assert 380 <= actions["acknowledge"] <= 400
    assert actions["feedback"] > actions["comment"] > 0
    assert len({one.id for one in given}) == len(given)


def test_nobody_judges_what_nobody_had() -> None:
    assert list(People(3, PLANTED).see_over(0, alert(1, "resolved"))) == []


def test_alerts_of_the_shop_with_the_wrong_clock_are_called_false() -> None:
    people, verdicts = People(3, PLANTED), Counter[str | None]()
    for number in range(300):
        list(people.hear(0, "shift-lead", 1, (alert(number, site="shop-5"),)))
        verdicts.update(one.verdict for one in people.see_over(0, alert(number, "resolved", "shop-5")))
    del verdicts[None]
    assert verdicts.most_common(1)[0][0] == "false"
