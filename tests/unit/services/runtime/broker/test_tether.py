"""
The tether: its program ends with the starter, whichever way the starter ends, and with the tether.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.runtime.broker import tether
from tests.fakes.waiting import wait_until

STARTER = """
import subprocess, sys
tether = subprocess.Popen(
    [sys.executable, "-I", "-S", sys.argv[1], sys.executable, "-c", sys.argv[2]],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
print(tether.pid, tether.stdout.readline().strip(), flush=True)
sys.stdin.read()
"""
PATIENT = "import signal; signal.pause()"


def lives(pid: int) -> bool:
    """
    Say whether a process runs; one that ended and that nobody collected does not.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def starter() -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """
    A process that holds a tethered program; yields it with the ids of tether and program.
    """
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, tether.__file__, PATIENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        tether_pid, program_pid = map(int, process.stdout.readline().split())
        yield process, tether_pid, program_pid
        process.kill()
    wait_until(lambda: not lives(tether_pid) and not lives(program_pid), "the end of tether and program")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_when_the_starter_is_ended(
    starter: tuple[subprocess.Popen[str], int, int], how: signal.Signals
) -> None:
    process, _, program_pid = starter
    assert lives(program_pid)
    process.send_signal(how)
    wait_until(lambda: not lives(program_pid), "the end of the program")


def test_the_program_ends_when_the_tether_is_killed(starter: tuple[subprocess.Popen[str], int, int]) -> None:
    _, tether_pid, program_pid = starter
    os.kill(tether_pid, signal.SIGKILL)
    wait_until(lambda: not lives(program_pid), "the end of the program")


def test_the_tether_ends_with_the_status_of_its_program_and_passes_sigterm_on() -> None:
    program = "import signal; signal.signal(15, lambda *_: exit(3)); print('up', flush=True); signal.pause()"
    with subprocess.Popen(
        [sys.executable, "-I", "-S", tether.__file__, sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "up\n"
        process.terminate()
        assert process.wait(30) == 3
