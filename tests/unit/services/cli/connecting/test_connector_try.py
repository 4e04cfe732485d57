"""
`sqm connector try` shows what payloads become, and what a standard makes of them or lacks; `list` and `show` find
connectors.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.cli.connecting.bodies import MOST_BYTES
from tests.project import PROJECT

SHIPPED = PROJECT / "deploy" / "connectors"
STANDARD = """\
apiVersion: sqm/v1
kind: Standard
metadata: {id: wait, version: 1, title: In time, owner: quality, why: tested, effective_from: 2020-01-01T00:00:00Z}
clock: {start: journey.arrived, stop: STOP, limit: 5m}
objective: {metric: sl_all_offered, target: 80%}
"""


def event(number: int, what: str, at: str, **more: object) -> dict[str, Any]:
    return {"id": number, "what": what, "journey": "T-1", "at": f"2026-03-02T{at}Z", "site": "riga-1", **more}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    monkeypatch.delenv("SQM_INGEST_CONNECTORS", raising=False)


@pytest.fixture
def day(tmp_path: Path) -> Path:
    file = tmp_path / "day.jsonl"
    said = (event(1, "arrived", "09:00:00", channel="walk_in"), event(2, "called", "09:03:00", version=1))
    file.write_text("\n".join(json.dumps(one) for one in said) + "\n\n", encoding="utf-8")
    return file


@pytest.fixture
def standards(tmp_path: Path) -> Path:
    folder = tmp_path / "standards"
    folder.mkdir()
    (folder / "wait.yaml").write_text(STANDARD.replace("STOP", "journey.called"), encoding="utf-8")
    return folder


def test_a_payload_is_shown_with_its_mapping_its_events_and_the_journey(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connector", "try", "generic-json", str(day)]) == 0
    shown = capsys.readouterr().out
    line = (SHIPPED / "generic-json.yaml").read_text("utf-8").partition("\n  journeys:")[0].count("\n") + 2
    assert (
        f"payload 1 ({day}:1): mapping journeys (deploy/connectors/generic-json.yaml:{line}); version of T-1\n" in shown
    )
    assert "⇒ 2026-03-02T09:00:00.000Z sqm.journey.arrived of T-1: site=riga-1 channel=walk_in\n" in shown
    assert "\n1 journey\n  T-1 at riga-1, from 2026-03-02T09:00:00.000Z\n       +0:00.000  journey.arrived\n" in shown
    assert "       +3:00.000  journey.called\n" in shown


def test_a_standard_that_can_be_judged_shows_its_figures(
    day: Path, standards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connector", "try", "generic-json", str(day), "--standards", str(standards), "--show", "0"]) == 0
    shown = capsys.readouterr().out
    assert "payload" not in shown
    assert "sl_all_offered" in shown
    assert "100.00%" in shown
    assert "cannot be judged" not in shown


def test_a_standard_that_cannot_be_judged_says_what_is_missing(
    day: Path, standards: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (standards / "other.yaml").write_text(STANDARD.replace("STOP", "service.paused").replace("id: wait", "id: x"))
    (standards / "third.yaml").write_text(STANDARD.replace("STOP", "service.started").replace("id: wait", "id: y"))
    words = ["connector", "try", "generic-json", str(day), "--standards", str(standards)]
    assert main(words) == 1
    shown = capsys.readouterr().out
    assert "  missing   stop: no event says when the work was paused (service.paused)\n" in shown
    assert (
        "  not seen  stop: none of these payloads says when service began; deploy/connectors/generic-json.yaml:"
        in shown
    )
    assert "100.00%" in shown
    assert main([*words, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["standard"], one["can_be_judged"]) for one in told["standards"]] == [
        ("x", False), ("y", False), ("wait", True),
    ]  # fmt: skip
    assert told["standards"][0]["gaps"][0]["weight"] == "never"
    assert [one["good"] for one in told["figures"]["attainment"] if one["metric"] == "sl_all_offered"] == [1]
    assert told["journeys"] == [
        {
            "site": "riga-1", "subject": "T-1",
            "events": [
                {"type": "sqm.journey.arrived", "time": "2026-03-02T09:00:00.000Z"},
                {"type": "sqm.journey.called", "time": "2026-03-02T09:03:00.000Z"},
            ],
        }
    ]  # fmt: skip
    assert [one["outcome"] for one in told["payloads"]] == ["mapped", "mapped"]


def test_where_nothing_can_be_judged_there_are_no_figures(
    day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(STANDARD.replace("STOP", "service.paused"), encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(day), "--standards", str(file), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["figures"] is None


def test_of_one_event_the_highest_revision_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "day.jsonl"
    said = [event(n, "called", f"09:0{n}:00", version=version) for n, version in ((1, 5), (2, 9), (3, 7))]
    file.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(file), "--format", "json"]) == 0
    [journey] = json.loads(capsys.readouterr().out)["journeys"]
    assert [one["time"] for one in journey["events"]] == ["2026-03-02T09:02:00.000Z"]


def test_many_journeys_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "day.ndjson"
    said = [event(n, "arrived", "09:00:00") | {"journey": f"T-{n}"} for n in range(25)]
    file.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "25 journeys\n" in shown
    assert "  … and 5 more\n" in shown
    assert "payload 21" not in shown


def line_with(text: str, file: Path = SHIPPED / "generic-json.yaml") -> int:
    return file.read_text("utf-8").partition(text)[0].count("\n") + 1


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (
            event(1, "arrived", "nonsense"),
            "generic-json.yaml:{}: at (at or time or timestamp in the payload): ",
        ),
        (event(1, "danced", "09:00:00"), "generic-json.yaml:{}: mappings: no mapping is for it"),
        (event(1, "arrived", "09:00:00") | {"id": ""}, "generic-json.yaml:{}: event_id (id in the payload): "),
        (event(1, "feedback", "09:00:00", score="x"), "generic-json.yaml:{}: score (score in the payload): "),
        (event(1, "reached", "09:00:00"), "generic-json.yaml:{}: mappings.journeys.events.6"),
        (event(1, "arrived", "09:00:00", version=-1), "generic-json.yaml:{}: delivery.version: a version is"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_by_the_field_and_the_line_of_the_connector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], payload: dict[str, Any], told: str
) -> None:
    places = {
        " at (": "\n  at: {", " mappings: no": "\nmappings:", " event_id": "\n  event_id: {", " score": "\n  score: {",
        " mappings.j": "      - {type: milestone.reached", " delivery.v": "\n  version: version\n",
    }  # fmt: skip
    text = next(text for part, text in places.items() if part in told)
    file = tmp_path / "one.json"
    file.write_text(json.dumps(payload), encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(file)]) == 1
    line = line_with(text) + (1 if text.startswith("\n") else 0)
    assert told.format(line) in capsys.readouterr().out
    assert main(["connector", "try", "generic-json", str(file), "--format", "json"]) == 1
    [rejected] = json.loads(capsys.readouterr().out)["payloads"]
    assert (rejected["outcome"], rejected["connector_line"]) == ("rejected", line)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"id": 1,\n "what" 2}', "column 9: not JSON: expecting ':' delimiter"),
        ("[[]]", "event_id (id in the payload): empty or not reached"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('"\\ud800"', "rejected"),
    ],
)
def test_hostile_payloads_are_rejected_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    file = tmp_path / "one.json"
    file.write_text("\ufeff" + text, encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(file)]) == 1
    assert told in capsys.readouterr().out


def test_bytes_that_are_no_text_are_told_by_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.json").write_bytes(b'{"id": "\xff"}')
    assert main(["connector", "try", "generic-json", str(tmp_path / "one.json")]) == 1
    assert "not UTF-8: byte 8" in capsys.readouterr().out


def test_a_line_that_is_too_long_costs_itself_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.dumps(event(1, "arrived", "09:00:00")).encode()
    (tmp_path / "day.jsonl").write_bytes(b'"' + b"x" * (3 * MOST_BYTES) + b'"\n' + good + b"\n")
    assert main(["connector", "try", "generic-json", str(tmp_path / "day.jsonl")]) == 1
    shown = capsys.readouterr().out
    assert "day.jsonl:1): rejected, field_too_long" in shown
    assert "day.jsonl:2): mapping journeys" in shown


def test_a_list_holds_a_payload_in_each_of_its_elements_however_long_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [event(1, "arrived", "09:00:00"), {"x": "x" * MOST_BYTES}, {}, {}, event(2, "called", "09:03:00")]
    file = tmp_path / "day.json"
    file.write_text("\ufeff[\n" + ",\n".join(map(json.dumps, said)) + "]", encoding="utf-8")
    assert main(["connector", "try", "generic-json", str(file)]) == 1
    shown = capsys.readouterr().out
    assert f"payload 1 ({file}:2, number 1 of the list): mapping journeys" in shown
    assert f"payload 2 ({file}:3, number 2 of the list): rejected, field_too_long" in shown
    assert f"payload 4 ({file}:5, number 4 of the list): rejected" in shown
    assert f"payload 5 ({file}:6, number 5 of the list): mapping journeys" in shown


@pytest.mark.parametrize("name", ["day.json", "day.jsonl"])
def test_files_without_a_payload_and_files_that_are_too_large_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    for text in ("\n \n", *(["[]"] if name == "day.json" else [])):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert main(["connector", "try", "generic-json", str(tmp_path / name)]) == 2
        assert "holds no payload" in capsys.readouterr().err
    (tmp_path / "big.json").write_bytes(b"[" * (MOST_BYTES + 1))
    assert main(["connector", "try", "generic-json", str(tmp_path / "big.json")]) == 2
    assert "larger than 1,048,576 bytes" in capsys.readouterr().err


def test_what_is_passed_over_and_what_yields_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "qminder.jsonl"
    said = [{"type": "line_created", "data": {"id": 1}}]
    file.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    assert main(["connector", "try", "qminder", str(file)]) == 0
    line = line_with("passes_over:", SHIPPED / "qminder.yaml")
    assert f"passed over, as deploy/connectors/qminder.yaml:{line} says (passes_over)\n" in capsys.readouterr().out
    assert main(["connector", "try", "qminder", str(file), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["passed_over"] == 1
    quiet = (
        (SHIPPED / "qminder.yaml")
        .read_text("utf-8")
        .replace("passes_over: kind in", "passes_over: kind == 'x' && kind in")
    )
    quiet = quiet.replace('when: kind.startsWith("ticket_")', 'when: "true"').replace(
        "time: entered", "when: kind == 'x'\n        time: entered"
    )
    (tmp_path / "my.yaml").write_text(quiet, encoding="utf-8")
    assert main(["connector", "try", str(tmp_path / "my.yaml"), str(file)]) == 0
    assert "  no event: no condition of it holds\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "status"),
    [('{"EventType": "worker.created", "Sid": "EV1"}', 0), ("EventType=worker.created&Sid=EV1", 0), ("[1]", 1)],
)
def test_a_form_may_be_written_as_fields_or_as_it_was_posted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, status: int
) -> None:
    (tmp_path / "form.json").write_text(text, encoding="utf-8")
    assert main(["connector", "try", "twilio-taskrouter", str(tmp_path / "form.json")]) == status
    assert ("passed over" in capsys.readouterr().out) is not bool(status)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--header", "x-topic"], "--header 'x-topic': write it as 'NAME: VALUE'"),
        (["--header", ": x"], "write it as"),
        (["--source", "Old Town"], "--source 'Old Town': write small letters"),
    ],
)
def test_words_that_do_not_fit_are_told(
    day: Path, capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    assert main(["connector", "try", "generic-json", str(day), *words]) == 2
    assert problem in capsys.readouterr().err


def test_headers_are_read_as_the_vendor_sends_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = {"id": 1, "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:00:00Z"}
    (tmp_path / "one.json").write_text(json.dumps(order), encoding="utf-8")
    words = ["connector", "try", "shopify", str(tmp_path / "one.json")]
    assert main(words) == 1
    assert "no_mapping" in capsys.readouterr().out
    assert main([*words, "--header", "X-Shopify-Topic: orders/create", "--header", "x-shopify-webhook-id: w1"]) == 0
    assert "journey.arrived" in capsys.readouterr().out


def test_connectors_are_listed_with_what_they_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connector", "list"]) == 0
    shown = capsys.readouterr().out
    assert "square               Square, orders and payments of a shop (shipped)\n" in shown
    assert "events: journey.arrived, journey.called, service.started" in shown
    text = (SHIPPED / "square.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("Square, orders", "Mine, orders"), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    monkeypatch.setenv("SQM_INGEST_CONNECTORS", str(tmp_path))
    assert main(["connector", "list", "--format", "json"]) == 1
    shown_now = capsys.readouterr()
    listed = json.loads(shown_now.out)
    assert [one["file"] for one in listed if one["id"] == "square"] == [str(tmp_path / "mine.yaml")]
    assert [one["own"] for one in listed if one["id"] in ("square", "shopify")] == [True, False]
    assert "bad.yaml:1: not YAML" in shown_now.err
    assert main(["connector", "show", "bad"]) == 2
    monkeypatch.setenv("SQM_INGEST_CONNECTORS", str(tmp_path / "none"))
    assert main(["connector", "list"]) == 2


def test_a_connector_is_shown_with_address_settings_steps_and_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SQM_INGEST_PUBLIC_URL", "https://sqm.example.org/")
    assert main(["connector", "show", "qminder", "--source", "riga-1"]) == 0
    shown = capsys.readouterr().out
    assert "\n  https://sqm.example.org/v1/webhooks/qminder/riga-1\n" in shown
    for variable in (
        "SQM_SECRET_WEBHOOK__QMINDER__RIGA_1 ",
        "SQM_IDENTITIES_FILE ",
        "SQM_INGEST_PUBLIC_URL ",
    ):
        assert f"  {variable}" in shown
    assert "  1. In the Qminder dashboard" in shown
    assert 'signs: "{url}{body}"' in shown
    assert "examples:" not in shown


def test_a_connector_that_lacks_nothing_and_says_no_why_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SHIPPED / "generic-json.yaml").read_text("utf-8")
    begin, end = text.index("  lacks:"), text.index("  setup:")
    text = (text[:begin] + text[end:]).replace("  why: >-\n", "  labels_of: >-\n")
    why, after = text.index("  labels_of"), text.index("guide:")
    (tmp_path / "mine.yaml").write_text(text[:why] + text[after:], encoding="utf-8")
    assert main(["connector", "show", str(tmp_path / "mine.yaml")]) == 0
    shown = capsys.readouterr().out
    assert "Cannot tell" not in shown
    assert "https://YOUR-HOST/v1/webhooks/generic-json/my-shop" in shown


def test_a_name_that_nobody_has_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connector", "show", "sqare"]) == 2
    assert "no connector is called 'sqare'; did you mean 'square'?" in capsys.readouterr().err
