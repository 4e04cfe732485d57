"""
What `make env` makes: once, for its owner alone, and such that the services take it.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from services.runtime.stack import main, make_environment
from services.runtime.token_file import read_tokens
from services.runtime.tokens import TokenBook
from tests.project import PROJECT


def drawn(*firsts: int) -> Iterator[int]:
    yield from firsts
    while True:
        yield 7


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert main(["--into", str(tmp_path)]) == 0
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700
    # Each container reads its own as somebody else.
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").glob("*_*")} == {0o644}


def test_nothing_is_made_twice(tmp_path: Path) -> None:
    assert main(["--into", str(tmp_path)]) == 0
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert main(["--into", str(tmp_path)]) == 1
    (tmp_path / ".env").unlink()
    assert main(["--into", str(tmp_path)]) == 1, "the secrets alone are reason enough"
    assert {file: file.read_bytes() for file in (tmp_path / "secrets").rglob("*") if file.is_file()} == {
        file: text for file, text in before.items() if file.name != ".env"
    }


def test_the_refusal_says_what_is_there_and_how_to_begin_anew(tmp_path: Path) -> None:
    (tmp_path / ".env").touch()
    ended = subprocess.run(
        [sys.executable, "-m", "services.runtime.stack", "--into", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert f"env: {tmp_path / '.env'} is there already" in ended.stderr
    assert "docker compose down --volumes" in ended.stderr


def test_no_secret_is_shown_or_stands_in_the_environment(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "services.runtime.stack", "--into", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    secret = [file.read_text() for file in (tmp_path / "secrets").glob("*_*")]
    environment = (tmp_path / ".env").read_text()
    assert len(secret) == 8
    assert [text for text in secret if text in told or text in environment] == []
    assert "secrets/grafana_password" in told


def test_passwords_are_long_differ_and_their_digests_are_what_the_database_compares_with() -> None:
    made = make_environment(os.urandom, 0, 1000, 1000)
    passwords = [text for name, text in made.files.items() if name != "tokens/tokens.json"]
    assert min(map(len, passwords)) >= 43
    assert len(set(passwords)) == len(passwords)
    digest = hashlib.sha256(made.files["clickhouse_writer"].encode()).hexdigest()
    assert made.variables["SQM_CLICKHOUSE_WRITER_SHA256"] == digest


def test_the_tokens_are_those_that_the_services_know(tmp_path: Path) -> None:
    assert main(["--into", str(tmp_path)]) == 0
    book = TokenBook(read_tokens(tmp_path / "secrets/tokens/tokens.json"))
    simulator = book.holder((tmp_path / "secrets/simulator_token").read_text())
    reporter = book.holder((tmp_path / "secrets/alertmanager_token").read_text())
    assert simulator is not None
    assert (simulator.name, simulator.sources, simulator.role) == ("simulator", ("/demo",), None)
    assert reporter is not None
    assert (reporter.name, reporter.role) == ("alertmanager", "operator")


def test_the_name_of_the_cluster_never_looks_like_an_option() -> None:
    # 248 is a dash in the first letter of what is written.
    firsts = drawn(*[7] * 9, 248)
    made = make_environment(lambda count: bytes([next(firsts)]) * count, 0, 1000, 1000)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", made.variables["SQM_KAFKA_CLUSTER_ID"])
