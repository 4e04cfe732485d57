"""
The store of identities: one pseudonym a person, the same for every process, and nothing left of who was erased.
"""

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.ingest.engine.pseudonyms import Identity
from services.ingest.shell.identities import SEALS_KEPT_MS, IdentitiesAway, IdentityStore
from services.runtime.errors import Misconfigured, Transient
from tests.fakes.identities import identity_store
from tests.project import PROJECT, measured

ANNA = Identity("customer", "", "anna@example.org")

Opened = Callable[..., IdentityStore]


@pytest.fixture
def opened() -> Iterator[Opened]:
    with ExitStack() as running:

        def made(folder: Path, now: int = 0) -> IdentityStore:
            store = identity_store(folder, now)
            running.callback(store.close)
            return store

        yield made


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def ended_by_itself(code: str, folder: Path) -> str:
    """
    What a process wrote that killed itself in the middle of its work on a folder.
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=PROJECT, env={"PATH": os.environ["PATH"], **measured()}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout


def test_a_person_has_one_pseudonym_from_every_way_and_in_every_process(tmp_path: Path, opened: Opened) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    anna = first.pseudonyms()("customer", "anna@example.org")
    first.commit()
    assert second.pseudonyms()("customer", "Anna@Example.org") == anna
    assert second.pseudonyms("desk")("customer", "anna@example.org") == anna
    assert second.pseudonyms()("customer", anna) == anna
    others = {
        second.pseudonyms()("employee", "anna@example.org"),
        second.pseudonyms()("customer", "17"),
        second.pseudonyms("desk")("customer", "17"),
        second.pseudonyms("till")("customer", "17"),
        anna,
    }
    assert len(others) == 5
    second.commit()
    assert first.who(anna) == ANNA
    assert [one.identity.scope for one in first.find("17")] == ["", "desk", "till"]
    assert [one.identity for one in first.find("ANNA@example.org", "customer")] == [ANNA]
    assert (first.known("customer", "nobody"), first.known("customer", anna)) == (None, anna)


def test_who_was_erased_comes_back_as_somebody_else_in_every_process(tmp_path: Path, opened: Opened) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    anna = first.pseudonyms()("customer", ANNA.name)
    first.commit()
    assert second.pseudonyms()("customer", ANNA.name) == anna
    second.commit()
    ident, _ = first.new_seal()
    first.commit()
    assert ANNA.name.encode() in bytes_of(tmp_path)
    erasure = second.erase([ANNA], [ident, 5], "head")
    assert (erasure.erased_by, erasure.identities, erasure.seals) == ("head", 1, 1)
    assert ANNA.name.encode() not in bytes_of(tmp_path)
    assert anna.encode() not in bytes_of(tmp_path)
    assert (first.seal(ident), first.who(anna)) == (None, None)
    first.commit()
    assert first.pseudonyms()("customer", ANNA.name) != anna
    first.commit()
    again = second.erase([], [], "head")
    assert (again.number, again.identities, again.seals) == (2, 0, 0)
    assert [one.number for one in first.erasures()] == [1, 2]


def test_keys_of_records_that_are_long_gone_make_room_for_new_ones(tmp_path: Path, opened: Opened) -> None:
    first = opened(tmp_path)
    old = [first.new_seal()[0] for _ in range(3)]
    first.commit()
    at_the_end = opened(tmp_path, SEALS_KEPT_MS)
    kept = at_the_end.new_seal()[0]
    at_the_end.commit()
    assert all(first.seal(ident) for ident in old)
    later = opened(tmp_path, SEALS_KEPT_MS + 1)
    left = []
    for _ in range(3):
        later.new_seal()
        later.commit()
        left.append(sum(first.seal(ident) is not None for ident in old))
    assert left == [1, 0, 0]
    assert first.seal(kept) is not None


def test_what_others_make_does_not_cost_what_is_remembered(tmp_path: Path, opened: Opened) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    anna = first.pseudonyms()("customer", ANNA.name)
    first.commit()
    second.pseudonyms()("customer", "b")
    second.commit()
    first.commit()
    assert first._known == {("", "customer", ANNA.name): anna}


def test_keys_of_records_that_are_long_gone_go_with_the_next_erasure(tmp_path: Path, opened: Opened) -> None:
    early = opened(tmp_path)
    ident, secret = early.new_seal()
    early.commit()
    assert early.seal(ident) == secret
    opened(tmp_path, now=101 * 86_400_000).erase([], [], "head")
    assert early.seal(ident) is None


def test_only_the_owner_can_read_the_file(tmp_path: Path, opened: Opened) -> None:
    opened(tmp_path)
    assert stat.S_IMODE((tmp_path / "identities.db").stat().st_mode) == 0o600


def test_a_file_of_somebody_else_or_one_that_others_may_read_is_told_and_a_new_one_is_its_owners_alone(
    tmp_path: Path, opened: Opened
) -> None:
    file = tmp_path / "identities.db"
    file.touch(mode=0o644)
    with capture_logs() as said:
        assert opened(tmp_path).made
    assert ([one["event"] for one in said], stat.S_IMODE(file.stat().st_mode)) == (["identities_file_made"], 0o600)
    file.chmod(0o640)
    with capture_logs() as said:
        assert not opened(tmp_path).made
    assert said == []
    file.chmod(0o644)
    with capture_logs() as said:
        opened(tmp_path)
    assert [(one["event"], one["mode"], one["advice"]) for one in said] == [
        ("identities_file_readable_by_others", "0644", f"chmod 600 {file}*")
    ]


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_that_is_gone_lets_nothing_be_published_until_it_is_back(
    tmp_path: Path, opened: Opened, suffix: str
) -> None:
    store, file = opened(tmp_path), tmp_path / f"identities.db{suffix}"
    store.pseudonyms()("customer", "before")
    store.commit()
    assert store.missing() == []
    file.rename(tmp_path / "elsewhere")
    with capture_logs() as said:
        assert "was deleted or replaced" in store.missing()[0]
        store.pseudonyms()("customer", "meanwhile")
        with pytest.raises(IdentitiesAway, match=re.escape(f"{file} was deleted or replaced while it was open")):
            store.commit()
        file.touch()
        with pytest.raises(IdentitiesAway, match="deleted or replaced"):
            store.erase([ANNA], [], "head")
    assert [(one["event"], one["file"]) for one in said] == [("identities_file_gone", str(file))]
    (tmp_path / "elsewhere").rename(file)
    store.commit()
    assert (store.missing(), store.erasures()) == ([], [])


def test_a_file_that_was_deleted_can_be_copied_from_the_process_that_has_it_open(
    tmp_path: Path, opened: Opened
) -> None:
    store = opened(tmp_path)
    anna = store.pseudonyms()("customer", ANNA.name)
    store.commit()
    for file in tmp_path.iterdir():
        file.unlink()
    (said,) = store.missing()
    held = re.search(r"a copy of (/proc/\d+/fd/\d+), which this process holds", said)
    assert held is not None, said
    (tmp_path / "identities.db").write_bytes(Path(held[1]).read_bytes())
    assert "deleted or replaced" in store.missing()[0]
    store.close()
    assert opened(tmp_path).pseudonyms()("customer", ANNA.name) == anna


def test_a_process_that_is_killed_leaves_what_it_has_committed(tmp_path: Path, opened: Opened) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tests.fakes.identities import identity_store\n"
        "store = identity_store(Path(sys.argv[1])); made = store.pseudonyms()\n"
        "print(made('customer', 'kept')); store.commit(); print(made('customer', 'lost'), flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    kept, lost = ended_by_itself(code, tmp_path).splitlines()[-2:]
    after = opened(tmp_path).pseudonyms()
    assert (after("customer", "kept") == kept, after("customer", "lost") == lost) == (True, False)


@pytest.mark.parametrize(
    ("place", "left", "logged"),
    [("store._clock.now_ms", 1, [1]), ("store.empty_log", 0, [1, 0])],
    ids=["in the middle", "with the log still there"],
)
def test_an_erasure_that_is_killed_is_finished_by_doing_it_again(
    place: str, left: int, logged: list[int], tmp_path: Path, opened: Opened
) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tests.fakes.identities import identity_store\n"
        "store = identity_store(Path(sys.argv[1])); store.pseudonyms()('customer', 'anna@example.org')\n"
        f"store.commit(); {place} = lambda: os.kill(os.getpid(), 9)\n"
        "store.erase([one.identity for one in store.find('anna@example.org')], [], 'head')"
    )
    ended_by_itself(code, tmp_path)
    # Even where the erasure is kept already, the log still has the bytes.
    assert ANNA.name.encode() in bytes_of(tmp_path)
    store = opened(tmp_path)
    found = store.find(ANNA.name)
    assert len(found) == left
    store.erase([one.identity for one in found], [], "head")
    assert ANNA.name.encode() not in bytes_of(tmp_path)
    assert [one.identities for one in store.erasures()] == logged


def test_a_file_that_is_none_of_ours_or_of_a_newer_version_is_refused(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "identities.db").write_text("something else, and rather long, so that it cannot be an empty one" * 9)
    with pytest.raises(Misconfigured, match=r"SQM_IDENTITIES_FILE: .* cannot be opened: file is not a database"):
        opened(tmp_path)
    (tmp_path / "identities.db").unlink()
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "identities.db") as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(Misconfigured, match="newer version"):
        opened(tmp_path)


def test_a_store_that_cannot_be_written_is_to_be_tried_again_and_remembers_nothing_that_is_not_kept(
    tmp_path: Path, opened: Opened
) -> None:
    store = opened(tmp_path)
    store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(Transient, match="SQM_IDENTITIES_FILE"):
        store.pseudonyms()("customer", "a")
    with pytest.raises(Transient):
        store.new_seal()
    store._database.execute("PRAGMA query_only = OFF")
    assert store.pseudonyms()("customer", "a") == store.pseudonyms()("customer", "a")


def test_a_reader_that_does_not_end_keeps_an_erasure_from_being_called_done(tmp_path: Path, opened: Opened) -> None:
    store, reader = opened(tmp_path), opened(tmp_path)
    store._database.execute("PRAGMA busy_timeout = 1")
    store.pseudonyms()("customer", ANNA.name)
    store.commit()
    reader._database.execute("BEGIN")
    reader._rows("SELECT * FROM identities", ())
    with pytest.raises(Transient, match="erase again"):
        store.erase([ANNA], [], "head")
    reader._database.execute("COMMIT")
    store.erase([ANNA], [], "head")
    assert ANNA.name.encode() not in bytes_of(tmp_path)
