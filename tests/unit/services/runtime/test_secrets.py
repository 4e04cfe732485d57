"""
Secrets are found by name, read anew each time, and shown to nobody.
"""

from pathlib import Path

import pytest

from services.alerts.shell.notifiers import Secrets
from services.runtime.errors import Misconfigured


def test_a_secret_is_read_from_the_environment_or_from_a_file_that_may_be_changed_over(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("first\n")
    secrets = Secrets({"SQM_SECRET_A": "plain", "SQM_SECRET_B_FILE": str(file)})
    assert (secrets.reveal("A"), secrets.reveal("B")) == ("plain", "first")
    file.write_text("second\n")
    assert secrets.reveal("B") == "second"


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "SQM_SECRET_A or SQM_SECRET_A_FILE is needed"),
        ({"SQM_SECRET_A": ""}, "SQM_SECRET_A or SQM_SECRET_A_FILE is needed"),
        ({"SQM_SECRET_A": "x", "SQM_SECRET_A_FILE": "y"}, "are both set; keep one"),
        ({"SQM_SECRET_A_FILE": "gone"}, "SQM_SECRET_A_FILE names gone, which cannot be read: No such file"),
    ],
)
def test_what_is_missing_is_named_by_its_variable(environment: dict[str, str], problem: str) -> None:
    with pytest.raises(Misconfigured, match=problem):
        Secrets(environment).reveal("A")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match="no text in UTF-8"):
        Secrets({"SQM_SECRET_A_FILE": str(tmp_path / "key")}).reveal("A")


def test_no_secret_is_in_a_repr_and_none_that_was_revealed_passes_in_a_text() -> None:
    secrets = Secrets(
        {"SQM_SECRET_ROOM": "https://hooks.example/services/T0AAAAAA/B0BBBBBB/abc%2Fdefghi", "SQM_SECRET_K": "pw"}
    )
    for name in ("ROOM", "K"):
        secrets.reveal(name)
    assert "hooks" not in repr(secrets)
    said = secrets.redacted("POST /services/T0AAAAAA/B0BBBBBB failed, abc/defghi, abc%2Fdefghi, pw")
    assert not any(part in said for part in ("T0AAAAAA", "B0BBBBBB", "defghi", "pw"))


def test_a_secret_that_is_no_proper_address_is_blotted_out_all_the_same() -> None:
    secrets = Secrets({"SQM_SECRET_A": "tgram://[broken/token1234"})
    secrets.reveal("A")
    assert secrets.redacted("tgram://[broken/token1234 token1234") == "*** ***"


def test_what_is_remembered_of_secrets_that_are_changed_over_for_ever_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "key"
    secrets = Secrets({"SQM_SECRET_A_FILE": str(file)}, remembered=5)
    for n in range(10):
        file.write_text(f"<{n}>")
        secrets.reveal("A")
    assert secrets.redacted("<4> <5> <9>") == "<4> *** ***"
