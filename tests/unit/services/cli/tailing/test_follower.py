"""
A follower hands out every whole line once it has its end, whatever happens to the file and to the follower.
"""

import gzip
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.tailing.follower import Chunk, Follower
from services.cli.tailing.position import Position
from services.runtime.errors import Misconfigured
from tests.fakes.rotating import RotatingLog


class Reader:
    """
    Follows a log, and may die: then it begins again where it had been acknowledged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self.seen: list[str] = []
        self._follower = Follower(path, None, self.said.append)
        self.position = self._follower.begin()

    def look(self, most: int = 100) -> list[Chunk]:
        """
        Read what is there, and acknowledge it.
        """
        chunks: list[Chunk] = []
        while len(chunks) < most and (chunk := self._follower.next()) is not None:
            chunks.append(chunk)
            self.seen += chunk.lines.decode().splitlines()
            self.position = chunk.after
        return chunks

    def close(self) -> None:
        self._follower.close()

    def die(self, *, after_reading: bool = False) -> None:
        """
        End without notice, perhaps with lines in hand that nobody acknowledged.
        """
        if after_reading:
            self._follower.next()
        self._follower.close()
        self._follower = Follower(self.path, self.position, self.said.append)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RotatingLog]:
    with closing(RotatingLog(tmp_path / "queue_log")) as log:
        yield log


@pytest.fixture
def reader(log: RotatingLog) -> Iterator[Reader]:
    with closing(Reader(log.path)) as reader:
        yield reader


def test_lines_come_as_they_are_written(log: RotatingLog, reader: Reader) -> None:
    log.line("a")
    reader.look()
    log.line("b")
    (chunk,) = reader.look()
    assert (chunk.lines, chunk.line, chunk.header) == (b"b\n", 1, b"a\n")
    assert (chunk.after.offset, chunk.after.line) == (4, 2)


def test_a_file_that_nothing_was_read_of_yet_is_known_all_the_same(log: RotatingLog, reader: Reader) -> None:
    log.line("a")
    log.rename()
    log.line("b")
    reader.die()
    reader.look()
    assert reader.seen == ["a", "b"]


def test_what_has_a_position_needs_no_beginning(log: RotatingLog) -> None:
    log.line("a")
    position = Position(1, 1, 2, 1, "?", 0)
    assert Follower(log.path, position, print).begin() is None
    assert Follower(log.path.parent / "away", None, print).begin() is None


def test_a_half_written_line_waits(log: RotatingLog, reader: Reader) -> None:
    log.half("a")
    assert reader.look() == []
    log.line("b")
    assert [chunk.lines for chunk in reader.look()] == [b"ab\n"]


def test_what_was_written_before_and_after_a_rotation_comes_in_order(log: RotatingLog, reader: Reader) -> None:
    log.line("a")
    reader.look()
    log.line("b")
    log.rename()
    log.line("c")
    chunks = reader.look()
    assert reader.seen == ["a", "b", "c"]
    assert [(chunk.line, chunk.header) for chunk in chunks] == [(1, b"a\n"), (0, b"")]


def test_a_file_that_is_moved_is_read_on_until_its_successor_is_written_to(log: RotatingLog, reader: Reader) -> None:
    log.line("a")
    reader.look()
    log.move_away()
    log.path.touch()
    log.line("b")
    reader.look()
    assert reader.seen == ["a", "b"]
    log.line("c")
    log.reopen()
    log.line("d")
    reader.look()
    assert reader.seen == ["a", "b", "c", "d"]


def test_the_last_line_of_a_rotated_file_needs_no_end(log: RotatingLog, reader: Reader) -> None:
    log.line("a")
    log.half("b")
    log.rename()
    log.line("c")
    reader.look()
    assert reader.seen == ["a", "b", "c"]


@pytest.mark.parametrize("way", ["rename", "rename_in_sequence", "copy_and_cut"])
@pytest.mark.parametrize("times", [1, 3])
def test_rotated_while_nobody_looked_nothing_is_left_out(
    log: RotatingLog, reader: Reader, way: str, times: int
) -> None:
    log.line("the first line of all")
    reader.look()
    for number in range(times):
        log.line(f"unread {number}")
        getattr(log, way)()
    log.line("the last")
    reader.die()
    reader.look()
    assert reader.seen == log.written
    assert reader.said == []


def test_a_log_that_is_copied_and_cut_under_a_running_follower_loses_nothing(log: RotatingLog, reader: Reader) -> None:
    log.line("the first line of all")
    reader.look()
    log.line("unread")
    log.copy_and_cut()
    log.line("the first line of the next file")
    reader.look()
    assert reader.seen == log.written
    assert reader.said == []


def test_a_file_that_grew_beyond_the_old_place_after_it_was_cut_is_read_from_its_beginning(
    log: RotatingLog, reader: Reader
) -> None:
    log.line("a line of the old file")
    reader.look()
    os.truncate(log.path, 0)
    log.line("a line of the new file that is longer")
    reader.look()
    assert reader.seen == log.written
    (said,) = reader.said
    assert "no copy of it holds what was read up to line 1" in said


def test_where_the_file_read_last_is_gone_that_is_said_and_the_next_is_read(log: RotatingLog, reader: Reader) -> None:
    log.line("read")
    reader.look()
    log.line("lost")
    log.rename()
    log.line("second")
    log.rename()
    log.line("third")
    (log.path.parent / "queue_log.2").unlink()
    reader.die()
    reader.look()
    assert reader.seen == ["read", "second", "third"]
    (said,) = reader.said
    assert "up to line 1 is in no file of its folder any more; going on with queue_log.1" in said
    assert "`sqm reconcile`" in said


def test_a_packed_file_is_no_file_that_was_read(log: RotatingLog, reader: Reader) -> None:
    log.line("a line that is long enough to be known")
    reader.look()
    log.rename()
    rotated = log.path.parent / "queue_log.1"
    (log.path.parent / "queue_log.1.gz").write_bytes(gzip.compress(rotated.read_bytes()))
    rotated.unlink()
    log.line("new")
    reader.die()
    reader.look()
    assert reader.seen == log.written
    assert len(reader.said) == 1


def test_a_file_that_is_away_is_waited_for(log: RotatingLog, reader: Reader) -> None:
    log.line("a line that is long enough to be known")
    reader.look()
    log.path.unlink()
    reader.die()
    assert reader.look() == []
    log.reopen()
    log.line("new")
    reader.look()
    assert reader.seen == log.written


def test_the_longest_copy_is_the_one_that_was_made_last(log: RotatingLog, reader: Reader) -> None:
    log.line("a line that is long enough to be known")
    reader.look()
    shutil.copyfile(log.path, log.path.parent / "backup")
    log.line("unread")
    log.copy_and_cut()
    log.line("new")
    reader.die()
    reader.look()
    assert reader.seen == log.written


def test_files_beside_it_that_nobody_may_read_are_passed_over(log: RotatingLog, reader: Reader) -> None:
    log.line("a line that is long enough to be known")
    reader.look()
    (log.path.parent / "a folder").mkdir()
    (log.path.parent / "queue_log.sqm-position").write_text("later, and none of the rotated")
    (log.path.parent / "dangling").symlink_to("nowhere")
    log.rename()
    log.line("new")
    reader.die()
    reader.look()
    assert reader.seen == log.written


def test_a_dated_name_before_the_ending_is_one_of_a_rotated_file(tmp_path: Path) -> None:
    with closing(RotatingLog(tmp_path / "calls.csv")) as log, closing(Reader(log.path)) as reader:
        follow_dated(log, reader, tmp_path)


def follow_dated(log: RotatingLog, reader: Reader, tmp_path: Path) -> None:
    log.line("a line that is long enough to be known")
    reader.look()
    for day in ("20260130", "20260131"):
        log.line(f"unread of {day}")
        log.path.rename(tmp_path / f"calls-{day}.csv")
        log.reopen()
    log.line("new")
    reader.die()
    reader.look()
    assert reader.seen == log.written


def test_a_line_without_end_is_handed_on_in_pieces(log: RotatingLog, reader: Reader) -> None:
    log.half("x" * (5 * 1024 * 1024))
    (chunk,) = reader.look()
    assert len(chunk.lines) == 4 * 1024 * 1024
    log.line("y")
    (rest,) = reader.look()
    assert rest.header == b""
    assert rest.lines.endswith(b"xy\n")


def test_many_lines_come_in_chunks_of_whole_lines(log: RotatingLog, reader: Reader) -> None:
    for number in range(40_000):
        log.written.append(f"line number {number}")
    log.path.write_text("".join(f"{line}\n" for line in log.written))
    chunks = reader.look()
    assert len(chunks) > 1
    assert all(chunk.lines.endswith(b"\n") for chunk in chunks)
    assert reader.seen == log.written
    assert [chunk.line for chunk in chunks[1:]] == [chunk.after.line for chunk in chunks[:-1]]


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "queue_log").symlink_to(tmp_path / "queue_log")
    with pytest.raises(Misconfigured, match="cannot be read"):
        Follower(tmp_path / "queue_log", None, print).next()


def test_a_pipe_in_the_place_of_the_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "queue_log")
    with pytest.raises(Misconfigured, match="queue_log: no file any more, but a folder, a pipe or a device"):
        Follower(tmp_path / "queue_log", None, str).next()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    position = Position(1, 1, 20, 1, "?", 0)
    with pytest.raises(Misconfigured, match="cannot be looked into"):
        Follower(tmp_path / "away" / "queue_log", position, print).next()


STEPS = st.lists(
    st.sampled_from(
        ["line", "line", "half", "rename", "copy_and_cut", "look", "glance", "die", "die_with_lines_in_hand"]
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_happens_every_line_is_seen(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closed:
        path, numbers, half = Path(folder) / "queue_log", count(), False
        log = closed.enter_context(closing(RotatingLog(path)))
        reader = closed.enter_context(closing(Reader(path)))
        log.line("the beginning of a log")
        reader.look()
        for step in steps:
            match step:
                case "line" | "half":
                    getattr(log, step)(f"{next(numbers):08d} of a log" if not half else " and its end")
                    half = step == "half"
                case "rename" | "copy_and_cut":
                    # Whoever rotates between two halves of a line tears it apart.
                    if not half:
                        getattr(log, step)()
                case "look":
                    reader.look()
                case "glance":
                    reader.look(most=1)
                case "die":
                    reader.die()
                case "die_with_lines_in_hand":
                    reader.die(after_reading=True)
        log.line("the end" if not half else " and its end")
        reader.die()
        reader.look()
        # Files of the same instant, to the clock of the file system, may come in any order.
        assert set(reader.seen) == set(log.written)
        assert reader.said == []
