"""
Which connectors are served and who may post to them: said by a folder and by the names of secrets.
"""

from pathlib import Path

import pytest

from services.ingest.shell.connectors import Senders, load_connectors
from services.runtime.errors import Misconfigured
from tests.fakes.clock import ManualClock
from tests.fakes.desk_connector import DESK
from tests.fakes.identities import FakeIdentities
from tests.project import PROJECT

PEOPLE = FakeIdentities().pseudonyms


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_connectors_that_somebody_may_post_to_are_compiled(tmp_path: Path) -> None:
    other = DESK.replace("id: desk", "id: till")
    assert list(load_connectors(folder(tmp_path, desk=DESK, till=other), PEOPLE, ["desk"])) == ["desk"]


def test_every_shipped_connector_can_be_compiled() -> None:
    shipped = PROJECT / "deploy" / "connectors"
    names = [file.stem for file in sorted(shipped.glob("*.yaml"))]
    assert "square" in names
    assert list(load_connectors(shipped, PEOPLE, names)) == names


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there are no"),
        ({"desk": DESK, "again": DESK}, "keep one"),
        ({"till": DESK.replace("id: desk", "id: till")}, "no connector in .* is called 'desk'; there are till"),
        ({"desk": DESK.replace("kind: Connector", "kind: Mapping")}, "not a connector yet"),
        ({"desk": DESK.replace("known: branch", "known: brunch")}, r"desk.yaml:\d+: values.known: "),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        load_connectors(folder(tmp_path, **files), PEOPLE, ["desk"])


def test_senders_are_named_by_their_secrets() -> None:
    senders = Senders({"SQM_SECRET_WEBHOOK__DESK__RIGA_OLD_TOWN": "one\n two \n\n", "OTHER": "x"}, ManualClock(0))
    assert senders.connectors() == ["desk"]
    assert senders.secrets_of("desk", "riga-old-town") == (b"one", b"two")
    assert senders.secrets_of("desk", "riga_old_town") == ()
    assert senders.secrets_of("till", "riga-old-town") == ()


def test_a_secret_in_a_file_is_changed_over_within_a_second(tmp_path: Path) -> None:
    file, clock = tmp_path / "secret", ManualClock(0)
    file.write_text("one\n", encoding="utf-8")
    senders = Senders({"SQM_SECRET_WEBHOOK__DESK__NORTH_FILE": str(file)}, clock)
    senders.check()
    file.write_text("two\n", encoding="utf-8")
    assert senders.secrets_of("desk", "north") == (b"one",)
    clock.advance(1_000)
    assert senders.secrets_of("desk", "north") == (b"two",)
    file.unlink()
    clock.advance(1_000)
    assert senders.secrets_of("desk", "north") == (b"two",)


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("SQM_SECRET_WEBHOOK__DESK", "SQM_SECRET_WEBHOOK__CONNECTOR__SOURCE"),
        ("SQM_SECRET_WEBHOOK__DESK__NORTH_FILE", "cannot be read"),
    ],
)
def test_a_secret_that_cannot_be_used_stops_the_start(variable: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        Senders({variable: "/nowhere"}, ManualClock(0)).check()
