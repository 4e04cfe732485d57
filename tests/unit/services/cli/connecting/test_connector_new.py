"""
`sqm connector new` begins a connector from payloads, and `check` reads what it wrote.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.cli.connecting.beginning import ident_of
from services.cli.connecting.fields import fields_of, items_of
from services.cli.connecting.guesses import guess
from services.cli.connecting.sketch import decisions, sketch

ORDER = {
    "id": "e-1",
    "type": "order.updated",
    "shop": {"id": 17, "name": "Old Town"},
    "order": {
        "id": 4711, "state": "DONE", "version": 3, "customer_id": "c-9", "agent": "anna",
        "created_at": "2026-03-02T09:00:00+02:00", "paid_at": None, "completed_at": "2026-03-02T09:20:00+02:00",
        "note": "no onions, please", "items": [{"sku": "a", "at": "2026-03-02T09:00:00Z"}],
    },
}  # fmt: skip


def write(folder: Path, *payloads: object, name: str = "order.json") -> Path:
    file = folder / name
    file.write_text("\n".join(json.dumps(one) for one in payloads), encoding="utf-8")
    return file


def test_a_connector_is_begun_that_check_reads_and_that_yields_the_sample_s_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample, out = write(tmp_path, ORDER), tmp_path / "my-till.yaml"
    assert main(["connector", "new", "--from", str(sample), "--id", "my-till", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    told = capsys.readouterr().err.splitlines()
    assert told[:-1] == [f"{out}:{line}: decide: {question}" for line, question in decisions(text)]
    assert "  journey: {name: order.id, required: true}\n" in text
    assert "  place: {name: shop.id, required: true}\n" in text
    assert "  version: {name: order.version, type: integer}\n" in text
    assert 'when: "completed_at != null", time: completed_at' in text
    assert "#   order.note (text)\n" in text
    # Neither free text nor people are in the example.
    assert "onions" not in text
    assert "c-9" not in text
    assert "anna" not in text
    assert main(["connector", "check", str(out)]) == 0
    assert capsys.readouterr().out == "ok: my-till, 1 mappings, 1 examples\n"
    assert main(["connector", "try", str(out), str(sample)]) == 0
    assert "+20:00.000  service.completed\n" in capsys.readouterr().out


def test_without_a_file_to_write_it_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connector", "new", "--from", str(write(tmp_path, ORDER))]) == 0
    shown = capsys.readouterr()
    assert "  id: order\n" in shown.out
    assert "connector:6: decide: what people call that system\n" in shown.err


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = write(tmp_path, ORDER)
    assert main(["connector", "new", "--from", str(sample), "--out", str(sample)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["connector", "new", "--from", str(sample), "--out", str(tmp_path / "no" / "x.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_without_an_id_the_line_that_is_left_to_fill_in_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connector", "new", "--from", str(write(tmp_path, {"mood": "good", "stars": 4}))]) == 1
    shown = capsys.readouterr()
    line = next(at for at, text in enumerate(shown.out.splitlines(), start=1) if text.startswith("  journey: {name"))
    assert f"connector:{line}: decide: nothing reads like the id of a visit; write its path\n" in shown.err
    assert "journey (id in the payload): empty or not reached, and the mapping requires it\n" in shown.err
    assert "what happened? Nothing in the payload reads like an event" in shown.err


@pytest.mark.parametrize(
    ("body", "items"),
    [([ORDER], "$"), ({"day": "monday", "sent": {"orders": [ORDER]}}, "sent.orders")],
)
def test_payloads_in_a_list_are_found(tmp_path: Path, body: Any, items: str) -> None:  # noqa: ANN401
    sample, out = write(tmp_path, body), tmp_path / "x.yaml"
    assert main(["connector", "new", "--from", str(sample), "--out", str(out)]) == 0
    quoted = json.dumps(items) if items == "$" else items
    assert f"body: {{items: {quoted}}}" in out.read_text(encoding="utf-8")
    assert main(["connector", "check", str(out)]) == 0
    assert main(["connector", "try", str(out), str(sample)]) == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{\n  'a': 1}", "x.json:2: column 3: not JSON: expecting property name enclosed in double quotes"),
        ("[]", "x.json: holds no payload: an object with fields"),
        ("[[], {}]", "x.json: holds no payload: an object with fields"),
        ("7", "x.json: holds no payload: an object with fields"),
        (" \n", "x.json: holds no payload; give one that was sent"),
        ("[" * 100_000, "x.json: nested too deeply"),
        ('{"a": "\\ud800"}', "x.json: "),
        ('"' + "a" * (1 << 20) + '"', "x.json: larger than 1,048,576 bytes"),
    ],
)
def test_what_is_no_payload_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    assert main(["connector", "new", "--from", str(file)]) == 2
    assert problem in capsys.readouterr().err


def test_a_hostile_payload_writes_no_line_of_its_own(tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = {"a": deep}
    payload = {
        "id": "1", "x\nkind: Other": 1, "a.b": 2, "[c=d]": 3, "*": 4, "": 5, "\u2028": 6, "deep": deep,
        "status": "closed\n# decide: nothing", "order_state": 'clo"sed', "type": "true", "null": "x",
        "created_at": "2026-03-02T09:00:00Z", "\u202eid": "2", "a: {b}": 1,
        **{f"more_{number}": number for number in range(700)},
    }  # fmt: skip
    out = tmp_path / "x.yaml"
    assert main(["connector", "new", "--from", str(write(tmp_path, payload)), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "\nkind: Other" not in text
    assert "# … and" not in text
    assert "#   … and" in text
    assert main(["connector", "check", str(out)]) == 0


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("created_at", "2026-03-02T09:00:00.123456789Z", "instant"),
        ("created_at", "2026-03-02 09:00:00 +0200", "text"),
        ("createdAt", "2026-03-02T09:00", "local_time"),
        ("ts", 1_772_442_000, "epoch"),
        ("ts", 1_772_442_000.25, "epoch"),
        ("ts", "1772442000123", "epoch_milliseconds"),
        ("ts", 12, "integer"),
        ("ts", 9_999_999_999, "integer"),
        ("phone", 1_772_442_000, "integer"),
        ("share", 0.5, "decimal"),
        ("open", True, "boolean"),
        ("name", "Anna", "text"),
        ("name", "", "text"),
    ],
)
def test_kinds_are_told_by_values_and_names(name: str, value: object, kind: str) -> None:
    assert [field.kind for field in fields_of([{name: value}])] == [kind]


def test_a_time_without_offset_leaves_the_zone_to_decide() -> None:
    text = sketch("x", [{"id": 1, "createdAt": "2026-03-02 09:00:00.5"}], None)
    assert 'format: "%Y-%m-%d %H:%M:%S.%f"' in text
    assert "zone: UTC  # decide:" in text


@pytest.mark.parametrize(("value", "means"), [(1_772_442_000, "epoch"), (1_772_442_000_000, "epoch_milliseconds")])
def test_a_number_that_may_be_a_time_is_shown_as_one(value: int, means: str) -> None:
    text = sketch("x", [{"id": 1, "time": value}], None)
    assert f"type: {means}}}  # decide: {value} would be 2026-03-02T09:00:00.000Z; is it?" in text


def test_several_payloads_tell_several_events() -> None:
    samples = [{"id": n, "visit": 7, "event": word, "time": 1_772_442_000} for n, word in enumerate(("opened", "paid"))]
    text = sketch("x", samples, None)
    assert 'type: journey.arrived, when: "what == \\"opened\\"", time: at' in text
    assert "milestone: {text: paid}" in text


def test_without_any_time_the_receipt_stands_for_it() -> None:
    assert "time: received_at  # decide:" in sketch("x", [{"ticket": "7", "while": 1, "queue": "a"}], None)


def test_names_of_columns_are_words_that_expressions_know(tmp_path: Path) -> None:
    at, long = "2026-03-02T09:00:00Z", "of_the_long_and_winding_road_that"
    payload = {"id": 1, "received_at": at, "2_closed_at": at, f"{long}_started": at, f"{long}_called": at}
    out = tmp_path / "x.yaml"
    assert main(["connector", "new", "--from", str(write(tmp_path, payload)), "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    for name in (
        "received_at_of_it",
        "closed_at",
        "of_the_long_and_winding_road_t",
        "of_the_long_and_winding_road_t_2",
    ):
        assert f"  {name}: {{name: " in text


def test_only_a_list_with_times_is_one_of_payloads() -> None:
    assert items_of({"a": [1], "b": {"c": [{"d": 1}]}}) is None
    assert guess(fields_of([{"a": 1}])).subject is None


@pytest.mark.parametrize(
    ("stem", "ident"),
    [("Order.Created 2", "order-created-2"), ("---", "my-system"), ("a" * 50, "a" * 40), ("ä", "my-system")],
)
def test_an_id_is_made_of_the_name_of_the_file(stem: str, ident: str) -> None:
    assert ident_of(stem) == ident


def test_an_id_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connector", "new", "--from", str(write(tmp_path, ORDER)), "--id", "My Till"]) == 2
    assert "--id 'My Till': write small letters and digits" in capsys.readouterr().err
