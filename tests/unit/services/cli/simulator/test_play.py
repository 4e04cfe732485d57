"""
The play: the same for the same seed, valid, in order, with the faults it promises.
"""

from functools import cache
from itertools import takewhile

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import EVENTS
from services.cli.simulator import NO_FAULTS, SITES, USUAL_FAULTS, Day, Fault, Report, as_event, plan, play
from services.cli.simulator.lines import rate_at
from services.cli.simulator.truth import Truth

HOUR = 3_600_000
LIVE = 1_790_000_000_000
DAY = Day(begins_at=LIVE - HOUR, live_at=LIVE, wall_clock_ms=12 * HOUR)
SITE_OF = {line.queue: site.id for site in SITES for line in site.lines}


@cache
def reports(seed: int = 3, *, faults: bool = True, until: int = LIVE + 300_000) -> list[Report]:
    play_ = play(seed, DAY, SITES, USUAL_FAULTS if faults else NO_FAULTS)
    return list(takewhile(lambda report: due(report) < until, play_))


def due(report: Report) -> int:
    return report.fact.at if report.sent_at is None else report.sent_at


def test_the_same_seed_and_start_play_the_same_day() -> None:
    assert reports() == reports.__wrapped__()
    assert reports() != reports(seed=4)


def test_reports_come_in_the_order_in_which_they_are_sent() -> None:
    times = [due(report) for report in reports()]
    assert times == sorted(times)


def test_nothing_is_sent_before_it_happened() -> None:
    assert all(report.sent_at is None or report.sent_at > report.fact.at for report in reports())


def test_every_event_is_valid_but_the_misspelt_ones() -> None:
    for report in reports():
        site = SITE_OF[dict(report.fact.attributes)["queue"]]
        raw = msgspec.json.encode(as_event(report, site))
        if Fault.MISSPELT not in report.faults:
            EVENTS.validate_json(raw)
        else:
            assert b'"queu"' in raw


def test_the_call_centre_tells_who_is_on_duty_and_who_is_away() -> None:
    told = [one for one in reports(until=LIVE + 60_000) if one.fact.type == "staff.state_changed"]
    on_duty: dict[tuple[str, str], str] = {}
    for one in told:
        facts = dict(one.fact.attributes)
        on_duty[facts["queue"], facts["employee"]] = facts["state"]
    everyday = [state for (queue, _), state in on_duty.items() if queue == "everyday"]
    assert (len(everyday), everyday.count("break")) == (118, 48)
    assert {queue for queue, _ in on_duty} == {"everyday", "priority"}
    assert len({as_event(one, "call-centre")["id"] for one in told}) == len(told)
    assert not any("subject" in as_event(one, "call-centre") for one in told)
    assert {one.fact.at for one in told if dict(one.fact.attributes)["state"] == "available"} == {DAY.begins_at}
    later = [one for one in reports(until=LIVE + 120_000) if one.fact.type == "staff.state_changed"]
    assert [dict(one.fact.attributes)["state"] for one in later[len(told) :]] == ["available"] * 48


def test_all_sites_and_all_faults_take_part() -> None:
    seen = reports()
    assert {SITE_OF[dict(report.fact.attributes)["queue"]] for report in seen} == {site.id for site in SITES}
    assert {fault for report in seen for fault in report.faults} == set(Fault)


def test_faults_change_no_customer() -> None:
    with_faults = {report.fact for report in reports(until=LIVE)}
    without = {report.fact for report in reports(faults=False, until=LIVE)}
    # What was still underway at the end differs, because it arrives at other times.
    settled = {fact for fact in without if fact.at < LIVE - 60_000}
    assert settled <= with_faults


def test_without_faults_each_fact_is_reported_once_and_at_its_time() -> None:
    seen = reports(faults=False)
    assert len({(report.fact.journey, report.fact.place) for report in seen}) == len(seen)
    assert all(report.says_at == report.fact.at and not report.faults for report in seen)


def test_a_copy_has_the_identity_of_the_first() -> None:
    firsts = {report.fact for report in reports() if Fault.DUPLICATE not in report.faults}
    copies = [report.fact for report in reports() if Fault.DUPLICATE in report.faults]
    assert copies
    assert firsts.issuperset(copies)


def test_a_silent_till_reports_nothing_for_a_while() -> None:
    (silence, _) = USUAL_FAULTS.silences
    from_, to = LIVE + silence.begins_ms, LIVE + silence.begins_ms + silence.lasts_ms
    own = [report for report in reports() if report.fact.source == silence.source and from_ <= report.fact.at < to]
    assert own
    assert all(report.sent_at is None for report in own)


def test_journeys_live_in_order_and_end_once() -> None:
    journeys: dict[str, list[str]] = {}
    for report in sorted(reports(faults=False), key=lambda report: (report.fact.at, report.fact.place)):
        journeys.setdefault(report.fact.journey, []).append(report.fact.type)
    customers = [types for name, types in journeys.items() if not name.startswith("duty-")]
    for types in customers:
        assert types[0] == "journey.arrived"
        ends = [type_ for type_ in types if type_ in {"service.completed", "journey.abandoned"}]
        assert len(ends) <= 1
        assert not ends or types[-1] == ends[0]


@given(st.lists(st.integers(0, 500), min_size=24, max_size=24), st.integers(0, 24 * HOUR - 1))
def test_a_rate_lies_between_those_of_the_hours_around_it(rates: list[int], time_of_day: int) -> None:
    assert min(rates) - 1e-9 <= rate_at(rates, time_of_day) <= max(rates) + 1e-9


@given(st.integers(1, 1_000), st.integers(1_000, 10 * HOUR), st.integers(0, HOUR), st.integers(0, 20 * HOUR))
def test_a_play_never_runs_ahead_of_the_present(speed: int, lasts: int, backlog: int, played: int) -> None:
    pace = plan(now_ms=LIVE, backlog_ms=backlog, lasts_ms=lasts, speed=speed, wall_clock_ms=0)
    # The division that lays the beginning may be off by a millisecond of playing.
    assert pace.reached(played) <= LIVE + played + speed
    assert pace.day.live_at - pace.day.begins_at == backlog


def test_the_truth_counts_what_was_sent_and_what_was_not() -> None:
    truth = Truth()
    seen = reports()
    for report in seen:
        truth.note(report)
    told = truth.told()
    assert told["reported"] + told["never_sent"] == len(seen)
    assert told["never_sent"] == told["faults"]["lost"] + told["faults"]["silent till"]
