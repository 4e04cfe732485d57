"""
Runs ingest as its users do: a process of its own, told by environment variables, reached over HTTP.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.service_process import ServiceProcess


@contextmanager
def running_ingest(folder: Path, environment: Mapping[str, str], *, ready: bool = True) -> Iterator[ServiceProcess]:
    ingest = ServiceProcess("ingest", folder, environment)
    try:
        if ready:
            ingest.until_ready()
        yield ingest
    finally:
        ingest.stop()
