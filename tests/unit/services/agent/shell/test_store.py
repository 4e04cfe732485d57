"""
The file: one owner, a bound, damage that is moved aside, and what can be saved of it.
"""

import json
import sqlite3
from pathlib import Path

import pytest

from services.agent.engine import DeadLetter, Lane, Record
from services.agent.shell.reserve import RESERVE_BYTES
from services.agent.shell.store import Damaged, DiskFull, Keep, Retry, Settle, Store
from services.runtime.errors import Misconfigured

NOW = 1_772_445_600_000
HOOK = Record(Lane.REQUESTS, NOW, b"\x00\xff", "/v1/webhooks/a/b", (("x-signature", "é"),))


def opened(file: Path, *, dead_bytes: int = 100_000, file_bytes: int = 4_000_000, now: int = NOW) -> Store:
    return Store(file, now=now, dead_bytes=dead_bytes, file_bytes=file_bytes)


def record(name: str, size: int = 10) -> Record:
    return Record(Lane.EVENTS, NOW, name.encode().ljust(size))


def letter(seq: int, at: int = NOW) -> DeadLetter:
    return DeadLetter(seq, "unknown_field", "say segment", at)


def test_a_record_comes_back_as_it_went_in(tmp_path: Path) -> None:
    store = opened(tmp_path / "deep" / "a.db")
    store.commit([Keep([record("a"), HOOK])])
    store.close()
    store = opened(tmp_path / "deep" / "a.db")
    assert [one.record for one in store.oldest(Lane.REQUESTS, 10, 1_000)] == [HOOK]
    assert store.totals.waiting == {Lane.EVENTS: 1, Lane.REQUESTS: 1}
    assert store.totals.waiting_bytes == record("a").size + HOOK.size
    assert store.oldest_at() == NOW
    store.close()


def test_commits_reach_the_disk(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    asked = store._database.execute("PRAGMA synchronous").fetchone()
    assert asked == (2,), "synchronous = FULL"
    assert store._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_a_batch_is_bounded_in_number_and_bytes_but_never_empty(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    store.commit([Keep([record(str(number), 1_000) for number in range(5)])])
    assert len(store.oldest(Lane.EVENTS, 3, 10**6)) == 3
    assert len(store.oldest(Lane.EVENTS, 5, 3_000)) == 2
    assert len(store.oldest(Lane.EVENTS, 5, 1)) == 1
    store.close()


def test_a_second_agent_on_one_file_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    with pytest.raises(Misconfigured, match=r"SQM_AGENT_FILE: .*a\.db belongs to an agent that runs"):
        opened(tmp_path / "a.db")
    store.close()
    opened(tmp_path / "a.db").close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured, match=r"SQM_AGENT_FILE: .*cannot be written"):
        opened(tmp_path / "file" / "a.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Misconfigured, match=r"SQM_AGENT_FILE: .*cannot be opened"):
        opened(tmp_path / "folder")
    opened(tmp_path / "other.db").close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path / "a.db").close()
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(Misconfigured, match="newer version"):
        opened(tmp_path / "a.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db", "a.db.lock"]


def test_a_damaged_file_is_moved_aside_and_the_agent_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"this is no database" * 1_000)
    (tmp_path / "a.db.damaged-1").write_bytes(b"older damage")
    store = opened(file)
    store.commit([Keep([record("a")])])
    store.close()
    assert [one.name for one in tmp_path.glob("*.damaged-*")] == [f"a.db.damaged-{NOW}"]
    assert (tmp_path / f"a.db.damaged-{NOW}").read_bytes().startswith(b"this is no database")


def test_what_can_be_read_of_a_damaged_file_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    store = opened(file)
    store.commit([Keep([record(f"r{number}", 2_000) for number in range(100)])])
    store.close()
    content = bytearray(file.read_bytes())
    # A hole in the later half: the pages of some rows are gone.
    hole = len(content) * 3 // 4 // 4_096 * 4_096
    content[hole : hole + 8_192] = b"\xff" * 8_192
    file.write_bytes(content)
    store = opened(file)
    saved = [one.record.body.strip() for one in store.oldest(Lane.EVENTS, 1_000, 10**9)]
    assert 50 < len(saved) < 100
    assert saved == [f"r{number}".encode() for number in range(len(saved))]
    assert store.totals.waiting[Lane.EVENTS] == len(saved)
    store.close()


def test_damage_that_shows_while_it_runs_asks_to_be_started_again(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    store = opened(file)
    store.commit([Keep([record(str(number), 3_000) for number in range(50)])])
    store.close()
    store = opened(file)
    file.write_bytes(b"\xff" * file.stat().st_size)
    store._database.execute("PRAGMA shrink_memory")
    with pytest.raises(Damaged, match="starting again moves it aside"):
        store.oldest(Lane.EVENTS, 100, 10**6)
    store.close()
    opened(file).close()


def test_a_change_that_finds_no_room_changes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db", file_bytes=100_000)
    store.commit([Keep([record("a")])])
    before = store.totals
    with pytest.raises(DiskFull, match="SQLITE_FULL"):
        store.commit([Settle([1], []), Keep([record("b", 200_000)])])
    assert store.totals == before
    assert [one.seq for one in store.oldest(Lane.EVENTS, 10, 1_000)] == [1]
    store.commit([Settle([1], [])])
    assert store.totals.waiting_bytes == 0
    store.close()


def test_a_fault_of_ours_undoes_what_was_begun_and_is_not_called_a_full_disk(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    broken = record("b")._replace(path=b"no text")  # type: ignore[arg-type]
    store._database.execute("CREATE TRIGGER t BEFORE DELETE ON waiting BEGIN SELECT raise(ABORT, 'no'); END")
    store.commit([Keep([record("a")])])
    with pytest.raises(sqlite3.IntegrityError):
        store.commit([Keep([record("b")]), Settle([1], [])])
    with pytest.raises(sqlite3.IntegrityError):
        store.commit([Keep([record("c"), broken])])
    assert [one.record for one in store.oldest(Lane.EVENTS, 10, 1_000)] == [record("a")]
    assert store.totals.waiting[Lane.EVENTS] == 1
    store.close()


def test_room_is_kept_for_striking_off(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    assert (tmp_path / "a.db.reserve").stat().st_size == RESERVE_BYTES
    store.commit([Keep([record(str(number)) for number in range(3)])])
    store._reserve.release()
    (tmp_path / "a.db.reserve").mkdir()
    with pytest.raises(DiskFull, match="the disk is full"):
        store.commit([Keep([record("b")])])
    with pytest.raises(DiskFull, match="the disk is full"):
        store.commit([Retry()])
    store.commit([Settle([1], [letter(2)])])
    assert (store.totals.waiting[Lane.EVENTS], store.totals.dead) == (1, 1)
    (tmp_path / "a.db.reserve").rmdir()
    store.commit([Keep([record("b")])])
    assert (tmp_path / "a.db.reserve").is_file()
    store.close()


def test_striking_off_uses_the_reserve_where_there_is_no_room_else(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db", file_bytes=100_000)
    store.commit([Keep([record("a", 50_000)])])
    # A dead letter is written before its record is deleted, and there is no room for both.
    with pytest.raises(DiskFull, match="SQLITE_FULL"):
        store.commit([Settle([], [letter(1)])])
    assert not (tmp_path / "a.db.reserve").exists()
    assert store.totals.waiting[Lane.EVENTS] == 1
    store.commit([Settle([1], [])])
    store.close()


def test_the_file_stays_within_its_bound_however_long_it_runs(tmp_path: Path) -> None:
    store, bound = opened(tmp_path / "a.db", file_bytes=400_000), 400_000
    for _ in range(40):
        store.commit([Keep([record("x", 2_000) for _ in range(50)])])
        store.commit([Settle([one.seq for one in store.oldest(Lane.EVENTS, 100, 10**9)], [])])
    store.close()
    assert (tmp_path / "a.db").stat().st_size <= bound


def test_dead_letters_are_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db", dead_bytes=5_000)
    store.commit([Keep([record(f"r{number}", 1_000) for number in range(10)])])
    for seq in range(1, 11):
        store.commit([Settle([], [letter(seq, NOW + seq)])])
    kept = [one.seq for one in store.dead(100)]
    assert kept == [10, 9, 8, 7]
    assert store.totals.dead == 4
    assert store.totals.dead_bytes == 4 * record("r", 1_000).size
    store.close()


def test_dead_letters_wait_again_where_somebody_says_so(tmp_path: Path) -> None:
    store = opened(tmp_path / "a.db")
    store.commit([Keep([record("a"), HOOK])])
    store.commit([Settle([], [letter(1), letter(2)])])
    store.commit([Retry()])
    assert (store.totals.dead, store.totals.dead_bytes) == (0, 0)
    assert store.totals.waiting == {Lane.EVENTS: 1, Lane.REQUESTS: 1}
    assert [one.record for one in store.oldest(Lane.REQUESTS, 10, 1_000)] == [HOOK]
    assert json.dumps([one.seq for one in store.oldest(Lane.EVENTS, 10, 1_000)]) == "[3]"
    store.close()
