"""
`sqm tokens` as it is typed.
"""

from pathlib import Path

import pytest

from services.cli import main
from services.runtime.token_file import read_tokens
from services.runtime.tokens import TokenBook


def test_what_create_prints_is_a_token_that_works_until_it_is_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tokens.json"
    where = ["--file", str(path)]
    assert main(["tokens", "create", "acd", "--source", "urn:bank:acd", "--source", "/ivr", *where]) == 0
    text = capsys.readouterr().out.strip()
    held = TokenBook(read_tokens(path)).holder(text)
    assert held is not None
    assert held.sources == ("urn:bank:acd", "/ivr")
    assert main(["tokens", "list", *where]) == 0
    listed = capsys.readouterr().out
    assert held.id in listed
    assert "1 in force, 1 in all" in listed
    assert text.split("_", 2)[2] not in listed
    assert main(["tokens", "revoke", "acd", *where]) == 0
    capsys.readouterr()
    assert main(["tokens", "list", *where]) == 0
    titles, row, _ = capsys.readouterr().out.splitlines()
    assert titles.index("sources") == row.index("urn:bank:acd")
    assert titles.index("state") == row.index("revoked")
    assert TokenBook(read_tokens(path)).holder(text) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "Berlin!", "--source", "/x"], "name 'Berlin!'"),
        (["create", "berlin", "--source", "/a b"], "source '/a b'"),
        (["create", "berlin", "--source", ""], "source ''"),
        (["revoke", "nobody"], "cannot be read"),
        (["list"], "sqm tokens create"),
    ],
)
def test_what_cannot_be_is_said_with_the_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    path = tmp_path / "tokens.json"
    assert main(["tokens", *words, "--file", str(path)]) != 0
    assert said in capsys.readouterr().err
    assert not path.exists()
