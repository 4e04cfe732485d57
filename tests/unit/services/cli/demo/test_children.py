"""
The processes of the demo: asked once to end, and left to end in order.
"""

import os
from pathlib import Path

from services.cli.demo.children import Child
from tests.fakes.waiting import wait_until

PATIENT = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("ready", file=sys.stderr, flush=True)
signal.sigwait({signal.SIGTERM})
print("asked", file=sys.stderr, flush=True)
sys.exit(0 if signal.sigtimedwait({signal.SIGTERM}, 1) is None else 70)
"""
"""A service takes a second signal for impatience and breaks off."""


def test_a_process_that_was_asked_to_end_is_not_asked_again_while_it_does(tmp_path: Path) -> None:
    child = Child("patient", ["-c", PATIENT], os.environ, tmp_path)
    wait_until(lambda: "ready" in child.log.read_text(), "the process to be ready")
    child.ask()
    wait_until(lambda: "asked" in child.log.read_text(), "the process to hear it")
    child.close()
    assert child.status == 0
