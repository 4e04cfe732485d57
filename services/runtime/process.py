"""
Runs one service from start to exit status: signals, the loop, and the one place that catches everything.
"""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine, Mapping
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from services.runtime.errors import Misconfigured, Transient
from services.runtime.logs import configure_logs, logger
from services.runtime.settings import ProcessSettings, describe, load_settings

__all__ = ["ExitStatus", "Said", "Serve", "calm_garbage_collector", "run_service", "start_service"]

_Settings = TypeVar("_Settings", bound=ProcessSettings)

Serve = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""A service: does its work until the event is set, then ends in order and returns."""

STOP_SECONDS = 9.0
"""How long a service may take to end in order; orchestrators usually kill after ten."""

_OLD_OBJECTS = 50_000


class ExitStatus(IntEnum):
    """
    What the end of a process tells its supervisor; the numbers are those of sysexits.h.
    """

    DONE = 0
    BUG = 70
    UNREACHABLE = 75
    """Starting it again later may help."""
    MISCONFIGURED = 78
    """Starting it again unchanged will not help."""


class Said(StrEnum):
    """
    The log events of a process.
    """

    SETTINGS = "settings"
    STARTING = "process_starting"
    STOPPING = "process_stopping"
    STOPPED = "process_stopped"
    OVERDUE = "process_did_not_stop_in_time"
    MISCONFIGURED = "process_misconfigured"
    UNREACHABLE = "process_lost_what_it_needs"
    CRASHED = "process_crashed"


def start_service(
    name: str,
    kind: type[_Settings],
    environment: Mapping[str, str],
    serve: Callable[[_Settings, asyncio.Event], Coroutine[Any, Any, None]],
) -> ExitStatus:
    """
    Read the settings of a service, log them, and run it with them: all that the `main` of a service does.
    """
    try:
        settings = load_settings(kind, environment)
    except Misconfigured as error:
        configure_logs()
        logger(name).error(Said.MISCONFIGURED, reason=str(error))
        return ExitStatus.MISCONFIGURED
    configure_logs(settings.log_level, settings.log_format)
    logger(name).info(Said.SETTINGS, **describe(settings))
    return run_service(name, lambda stop: serve(settings, stop))


def run_service(name: str, serve: Serve, *, fast_loop: bool = True) -> ExitStatus:
    """
    Run a service until it ends, or SIGTERM or SIGINT asks it to, and say how it ended.

    The first signal sets the event that `serve` was given; after STOP_SECONDS, or at a second signal, it is cancelled.
    With `fast_loop` it runs on uvloop, where that is installed.
    """
    log = logger(name)
    log.info(Said.STARTING)
    try:
        with asyncio.Runner(loop_factory=_loop_factory() if fast_loop else None) as runner:
            status = runner.run(_until_stopped(name, serve))
    except Misconfigured as error:
        log.error(Said.MISCONFIGURED, reason=str(error))  # noqa: TRY400  (the message names the fix; the trace is noise)
        return ExitStatus.MISCONFIGURED
    except Transient as error:
        log.error(Said.UNREACHABLE, reason=str(error))  # noqa: TRY400  (it names who does not answer; the way there is noise)
        return ExitStatus.UNREACHABLE
    except Exception as error:
        # The one place that catches all: it is a bug, and its way here belongs into the log.
        log.exception(Said.CRASHED, reason=repr(error))
        return ExitStatus.BUG
    log.info(Said.STOPPED, status=int(status))
    return status


async def _until_stopped(name: str, serve: Serve) -> ExitStatus:
    log = logger(name)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    work = loop.create_task(serve(stop), name=name)

    def asked(which: signal.Signals) -> None:
        if stop.is_set():
            work.cancel()
            return
        log.info(Said.STOPPING, signal=which.name)
        stop.set()
        loop.call_later(STOP_SECONDS, overdue)

    def overdue() -> None:
        if not work.done():
            log.error(Said.OVERDUE, seconds=STOP_SECONDS)
            work.cancel()

    for which in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(which, asked, which)
    try:
        await work
    except asyncio.CancelledError:
        return ExitStatus.BUG
    finally:
        for which in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(which)
    return ExitStatus.DONE


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  (optional: not on every platform)
    except ImportError:
        return None
    return uvloop.new_event_loop


def calm_garbage_collector() -> None:
    """
    Make the collector ignore what exists now and look for cycles less often; called by `app.py` when all is wired.

    With the default thresholds it walks all live objects again and again while a service decodes many small ones: more
    than half of the time of decoding, when it was measured.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OLD_OBJECTS, 20, 100)
