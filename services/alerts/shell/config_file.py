"""
Watches the file of the configuration, and publishes what is sound: a broken one is refused, and the old one holds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from schemas.alerting import ALERTINGS, Alerting
from services.alerts.engine import alerting_faults
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe, field_name
from services.runtime.logs import Logger
from services.runtime.yamlfile import Document, read_one_document

__all__ = ["ConfigFile", "Said", "read_alerting"]

LOOK_SECONDS: Final = 1.0


class Said(StrEnum):
    """
    The log events of this module.
    """

    PUBLISHED = "alerting_of_the_file_published"
    REFUSED = "alerting_of_the_file_refused_and_the_old_one_holds"


def read_alerting(file: Path) -> tuple[Alerting, Document]:
    """
    Read one configuration. Raises Misconfigured with every fault by file, line and field.
    """
    document = read_one_document(file, "a configuration of alerts")
    try:
        alerting = ALERTINGS.validate_python(document.value)
    except ValidationError as error:
        raise Misconfigured("\n  ".join(describe(error, document, Alerting))) from error
    faults = [
        f"{file}:{document.locate(path) or 1}: {field_name(path)}: {fault}" for path, fault in alerting_faults(alerting)
    ]
    if faults:
        raise Misconfigured("\n  ".join(faults))
    return alerting, document


class ConfigFile:
    """
    One file, looked at every second. `publish` is given each sound configuration that differs from the one before.

    `fault` says what is wrong with the file as it is now; None while it is sound.
    """

    def __init__(
        self,
        file: Path,
        publish: Callable[[Alerting], Awaitable[None]],
        log: Logger,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._file = file
        self._publish = publish
        self._log = log
        self._look_seconds = look_seconds
        self._mark: tuple[int, int, int] | None = None
        self._said: Alerting | None = None
        self.fault: str | None = None

    async def load(self) -> None:
        """
        Publish the file as it is. Raises Misconfigured where it is broken: a service does not start on one.
        """
        self._mark = self._look()
        await self._take()

    async def follow(self) -> None:
        """
        Take every change of the file; never returns.
        """
        while True:
            await asyncio.sleep(self._look_seconds)
            mark = self._look()
            if mark == self._mark:
                continue
            self._mark = mark
            try:
                await self._take()
            except Misconfigured as error:
                self.fault = str(error)
                self._log.error(Said.REFUSED, reason=self.fault)

    async def _take(self) -> None:
        alerting, _ = await asyncio.to_thread(read_alerting, self._file)
        self.fault = None
        if alerting != self._said:
            await self._publish(alerting)
            self._said = alerting
            self._log.info(Said.PUBLISHED, id=alerting.metadata.id)

    def _look(self) -> tuple[int, int, int] | None:
        try:
            seen = self._file.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino
