"""
The benchmarks run, do the work that they name, and hold the engine to a ratio so coarse that only a blunder breaks it.
"""

import heapq
import json
from pathlib import Path

import pytest

from benchmarks import backtest, calendars, engine, kinds, payloads, replay
from benchmarks.__main__ import NAMES, main
from benchmarks.measuring import Figure, watched, yardstick
from benchmarks.open_journeys import main as hold_open
from benchmarks.processes import FailedError, Service, until
from benchmarks.workload import EVENTS_A_JOURNEY, LIMIT_MS, book, events, newest
from services.sla.engine import Partition, Policy, decode_event, fold

MOST_TIMES = 60


def test_a_fifth_of_the_journeys_is_in_violation() -> None:
    made = events(3_000)
    end = newest(made)
    decision = fold(
        Partition(Policy()), [(place, end, decode_event(one.value)) for place, one in enumerate(made)], book()
    )
    assert len(decision.measurements) == len(made) // EVENTS_A_JOURNEY
    assert 0.15 < sum(not one.met for one in decision.measurements) / len(decision.measurements) < 0.25


def test_events_come_in_the_order_of_time_and_have_the_size_that_was_asked_for() -> None:
    made = events(3_000)
    assert [one.at for one in made] == sorted(one.at for one in made)
    assert 340 < sum(len(one.value) for one in made) / len(made) < 420
    assert len({one.site for one in made}) > 400
    assert newest(made) - made[0].at > LIMIT_MS


def test_folding_costs_no_more_than_some_dozens_of_bare_decodings() -> None:
    made = events(15_000)
    end = newest(made)
    records = [(place, end, decode_event(one.value)) for place, one in enumerate(made)]
    ratios = []
    for _ in range(3):
        bare = yardstick(one.value for one in made)
        with watched() as watch:
            fold(Partition(Policy()), records, book())
        ratios.append(watch.cpu_microseconds(len(made)) / bare)
    assert heapq.nsmallest(1, ratios)[0] < MOST_TIMES


def test_the_engine_is_measured_at_any_scale() -> None:
    figures = {figure.name: figure for figure in engine.run(0.001)}
    assert figures["fold"].value > 0
    assert figures["fold"].yardstick
    assert figures["outcomes"].value == pytest.approx(0.4, abs=0.1)
    assert figures["memory for 10,000 open journeys"].goal == 10


def test_questions_to_a_calendar_are_measured_beside_a_look_at_the_clock() -> None:
    figures = {figure.name: figure for figure in calendars.run(0.001)}
    assert figures["add a limit"].value > 0
    assert figures["add a limit"].yardstick_name == "one local time, us"
    assert figures["add a limit: questions"].value > 1


def test_whatever_is_wrong_with_a_webhook_is_measured_beside_a_right_one() -> None:
    figures = {figure.name: figure for figure in payloads.run(0.001)}
    assert {name.partition(": ")[2] for name in figures if name.startswith("signature of 10 MB")} == {
        "right", "wrong", "a byte altered", "malformed", "missing", "stale",
    }  # fmt: skip
    assert figures["mapping of square: payloads"].value > 1


def test_open_journeys_are_counted_saved_and_brought_back() -> None:
    told = hold_open(600, 10, book())
    assert told["violations"] == 600
    assert told["written"] > 0
    assert 0 < told["chunks"] <= 80


def test_ten_standards_of_all_kinds_are_measured_beside_one() -> None:
    named = {name for parts in kinds.KINDS.values() for name in parts} - {"objective"}
    assert (len(kinds.KINDS), named) == (10, {"clock", "rate", "score", "sequence", "presence"})
    figures = {figure.name: figure.value for figure in kinds.run(0.003)}
    assert figures["ten standards of all kinds"] > figures["one standard"] > 0
    assert figures["memory for 10,000 open journeys, under ten"] > 0


def test_a_made_up_table_is_replayed_where_the_data_is_not_at_hand(tmp_path: Path) -> None:
    table = tmp_path / "calls.txt"
    replay.write_table(table, 40, real=False)
    told, _ = replay.replayed(table)
    assert told["rows"] == 40
    assert told["journeys"] == 40
    assert not told["rejected"]


def test_ten_proposals_are_judged_in_one_pass(tmp_path: Path) -> None:
    table = tmp_path / "calls.txt"
    replay.write_table(table, 40, real=False)
    told, _ = backtest.backtested(table, backtest.write_drafts(tmp_path / "drafts"))
    assert told["journeys"] == 40
    assert [one["new"]["whole"]["n"] for one in told["comparisons"]] == [40] * 10


def test_a_figure_says_whether_it_reaches_its_goal() -> None:
    assert "MISSED" in Figure("cost", 11, "us", goal=10).line()
    assert "reached" in Figure("rate", 11, "1/s", goal=10, more_is_better=True).line()
    assert "(2.0 x bare" in Figure("cost", 4, "us", 2.0).line()


def test_a_process_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    settings = {"SQM_KAFKA__SECURITY_PROTOCOL": "NONSENSE"}
    with (
        pytest.raises(FailedError, match="SECURITY_PROTOCOL"),
        Service("worker", ["services.ingest"], settings, tmp_path) as worker,
    ):
        worker.until_ready()


def test_waiting_in_vain_names_what_was_waited_for() -> None:
    with pytest.raises(FailedError, match="waited 0 s in vain for better days"):
        until(lambda: False, "better days", 0)


def test_an_unknown_benchmark_is_refused_with_the_names_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["wroker"])
    said = capsys.readouterr().err
    assert [name for name in NAMES if name not in said] == []


def test_a_service_reports_its_processor_time_and_its_log(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    said = json.dumps({"event": "http_listening", "port": 1})
    program.write_text(f"import sys, time\nsys.stderr.write({said!r} + chr(10))\nsys.stderr.flush()\n" + _BUSY)
    with Service("busy", [str(program)], {}, tmp_path, modules=False) as service:
        assert service.url() == "http://127.0.0.1:1"
        service.until(lambda: service.cpu_seconds() > 0.1, "some work", 60)
        assert service.resident_megabytes() > 1
        service.kill()


_BUSY = "while True:\n    sum(range(1000))\n"
