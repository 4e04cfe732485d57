"""
The process loop: each way to end has its exit status, and a signal lets the service end in order.
"""

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.runtime.errors import Misconfigured, Rejected, Unreachable
from services.runtime.logs import configure_logs
from services.runtime.process import ExitStatus, calm_garbage_collector, run_service


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, ExitStatus.DONE),
        (Misconfigured("no port"), ExitStatus.MISCONFIGURED),
        (Unreachable("no broker"), ExitStatus.UNREACHABLE),
        (Rejected("too_large", "nobody caught this"), ExitStatus.BUG),
        (ZeroDivisionError(), ExitStatus.BUG),
    ],
    ids=["done", "misconfigured", "unreachable", "a rejection that nobody handled", "bug"],
)
@pytest.mark.parametrize("fast_loop", [True, False], ids=["uvloop", "asyncio"])
def test_each_way_to_end_has_its_exit_status(error: Exception | None, status: ExitStatus, *, fast_loop: bool) -> None:
    async def serve(_stop: asyncio.Event) -> None:
        if error is not None:
            raise error

    assert run_service("till", serve, fast_loop=fast_loop) is status


def test_what_does_not_answer_is_named_in_the_log_without_the_way_there(capsys: pytest.CaptureFixture[str]) -> None:
    async def serve(_stop: asyncio.Event) -> None:
        raise Unreachable("Kafka: nobody at 127.0.0.1:9")

    configure_logs()
    run_service("till", serve)
    said = "".join(capsys.readouterr())
    assert "Kafka: nobody at 127.0.0.1:9" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_service_end_in_order(which: signal.Signals) -> None:
    ended: list[str] = []

    async def serve(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), which)
        await stop.wait()
        ended.append("in order")

    assert run_service("till", serve) is ExitStatus.DONE
    assert ended == ["in order"]


def test_a_second_signal_ends_a_service_that_does_not_stop() -> None:
    async def serve(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await stop.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    assert run_service("till", serve) is ExitStatus.BUG


def test_the_exit_status_reaches_the_shell() -> None:
    code = (
        "import sys\n"
        "from services.runtime.errors import Misconfigured\n"
        "from services.runtime.process import run_service\n"
        "async def serve(stop): raise Misconfigured('no port')\n"
        "sys.exit(run_service('till', serve))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 78


def test_settings_that_will_not_do_end_the_service_before_it_begins() -> None:
    code = (
        "import sys\n"
        "from services.runtime.process import start_service\n"
        "from services.runtime.kafka.settings import ServiceSettings\n"
        "async def serve(settings, stop): print('began')\n"
        "sys.exit(start_service('till', ServiceSettings, {'SQM_TOPICS__PARTITIONS': 'many'}, serve))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert ended.returncode == 78
    assert "SQM_TOPICS__PARTITIONS" in ended.stdout + ended.stderr
    assert "began" not in ended.stdout


@pytest.fixture
def _collector_as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("_collector_as_before")
def test_a_calm_collector_leaves_alone_what_exists_and_looks_less_often() -> None:
    # As an interpreter starts; other tests of this process may have set something else.
    gc.set_threshold(700, 10, 10)
    calm_garbage_collector()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] > 700
