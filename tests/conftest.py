"""
What any test may ask for: a real broker, free ports, the real data, and Hypothesis set to the machine it runs on.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.workermanage import WorkerController

from services.runtime.broker import BrokerKind, BrokerOptions, KafkaBroker, choose_broker
from services.runtime.clock import SystemClock
from services.runtime.java import find_java
from tests.fakes.ports import reserved_ports
from tests.project import PROJECT
from tests.season import Seeded, seeded

REAL_DATA = Path(os.environ.get("SQM_TEST_DATA", PROJECT.parent / "shared" / "data"))

# Draws may take long on a shared machine, and nothing may be judged by time.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", _PATIENT, max_examples=100)
settings.register_profile("ci", _PATIENT, max_examples=40, print_blob=True)
settings.register_profile("thorough", _PATIENT, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

_LEFT_OUT = pytest.StashKey[int]()

StartBroker = Callable[..., KafkaBroker]

_SHORT_LIVED: Final = ("-XX:TieredStopAtLevel=1",)
"""A broker of one test ends before the work of the second compiler, half of its processor time, is worth anything."""


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """
    Who sets up logging in a test must not leave its closed stream to the others.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _open_kafka(options: BrokerOptions) -> KafkaBroker:
    """
    Start a real Kafka; where the machine cannot run one this raises, since a test that was not run proves nothing.
    """
    java = choose_broker(replace(options, kind=BrokerKind.KAFKA), find_java()).java
    assert java is not None
    broker = KafkaBroker(options, java, SystemClock())
    try:
        broker.start()
    except BaseException:
        # Whatever ends the start: no broker may outlive the tests.
        broker.close()
        raise
    return broker


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """
    The bootstrap servers of a real Kafka that all tests of this process share: use topics and groups of your own.
    """
    broker = _open_kafka(BrokerOptions())
    yield broker.bootstrap_servers
    broker.close()


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """
    A history with a short season in it that all tests of this process share: for questions only.
    """
    base = tmp_path_factory.getbasetemp()
    yield from seeded(base, base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def start_private_broker() -> Iterator[StartBroker]:
    """
    A function that starts a Kafka for this test alone, to stop, kill, pause and start again (arguments: BrokerOptions).
    """
    with ExitStack() as running:

        def start(**options: object) -> KafkaBroker:
            broker = _open_kafka(BrokerOptions(**{"java_flags": _SHORT_LIVED, **options}))  # type: ignore[arg-type]
            running.callback(broker.close)
            return broker

        yield start


@pytest.fixture
def free_port() -> int:
    """
    A port of 127.0.0.1 that nobody uses, nor will unless the test does.
    """
    return reserved_ports(1)[0]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """
    The folder of real data, which lies beside the checkout and is never copied into it (or SQM_TEST_DATA).
    """
    assert REAL_DATA.is_dir(), f"no real data at {REAL_DATA}: put it there, or name its folder in SQM_TEST_DATA"
    return REAL_DATA


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out what needs the real data where they are not, and say so at the end; under CI it is run, and fails.
    """
    if REAL_DATA.is_dir() or os.environ.get("CI"):
        return
    left_out = [item for item in items if "real_data" in getattr(item, "fixturenames", ())]
    config.stash[_LEFT_OUT] = len(left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """
    A process beside others tells the one that started it what it left out; each of them looks at all tests.
    """
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """
    Hear it from such a process; one that broke down tells nothing.
    """
    if told := getattr(node, "workeroutput", None):
        node.config.stash[_LEFT_OUT] = told["left_out"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """
    Name what was left out, and how to have it run.
    """
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"LEFT OUT: {count} tests on real data, which are not at {REAL_DATA} (SQM_TEST_DATA names another folder)",
            yellow=True,
        )
