"""
Runs the benchmarks: ``python -m benchmarks [NAME…] [--scale 0.1]``.

Figures go to stdout, one line each; what is going on goes to stderr. A benchmark that fails says why, the others run
all the same, and the exit status is then 1.
"""

import argparse
import importlib
import logging
import os
import platform
import signal
import sys
import time
from types import FrameType

from benchmarks.measuring import report
from benchmarks.processes import FailedError
from services.runtime.errors import ServiceError

NAMES = (
    "engine", "kinds", "calendars", "payloads", "million", "worker", "ingest", "webhooks", "tail", "replay", "backtest",
    "latency", "history", "questions", "alerts", "storm", "agent", "sizing",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run those that were named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount of work (default 1)")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    if not 0 < chosen.scale <= 10:
        parser.error(f"--scale {chosen.scale:g}: a number above 0, at most 10")
    # Asked to end, it must still end what it started and remove what it wrote.
    signal.signal(signal.SIGTERM, _interrupted)
    # A client library's complaints about a topic that is a second old are not a figure.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    sys.stdout.write(
        f"{platform.python_implementation()} {platform.python_version()} on {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, scale {chosen.scale:g}\n"
    )
    failed = [name for name in chosen.names or NAMES if not _ran(name, chosen.scale)]
    if failed:
        sys.stderr.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


def _ran(name: str, scale: float) -> bool:
    began = time.monotonic()
    module = importlib.import_module(f"benchmarks.{name}")
    try:
        report(module.TITLE, module.run(scale))
    except (FailedError, ServiceError, OSError) as error:
        sys.stderr.write(f"{name} failed: {type(error).__name__}: {error}\n")
        return False
    finally:
        sys.stderr.write(f"({name}: {time.monotonic() - began:.0f} s)\n")
        sys.stderr.flush()
    return True


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
