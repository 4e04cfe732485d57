"""
Runs an embedded broker until it is interrupted: `python -m services.runtime.broker [--port N] [--folder DIR]`.

Says on stderr which broker runs and why, and on stdout one line: where clients reach it.
"""

import argparse
import signal
import sys
from pathlib import Path

from services.runtime.broker import (
    BrokerKind,
    BrokerOptions,
    KafkaBroker,
    choose_broker,
    default_jars,
    start_broker,
)
from services.runtime.broker.archive import class_archive
from services.runtime.clock import SystemClock
from services.runtime.errors import ServiceError
from services.runtime.java import find_java


def main(arguments: list[str] | None = None) -> int:
    """
    Run the broker that the arguments describe until SIGINT or SIGTERM.
    """
    parser = argparse.ArgumentParser(prog="python -m services.runtime.broker", description="Run an embedded broker.")
    parser.add_argument("--port", type=int, default=0, help="clients' port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--folder", type=Path, default=None, help="data folder (default: temporary)")
    parser.add_argument("--kind", type=BrokerKind, choices=list(BrokerKind), default=None, help="insist on a kind")
    parser.add_argument("--prepare", action="store_true", help="make later starts of Kafka quicker, and end")
    given = parser.parse_args(arguments)
    if given.prepare:
        return _prepare()
    options = BrokerOptions(kind=given.kind, folder=given.folder, port=given.port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        print(f"broker: {choose_broker(options, find_java()).sentence}", file=sys.stderr)
        with start_broker(options) as broker:
            print(broker.bootstrap_servers, flush=True)
            signal.pause()
    except ServiceError as error:
        print(f"broker: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _prepare() -> int:
    """
    Let a Kafka write down the classes that it loaded; Java reads that archive twice as fast as the jars.
    """
    java = choose_broker(BrokerOptions(kind=BrokerKind.KAFKA), find_java()).java
    if java is None:
        return 1
    archive = class_archive(default_jars(), java)
    incoming = archive.with_suffix(".incoming")
    archive.unlink(missing_ok=True)
    broker = KafkaBroker(BrokerOptions(java_flags=(f"-XX:ArchiveClassesAtExit={incoming}",)), java, SystemClock())
    try:
        broker.start()
        broker.stop()
    finally:
        broker.close()
    if not incoming.exists():
        return 1
    incoming.rename(archive)
    return 0


if __name__ == "__main__":
    sys.exit(main())
