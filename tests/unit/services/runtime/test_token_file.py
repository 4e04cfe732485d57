"""
Tokens on disk: written in one step, noticed while ingest runs, never half read.
"""

import stat
from pathlib import Path

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.token_file import TokenFile, changed_tokens, read_tokens
from services.runtime.tokens import RANDOM_BYTES, issue, revoke
from tests.fakes.clock import ManualClock


def add(path: Path, seed: int) -> str:
    token, text = issue("till", ["/t"], bytes([seed]) * RANDOM_BYTES, seed)
    with changed_tokens(path) as tokens:
        tokens.append(token)
    return text


def test_a_new_file_belongs_to_its_owner_alone_and_a_given_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "tokens.json"
    add(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    add(path, 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert len(read_tokens(path)) == 2


def test_a_change_that_fails_halfway_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    add(path, 1)
    before = path.read_bytes()
    changing = changed_tokens(path)
    changing.__enter__().clear()
    assert not changing.__exit__(KeyError, KeyError(), None)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == [".tokens.json.lock", "tokens.json"]


def test_ingest_notices_new_and_revoked_tokens_without_a_restart(tmp_path: Path) -> None:
    path, clock = tmp_path / "tokens.json", ManualClock()
    first = add(path, 1)
    file = TokenFile(path, clock)
    assert file.book().holder(first)
    second = add(path, 2)
    with changed_tokens(path) as tokens:
        tokens[:] = revoke(tokens, tokens[0].id, 5)[0]
    clock.advance(1_000)
    assert file.book().holder(second)
    assert file.book().holder(first) is None


def test_the_file_is_looked_at_once_a_second_at_most(tmp_path: Path) -> None:
    path, clock = tmp_path / "tokens.json", ManualClock()
    add(path, 1)
    file = TokenFile(path, clock)
    second = add(path, 2)
    clock.advance(999)
    assert file.book().holder(second) is None
    clock.advance(1)
    assert file.book().holder(second)


@pytest.mark.parametrize(
    "contents", [b"", b"{", b"[]", b'{"format":"sqm/tokens/v9","tokens":[]}', b'{"tokens":[1]}', None]
)
def test_a_file_that_got_broken_leaves_the_last_good_tokens_and_says_so(tmp_path: Path, contents: bytes | None) -> None:
    path, clock = tmp_path / "tokens.json", ManualClock()
    text = add(path, 1)
    good = path.read_bytes()
    file = TokenFile(path, clock)
    path.unlink()
    if contents is not None:
        path.write_bytes(contents)
    clock.advance(1_000)
    assert file.book().holder(text)
    assert file.fault is not None
    assert str(path) in file.fault
    path.write_bytes(good)
    clock.advance(1_000)
    assert file.book().holder(text)
    assert file.fault is None


def test_readiness_alone_notices_that_the_file_got_broken_and_that_it_was_mended(tmp_path: Path) -> None:
    path, clock = tmp_path / "tokens.json", ManualClock()
    add(path, 1)
    good = path.read_bytes()
    file = TokenFile(path, clock)
    path.write_bytes(b"broken")
    clock.advance(1_000)
    (fault,) = file.missing()
    assert str(path) in fault
    path.write_bytes(good)
    clock.advance(1_000)
    assert file.missing() == []


@pytest.mark.parametrize("contents", [None, b"nonsense", b'{"format":"sqm/tokens/v1"}'])
def test_ingest_does_not_start_without_a_file_that_it_can_read(tmp_path: Path, contents: bytes | None) -> None:
    path = tmp_path / "tokens.json"
    if contents is not None:
        path.write_bytes(contents)
    with pytest.raises(Misconfigured, match="tokens"):
        TokenFile(path, ManualClock())
