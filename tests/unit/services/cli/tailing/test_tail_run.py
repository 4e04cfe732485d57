"""
The position moves when events are acknowledged, and not before; what cannot be sent is sent later.
"""

import asyncio
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from services.cli.loading import Summary
from services.cli.rejected_rows import RejectedFile
from services.cli.tailing.follower import Follower
from services.cli.tailing.parcels import Packer
from services.cli.tailing.position import Position, PositionFile
from services.cli.tailing.run import Tail
from services.cli.tailing.status import Status
from services.ingest.engine.rows import RejectedRow
from services.runtime.errors import Misconfigured, Transient, Unreachable
from tests.fakes.clock import ManualClock
from tests.fakes.mappings import HEADER, mapping_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class MoodyOutlet:
    """
    Takes what comes, or does what a test says next.
    """

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self.buried: list[int] = []
        self.moods: list[BaseException | asyncio.Event] = []

    async def send(self, batches: Iterable[list[bytes]], aside: list[RejectedRow]) -> None:
        if self.moods:
            mood = self.moods.pop(0)
            if isinstance(mood, BaseException):
                raise mood
            await mood.wait()
        self.subjects += [json.loads(event)["subject"][11:] for batch in batches for event in batch]
        self.buried += [row.line for row in aside]


class Bench:
    """
    A tail on a file of tickets, with everything around it in reach.
    """

    def __init__(self, folder: Path, *, terminal: bool = False) -> None:
        self.file = folder / "tickets.csv"
        self.file.write_text(HEADER)
        self.place = PositionFile(folder / "position", self.file, "tickets")
        self.rejected = folder / "rejected.ndjson"
        self.outlet = MoodyOutlet()
        self.summary = Summary()
        self.clock = ManualClock(0)
        self.screen = Terminal() if terminal else io.StringIO()
        self.status = Status(self.summary, self.clock, self.screen)

    def add(self, *names: str) -> None:
        with self.file.open("a") as file:
            file.writelines(f"{name},d,31.01.2026,08:00:00,-\n" for name in names)

    @contextmanager
    def tail(self) -> Iterator[Tail]:
        follower = Follower(self.file, self.place.read(), self.status.tell)
        packer = Packer(mapping_of(), self.summary)
        with RejectedFile(self.rejected, add=True) as aside:
            work = Tail(
                follower, packer, self.outlet, self.place, aside, self.status,
                look_seconds=0.001, first_pause_seconds=0.001,
            )  # fmt: skip
            with closing(work):
                yield work

    def once(self) -> None:
        with self.tail() as work:
            asyncio.run(work.once())

    def lines(self) -> int:
        position = self.place.read()
        assert position is not None
        return position.line


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_each_run_goes_on_behind_the_last_and_knows_the_header(bench: Bench) -> None:
    bench.add("A1")
    bench.once()
    bench.add("A2", "A3")
    bench.once()
    assert bench.outlet.subjects == ["A1", "A2", "A3"]
    assert bench.lines() == 4


def test_where_nobody_takes_events_the_position_stays(bench: Bench) -> None:
    bench.add("A1")
    bench.once()
    bench.add("A2")
    bench.outlet.moods = [Unreachable("nobody there")]
    with pytest.raises(Transient):
        bench.once()
    assert bench.lines() == 2
    bench.once()
    assert bench.outlet.subjects == ["A1", "A2"]


def test_a_row_that_does_not_fit_is_kept_with_its_line_and_the_rest_goes_on(bench: Bench) -> None:
    bench.add("A1")
    bench.once()
    bench.add("A2,too,many")
    bench.add("A3")
    bench.once()
    assert bench.outlet.subjects == ["A1", "A3"]
    assert bench.outlet.buried == [3]
    (kept,) = map(json.loads, bench.rejected.read_text().splitlines())
    assert (kept["line"], kept["reason"]) == (3, "wrong_field_count")
    assert bench.summary.rejected == 1


def test_a_file_unlike_its_mapping_stops_it_and_the_position_stays(bench: Bench) -> None:
    bench.file.write_text("Other,Header\n1,2\n")
    with pytest.raises(Misconfigured, match="the header lacks Ticket"):
        bench.once()
    assert bench.lines() == 0


def test_rows_without_an_event_are_counted(bench: Bench) -> None:
    bench.add("A1")
    packer = Packer(
        mapping_of(events=[{"type": "journey.called", "when": "called != null", "time": "called"}]), bench.summary
    )
    chunk = Follower(bench.file, None, print).next()
    assert chunk is not None
    assert packer.pack(chunk).batches == []
    assert bench.summary.passed_over.total() == 1


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


def test_a_tail_that_follows_tries_again_until_it_is_taken(bench: Bench) -> None:
    bench.add("A1")
    bench.outlet.moods = [Unreachable("nobody there") for _ in range(3)]

    async def run(work: Tail) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(work.follow(stop))
        await until(lambda: task.done() or bench.outlet.subjects)
        bench.add("A2")
        await until(lambda: task.done() or len(bench.outlet.subjects) > 1)
        stop.set()
        await asyncio.wait_for(task, 10)

    with bench.tail() as work:
        asyncio.run(run(work))
    assert bench.outlet.subjects == ["A1", "A2"]
    assert bench.screen.getvalue().count("nobody there; the position stays where it is") == 1
    assert "events are taken again" in bench.screen.getvalue()


def test_asked_to_stop_it_leaves_what_is_under_way_to_the_next_run(bench: Bench) -> None:
    bench.add("A1")
    bench.outlet.moods = [asyncio.Event()]

    async def run(work: Tail) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(work.follow(stop))
        await until(lambda: task.done() or not bench.outlet.moods)
        stop.set()
        await asyncio.wait_for(task, 10)

    with bench.tail() as work:
        asyncio.run(run(work))
    assert bench.lines() == 0
    bench.once()
    assert bench.outlet.subjects == ["A1"]


def test_what_waiting_does_not_mend_ends_it(bench: Bench) -> None:
    bench.add("A1")
    bench.outlet.moods = [Misconfigured("no such topic")]
    with bench.tail() as work, pytest.raises(Misconfigured, match="no such topic"):
        asyncio.run(work.follow(asyncio.Event()))


def test_on_a_terminal_one_line_is_kept_up_to_date(tmp_path: Path) -> None:
    bench = Bench(tmp_path, terminal=True)
    bench.add("A1")
    bench.clock.advance(1_000)
    bench.once()
    bench.summary.accepted, bench.summary.refused = 7, 2
    bench.clock.advance(5_000)
    bench.status.at_the_end()
    bench.status.close()
    said = bench.screen.getvalue()
    assert "tickets.csv: line 2, 0 events acknowledged" in said
    assert "7 events acknowledged, 2 refused; at the end, nothing new for 5 s" in said
    assert "\n" not in said
    bench.status.tell("something else")
    assert bench.screen.getvalue().endswith("\r\x1b[Ksomething else\n")


def test_elsewhere_a_line_a_minute_is_enough(bench: Bench) -> None:
    bench.status.at_the_end()
    bench.add("A1")
    bench.once()
    assert bench.screen.getvalue() == ""
    bench.clock.advance(60_000)
    bench.status.at_the_end()
    bench.status.at_the_end()
    bench.status.close()
    assert bench.screen.getvalue().count("tickets.csv: line 2, 0 events acknowledged\n") == 1


PLACE = Position(1, 2, 3, 4, "five", 6)


def test_a_position_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = PositionFile(tmp_path / "position", tmp_path / "log", "m")
    assert place.read() is None
    place.write(PLACE)
    assert place.read() == PLACE
    assert [one.name for one in tmp_path.iterdir()] == ["position"]


def test_a_file_that_points_to_itself_has_no_position(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(tmp_path / "log")
    assert PositionFile(tmp_path / "position", tmp_path / "log", "m").read() is None


@pytest.mark.parametrize(
    ("held", "problem"),
    [
        (b"{", "no position"),
        (b"\xff", "no position"),
        (b'{"format": "sqm-position/9", "file": "f", "mapping": "m", "position": ', "no position"),
    ],
)
def test_a_damaged_position_is_told_with_the_way_out(tmp_path: Path, held: bytes, problem: str) -> None:
    (tmp_path / "position").write_bytes(held)
    with pytest.raises(Misconfigured, match=f"{problem}.*remove it to send the file from its beginning"):
        PositionFile(tmp_path / "position", tmp_path / "log", "m").read()


def test_a_position_of_another_version_or_file_or_mapping_is_not_used(tmp_path: Path) -> None:
    place = PositionFile(tmp_path / "position", tmp_path / "log", "m")
    place.write(PLACE)
    with pytest.raises(Misconfigured, match=r"it is of .*log by the mapping m"):
        PositionFile(tmp_path / "position", tmp_path / "log", "other").read()
    held = (tmp_path / "position").read_bytes().replace(b"sqm-position/1", b"sqm-position/2")
    (tmp_path / "position").write_bytes(held)
    with pytest.raises(Misconfigured, match="format 'sqm-position/2', not 'sqm-position/1'"):
        place.read()


def test_a_place_that_cannot_hold_a_position_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        PositionFile(tmp_path, tmp_path / "log", "m").read()
    with pytest.raises(Misconfigured, match="cannot be written"):
        PositionFile(tmp_path / "away" / "position", tmp_path / "log", "m").write(PLACE)
    (tmp_path / "taken").mkdir()
    with pytest.raises(Misconfigured, match="cannot be written"):
        PositionFile(tmp_path / "taken", tmp_path / "log", "m").write(PLACE)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["taken"]
