"""
Whose a pseudonym is, is told to those who may know; nobody else may ask, or erase anybody.
"""

from pathlib import Path

import pytest

from services.cli import main
from services.cli.erasure_words import told
from services.cli.history_marks import InHistory, Marks
from services.cli.history_traces import TableTraces
from services.ingest.engine.pseudonyms import Identity
from services.ingest.shell.erasing import Places, Searched
from services.ingest.shell.identities import Erasure, Kept
from tests.fakes.identities import identity_store

Output = pytest.CaptureFixture[str]


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """
    The pseudonyms of a customer and of an employee of the connector desk.
    """
    monkeypatch.setenv("SQM_IDENTITIES_FILE", str(tmp_path / "identities.db"))
    monkeypatch.setenv("SQM_INGEST_TOKENS_FILE", str(tmp_path / "tokens.json"))
    monkeypatch.delenv("SQM_TOKEN", raising=False)
    store = identity_store(tmp_path)
    made = store.pseudonyms()("customer", "Anna@example.org"), store.pseudonyms("desk")("employee", "17")
    store.commit()
    store.close()
    return made


def shows(role: str, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    assert main(["tokens", "create", "somebody", "--role", role]) == 0
    monkeypatch.setenv("SQM_TOKEN", capsys.readouterr().out.strip())


def test_who_is_on_duty_learns_of_employees_and_an_administrator_of_everybody(
    known: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    customer, employee = known
    shows("operator", monkeypatch, capsys)
    assert main(["history", "who", employee]) == 0
    assert capsys.readouterr().out == f"{employee}  employee 17 of desk\n"
    assert main(["history", "who", customer]) == 1
    assert "this needs the role administrator; the token of somebody has operator" in capsys.readouterr().err
    shows("administrator", monkeypatch, capsys)
    assert main(["history", "who", customer, "c-0"]) == 1
    assert capsys.readouterr().out == f"{customer}  customer anna@example.org\nc-0  nobody who is known\n"


@pytest.mark.parametrize("words", [["who", "c-0"], ["erase", "anna"]])
def test_nobody_without_a_token_is_answered(words: list[str], known: tuple[str, str], capsys: Output) -> None:
    assert main(["tokens", "create", "till", "--source", "/"]) == 0
    assert main(["history", *words]) == 1
    assert "sqm tokens create NAME --role administrator" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["erase", "anna", "--customer", "--employee"], "give one of them, or neither for both"),
        (["erase", " "], "' ' is nobody's identity"),
        (["erase", "anna", "--texts", "--url", "http://127.0.0.1:1"], "leave out --url"),
    ],
)
def test_what_cannot_be_meant_is_said(words: list[str], said: str, known: tuple[str, str], capsys: Output) -> None:
    assert main(["history", *words]) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_erased_where_the_texts_cannot_be_marked(
    known: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", str(tmp_path / "nowhere"))
    shows("administrator", monkeypatch, capsys)
    assert main(["history", "erase", "anna@example.org", "--texts"]) == 2
    assert f"--texts: there is no folder {tmp_path}/nowhere" in capsys.readouterr().err
    store = identity_store(tmp_path)
    assert (store.erasures(), len(store.find("anna@example.org"))) == ([], 1)
    store.close()


def test_where_the_store_is_not_the_variable_is_named(
    known: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("SQM_IDENTITIES_FILE", "nowhere/identities.db")
    assert main(["history", "who", "c-0"]) == 2
    assert "SQM_IDENTITIES_FILE: there is no nowhere/identities.db" in capsys.readouterr().err


def test_what_was_found_done_and_left_is_told_without_the_name() -> None:
    kept = [Kept(Identity("customer", scope, "anna"), f"c-{scope}") for scope in ("", "desk")]
    places = [Places("sqm.raw.v1", 1_000, 2, 3), Places("sqm.events.v1", 9, 0, 0)]
    searched = Searched(kept, ["anna"], places, {1}, {0: 5}, {"sqm.events.v1": 7})
    tables = [
        TableTraces("events", 8, 0, ()),
        TableTraces("alert_commands", 5, 2, ("note",)),
        TableTraces("feedback", 0, 0, (), "took too long"),
    ]
    lines = list(
        told(searched, Erasure(4, 0, "head", 2, 1), InHistory(tables, [Marks("alerts", "note", 3)], marked=False))
    )
    assert lines[:7] == [
        " customer  c-",
        " customer  c-desk of desk",
        "        2  of 1,000 records of sqm.raw.v1, 3 that nobody can read",
        "        0  of 9 records of sqm.events.v1",
        "        0  of 8 rows of history, table events",
        "        2  of 5 rows of history, table alert_commands",
        "erased: 2 identities, 1 keys of sealed records (erasure 4)",
    ]
    beginnings = (
        "deleted: sqm.events.in.v1 up to the last record that named them",
        "not marked: 3 texts in history, table alerts, in note; `--texts` puts [erased] in the place",
        "left: 7 in sqm.events.v1",
        "left: 2 in history, table alert_commands, in note; they go with its lifetime; to see them: sqm",
        "left, perhaps: history, table feedback, could not be searched: took too long",
        "not searched: files that were exported before",
    )
    assert len(lines) == 7 + len(beginnings)
    assert all(line.startswith(beginning) for line, beginning in zip(lines[7:], beginnings, strict=True))
    assert "anna" not in "".join(lines)
    done = InHistory([], [Marks("alerts", "note", 3)], marked=True)
    assert [line for line in told(searched, None, done) if "old_parts" in line or "marked" in line] == [
        "marked: 3 texts in history, table alerts, in note",
        "ClickHouse removes the files of what they were within old_parts_lifetime, usually eight minutes",
    ]
    nobody = list(told(Searched([], [], [], set(), {}, {}), None, None))
    assert nobody[:2] == ["nobody of this name has a pseudonym", "dry run: nothing was erased"]
    assert len(list(told(Searched([], [], [], set(), {}, {}), Erasure(1, 0, "head", 0, 0), None))) == 3


def test_erasures_are_listed_to_an_administrator_without_whose_they_were(
    known: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    store = identity_store(tmp_path)
    store.erase([one.identity for one in store.find("anna@example.org")], [], "head")
    store.close()
    shows("operator", monkeypatch, capsys)
    assert main(["history", "erasures"]) == 1
    assert "this needs the role administrator" in capsys.readouterr().err
    shows("administrator", monkeypatch, capsys)
    assert main(["history", "erasures"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1  ")
    assert said.endswith("Z  head  1 identities, 0 keys of sealed records\n")
