"""
`sqm tail` as a process: killed at any instant, rotated under its hands and started again, it loses nothing, and what it
sends twice has the same ids.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from schemas.topics import DEAD_LETTERS, EVENTS
from services.ingest.shell.identities import IdentityStore
from tests.e2e.ingest_process import running_ingest
from tests.e2e.ingest_topics import Topics
from tests.fakes.identities import identity_store, opened_letter
from tests.fakes.queue_log import asterisk_day
from tests.fakes.queue_log_judged import attainment_of, events_of
from tests.fakes.rotating import RotatingLog
from tests.fakes.small_ingest import SmallIngest
from tests.fakes.waiting import wait_until
from tests.project import PROJECT, measured

MAPPING = "deploy/mappings/asterisk-queue-log.yaml"
TAIL = (sys.executable, "-m", "services.cli", "tail", "--mapping", MAPPING)


@pytest.fixture
def ingest() -> Iterator[SmallIngest]:
    with SmallIngest() as ingest:
        yield ingest


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RotatingLog]:
    with closing(RotatingLog(tmp_path / "queue_log")) as log:
        yield log


def started(log: RotatingLog, *more: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*TAIL, *more, str(log.path)],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **measured(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    try:
        out, err = process.communicate(timeout=90)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"it did not end: {process.communicate()}") from None
    return process.returncode, out, err


def leave_alone(_request: int) -> None:
    """
    Let a request pass.
    """


def killing(process: "subprocess.Popen[str]", request: int) -> Callable[[int], None]:
    """
    Kill a process without notice at its n-th request.
    """

    def kill(number: int) -> None:
        if number >= request:
            process.send_signal(signal.SIGKILL)

    return kill


def true_ids(lines: Iterable[str]) -> set[str]:
    return {event.id for event in events_of(f"{line.rstrip()}\n" for line in lines)}


@pytest.mark.parametrize("seed", [1])
def test_killed_at_random_points_and_rotated_it_loses_nothing(log: RotatingLog, ingest: SmallIngest, seed: int) -> None:
    draw = random.Random(seed)
    lines = [line.rstrip("\n") for line in asterisk_day(seed, calls=800).lines]
    rotations: list[Callable[[], None]] = [log.rename, log.copy_and_cut]
    draw.shuffle(rotations)
    # What was rotated before the first run is nobody's to follow.
    log.line(lines.pop(0))
    assert ended(started(log, "--url", ingest.url, "--once"))[0] == 0
    for part, rotate in enumerate(rotations):
        share = lines[part::3]
        for line in share[: len(share) // 2]:
            log.line(line)
        rotate()
        process, last = started(log, "--url", ingest.url), ingest.requests + draw.choice((1, 2))
        kill = killing(process, last)
        ingest.before, ingest.after = draw.sample((kill, leave_alone), 2)
        for line in share[len(share) // 2 :]:
            log.line(line)
        assert ended(process)[0] == -signal.SIGKILL
        ingest.before = ingest.after = leave_alone
    for line in lines[2::3]:
        log.line(line)
    status, out, err = ended(started(log, "--url", ingest.url, "--once"))
    assert (status, err) == (0, "")
    assert "0 refused" in out
    assert set(ingest.events) == true_ids(log.written)


def test_it_follows_waits_for_an_ingest_that_is_away_and_ends_when_it_is_asked_to(
    log: RotatingLog, ingest: SmallIngest
) -> None:
    lines = [line.rstrip("\n") for line in asterisk_day(3, calls=40).lines]
    ingest.away = True
    log.half(lines[0][:20])
    process = started(log, "--url", ingest.url)
    log.line(lines[0][20:])
    for line in lines[1:100]:
        log.line(line)
    wait_until(lambda: ingest.requests > 1, "it to try")
    ingest.away = False
    log.rename()
    for line in lines[100:]:
        log.line(line)
    wait_until(lambda: set(ingest.events) == true_ids(log.written), "everything to arrive")
    process.send_signal(signal.SIGTERM)
    status, out, err = ended(process)
    assert status == 0, err
    assert "passed over, since no event is meant" in out
    assert "QUEUESTART" in out


def test_what_ingest_refuses_is_told_and_is_a_failure(log: RotatingLog, ingest: SmallIngest) -> None:
    ingest.refuses = {"sqm.staff.state_changed"}
    for line in asterisk_day(3, calls=5).lines:
        log.line(line.rstrip("\n"))
    status, out, _ = ended(started(log, "--url", ingest.url, "--once"))
    assert status == 1
    assert "forbidden_source" in out


def test_a_file_that_is_not_there_is_told(log: RotatingLog, ingest: SmallIngest) -> None:
    log.path.unlink()
    status, _, err = ended(started(log, "--url", ingest.url, "--once"))
    assert (status, "there is no such file" in err) == (2, True)


def test_what_a_tail_lost_is_added_from_an_export_through_a_real_ingest(
    log: RotatingLog, kafka: str, tmp_path: Path
) -> None:
    environment = {"SQM_KAFKA__BOOTSTRAP_SERVERS": kafka, "SQM_KAFKA__TOPIC_PREFIX": "tailed."}
    draw, day = random.Random(5), asterisk_day(5, calls=60)
    for line in day.lines:
        if draw.random() >= 0.1:
            log.line(line.rstrip("\n"))
    log.line("no line of a queue log")
    (tmp_path / "export").write_text("".join(day.lines), encoding="utf-8")
    topics = Topics(kafka, "tailed.")
    store = identity_store(tmp_path)

    def arrived() -> set[str]:
        return {_with_names(one, store) for one in topics.ids()}

    reconcile = [*TAIL[:3], "reconcile", "--mapping", MAPPING, "--kafka", "--format", "json", "--send"]
    mine = {"SQM_INGEST_DEVELOPMENT_OPEN": "true", "SQM_IDENTITIES_FILE": str(tmp_path / "identities.db")}
    with running_ingest(tmp_path, environment | mine):
        status, _, err = ended(started(log, "--kafka", "--once", **environment))
        assert status == 0, err
        wait_until(lambda: arrived() == true_ids(log.written[:-1]), "ingest to pass them on")
        wait_until(lambda: topics.read(DEAD_LETTERS.name) != [], "ingest to seal the letter")
        (record,) = topics.read(DEAD_LETTERS.name)
        letter = opened_letter(store, record.key(), record.value(), record.headers())
        assert letter.value == b"no line of a queue log\n"
        added = subprocess.run(
            [*reconcile, f"{tmp_path}/export"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], **measured(), **environment, **mine},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert added.returncode == 0, added.stderr
        told = json.loads(added.stdout)
        assert (told["differing"], told["only_live"], told["settled"]) == ([], [], True)
        wait_until(lambda: arrived() == true_ids(day.lines), "the missing to arrive")
        assert len(topics.ids()) == len(true_ids(day.lines)) == told["live"] + told["added"]
    store.close()
    assert attainment_of(record.value() for record in topics.read(EVENTS.name)) == day.truth(20)


def _with_names(ident: str, store: IdentityStore) -> str:
    """
    The id of an event as the source makes it: ingest has replaced the names in it, too.
    """

    def named(found: re.Match[str]) -> str:
        identity = store.who(found[0])
        assert identity is not None
        return identity.name

    return re.sub(r"e-[0-9a-f]{32}", named, ident)
