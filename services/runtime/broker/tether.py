"""
Runs one program for as long as its starter lives: `python -I -S tether.py PROGRAM …`, with a pipe as stdin.

The embedded broker is started through this, so that it never outlives the test run or demo that wanted it, however that
ended. Asking the kernel in the starter (PR_SET_PDEATHSIG) is not enough there: the signal follows the *thread* that
forked, and a broker started in a worker thread would die with it. This process has one thread, so between it and the
program the kernel's signal is right; between the starter and this process, the end of the pipe and the change of parent
say that the starter is gone. Standard library only, and nothing but it is imported, to stay small.

The only line on stdout is the program's process id; what the program says goes to stderr. Exit status: the program's.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

__all__: list[str] = []

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_SECONDS = 0.5
_GRACE_SECONDS = 20.0


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _starter_is_gone(starter: int, program_ended: int) -> bool:
    """
    Wait for a while, or until something ends; say whether it is the starter that did.
    """
    readable, _, _ = select.select([0, program_ended], [], [], _LOOK_EVERY_SECONDS)
    return (0 in readable and os.read(0, 1) == b"") or os.getppid() != starter


def main(arguments: list[str]) -> int:
    """
    Start the program, wait until it or the starter ends, and leave nothing behind.
    """
    starter = os.getppid()
    # One thread runs here, so code between fork and exec is safe.
    program = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=2, preexec_fn=_die_with_parent)  # noqa: PLW1509
    signal.signal(signal.SIGTERM, lambda *_: program.terminate())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(program.pid, flush=True)  # noqa: T201  (the line that the starter waits for)
    program_ended = os.pidfd_open(program.pid)
    while program.poll() is None:
        if _starter_is_gone(starter, program_ended):
            program.terminate()
            break
    try:
        return program.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
