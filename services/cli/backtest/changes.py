"""
Changes: the journeys whose verdict changes, all in a file and the first ones for the report.
"""

import csv
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

from schemas.base import format_instant
from services.cli.backtest.comparing import Change, Judged
from services.cli.backtest.proposals import Trial
from services.cli.backtest.results import swing_name
from services.runtime.errors import Misconfigured

__all__ = ["FIELDS", "Changes", "change_row"]

_SIDE: Final = ("verdict", "ended_by", "value_ms", "limit_ms", "told_at", "score", "minimum", "faults")
FIELDS: Final = (
    "change", "proposal", "against", "site", "queue", "journey", "cycle", "turn", "arrived_at",
    *(f"{side}_{name}" for side in ("old", "new") for name in _SIDE),
)  # fmt: skip


class Changes:
    """
    Takes changes as they are found: the first `most` of each pair are kept, all are written where a file is named.
    """

    def __init__(self, trial: Trial, out: Path | None, most: int) -> None:
        if out is not None and out.suffix not in {".csv", ".jsonl"}:
            raise Misconfigured(f"--out {out}: name a file that ends in .csv or .jsonl")
        self._trial = trial
        self._out = out
        self._most = most
        self._stream: TextIO | None = None
        self._table: Any = None
        self.first: list[list[Change]] = [[] for _ in trial.pairs]

    def __enter__(self) -> Self:
        if self._out is None:
            return self
        try:
            self._stream = self._out.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise Misconfigured(f"--out {self._out}: cannot be written: {error.strerror}; name another file") from error
        if self._out.suffix == ".csv":
            self._table = csv.DictWriter(self._stream, FIELDS, lineterminator="\n")
            self._table.writeheader()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def tell(self, change: Change) -> None:
        """
        Take one.
        """
        if len(self.first[change.pair]) < self._most:
            self.first[change.pair].append(change)
        if self._stream is None:
            return
        row = change_row(self._trial, change)
        if self._table is not None:
            self._table.writerow(row)
        else:
            self._stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def change_row(trial: Trial, change: Change) -> dict[str, Any]:
    """
    Return a change as a row: instants as text, durations in milliseconds, None where a side said nothing.
    """
    pair = trial.pairs[change.pair]
    judged = change.new or change.old
    row: dict[str, Any] = {
        "change": swing_name(change.swing),
        "proposal": pair.new.label,
        "against": pair.old.label if pair.old else None,
        "site": change.key.site,
        "queue": judged.queue if judged else None,
        "journey": change.key.journey,
        "cycle": change.key.cycle,
        "turn": change.key.turn,
        "arrived_at": format_instant(change.arrived_at),
    }
    for side, verdict, said in zip(("old", "new"), change.swing, (change.old, change.new), strict=True):
        row |= {f"{side}_verdict": verdict.value, **{f"{side}_{name}": _field(said, name) for name in _SIDE[1:]}}
    return row


def _field(judged: Judged | None, name: str) -> str | int | None:
    value: str | int | None = None if judged is None else getattr(judged, name)
    return format_instant(value) if name == "told_at" and isinstance(value, int) else value
