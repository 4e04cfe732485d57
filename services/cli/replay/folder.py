"""
The folder that `sqm replay --out` writes: a file of JSON lines for each kind of outcome, and what `sqm explain` needs.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from schemas.standards import Standard
from services.ingest.engine.mapped import MappedEvent, encode_event
from services.runtime.errors import Misconfigured
from services.sla.engine import Attainment, Measurement, Violation, encode_outcome

__all__ = ["OutFolder"]

_FILES: Final = ("measurements", "violations", "attainment", "events", "standards")


class OutFolder:
    """
    Writes outcomes as they are settled. Files of an earlier replay in the same folder are replaced.
    """

    def __init__(self, path: Path, standards: Iterable[Standard]) -> None:
        self._path = path
        self._standards = list(standards)
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            for name in _FILES:
                self._files[name] = self._stack.enter_context((self._path / f"{name}.ndjson").open("wb"))
        except OSError as error:
            self._stack.close()
            raise Misconfigured(
                f"--out {self._path}: cannot be written: {error.strerror}; name another folder"
            ) from error
        for standard in self._standards:
            text = standard.model_dump_json(by_alias=True, exclude_none=True)
            self._files["standards"].write(text.encode() + b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write_events(self, events: Iterable[MappedEvent]) -> None:
        """
        Append events, in time order.
        """
        self._files["events"].write(b"".join([encode_event(event) + b"\n" for event in events]))

    def write_outcomes(
        self, measurements: list[Measurement], violations: list[Violation], attainment: list[Attainment]
    ) -> None:
        """
        Append outcomes that stand for good.
        """
        for name, outcomes in (("measurements", measurements), ("violations", violations), ("attainment", attainment)):
            self._files[name].write(b"".join([encode_outcome(one) + b"\n" for one in outcomes]))
