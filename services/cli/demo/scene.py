"""
The scene: what the outcome topics have said so far, kept so that it can be shown at any moment and counted in the end.

Pure: records go in as bytes, the time comes as an argument. Of two outcomes with one id the greater revision stands, as
everywhere in the product.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from schemas.base import HOUR_MS, MINUTE_MS
from schemas.objectives import AT_MOST_METRICS, SHARE_METRICS
from schemas.standards import Standard
from schemas.topics import ATTAINMENT, MEASUREMENTS, VIOLATIONS
from services.cli.revisions import supersedes

__all__ = ["Row", "Scene", "SeenAttainment", "SeenMeasurement", "SeenViolation"]

_BUCKETS: Final = 12
_REMEMBERED: Final = 200
_BASIS_POINTS: Final = 10_000


class SeenMeasurement(msgspec.Struct):
    """
    What the demo keeps of a measurement.
    """

    id: str
    rev_offset: int
    rev_watermark: int
    state: str


class SeenViolation(msgspec.Struct):
    """
    What the demo keeps of a violation.
    """

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    journey: str
    kind: str
    state: str
    reason: str
    opened_at: int
    closed_at: int | None
    detected_at: int
    as_of: int
    value_ms: int
    limit_ms: int
    queue: str | None = None
    late: bool = False

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.state in {"opened", "updated"}


class SeenAttainment(msgspec.Struct):
    """
    What the demo keeps of a row of attainment.
    """

    id: str
    standard: str
    version: int
    rev_offset: int
    rev_watermark: int
    site: str
    minute: int
    good: int
    total: int


_MEASUREMENT: Final = msgspec.json.Decoder(SeenMeasurement).decode
_VIOLATION: Final = msgspec.json.Decoder(SeenViolation).decode
_ATTAINMENT: Final = msgspec.json.Decoder(SeenAttainment).decode


class Row(NamedTuple):
    """
    One standard at one site: how far it is kept, against its target, and how that went lately.

    `value` and `trend` are basis points of a share, or milliseconds; None where there is nothing to divide by.
    """

    standard: Standard
    site: str
    good: int
    total: int
    value: int | None
    trend: tuple[int | None, ...]
    open_violations: int
    at_risk: int

    @property
    def keeps(self) -> bool | None:
        """
        Whether the target is reached; None where there are too few to say.
        """
        aim = self.standard.objective
        if self.value is None or self.total < aim.minimum_n:
            return None
        return self.value <= aim.target_value if aim.metric in AT_MOST_METRICS else self.value >= aim.target_value


class Scene:
    """
    Takes outcomes in and answers for them. `standards` are those that were published, by id and version.
    """

    def __init__(self, standards: Mapping[tuple[str, int], Standard]) -> None:
        self._standards = dict(standards)
        self._takers: dict[str, Callable[[bytes], None]] = {
            MEASUREMENTS.name: self._measured,
            VIOLATIONS.name: self._violated,
            ATTAINMENT.name: self._attained,
        }
        self.records: Counter[str] = Counter()
        """Records taken in, by topic, copies included."""
        self.measurements: dict[str, SeenMeasurement] = {}
        self.violations: dict[str, SeenViolation] = {}
        self.attainment: dict[str, SeenAttainment] = {}
        self.recent: deque[SeenViolation] = deque(maxlen=_REMEMBERED)
        """Changes of violations, the latest last."""

    def take(self, topic: str, value: bytes) -> None:
        """
        Take in one record of an outcome topic (by its logical name).
        """
        self.records[topic] += 1
        self._takers[topic](value)

    def _measured(self, value: bytes) -> None:
        seen = _MEASUREMENT(value)
        if supersedes(seen, self.measurements.get(seen.id)):
            self.measurements[seen.id] = seen

    def _violated(self, value: bytes) -> None:
        seen = _VIOLATION(value)
        held = self.violations.get(seen.id)
        if not supersedes(seen, held):
            return
        # What objectives say is about no journey that could be told of; it is counted, and rows show the figures.
        of_one = seen.kind not in {"objective", "burn"}
        if of_one and (
            held is None or (held.state, held.closed_at, held.reason) != (seen.state, seen.closed_at, seen.reason)
        ):
            self.recent.append(seen)
        self.violations[seen.id] = seen

    def _attained(self, value: bytes) -> None:
        seen = _ATTAINMENT(value)
        if supersedes(seen, self.attainment.get(seen.id)):
            self.attainment[seen.id] = seen

    def rows(self, now_ms: int) -> list[Row]:
        """
        Tell how each standard is kept at each site, over its own window up to now; ordered as the standards are.
        """
        figures: dict[tuple[str, int, str], list[SeenAttainment]] = {}
        for one in self.attainment.values():
            figures.setdefault((one.standard, one.version, one.site), []).append(one)
        running: Counter[tuple[str, int, str, str]] = Counter(
            (one.standard, one.version, one.site, one.kind) for one in self.violations.values() if one.is_open
        )
        order = {key: place for place, key in enumerate(self._standards)}
        keys = sorted((key for key in figures if key[:2] in order), key=lambda key: (order[key[:2]], key[2]))
        return [
            _row(
                self._standards[key[:2]],
                key[2],
                figures[key],
                now_ms,
                running[*key, "journey"],
                running[*key, "at_risk"],
            )
            for key in keys
        ]

    def open_count(self, kind: str) -> int:
        return sum(one.is_open and one.kind == kind for one in self.violations.values())

    def open_lines(self) -> set[str]:
        """
        Tell in which lines somebody waits beyond a limit, as it is known live: standard and place, as alerts name them.
        """
        waiting = [one for one in self.violations.values() if one.is_open and one.kind == "journey" and not one.late]
        return {
            f"{one.standard}|{f'queue:{one.site}/{one.queue}' if one.queue else f'site:{one.site}'}" for one in waiting
        }

    def violations_by_kind(self) -> Counter[tuple[str, str]]:
        """
        Count the violations as they stand, by kind and state.
        """
        return Counter((one.kind, one.state) for one in self.violations.values())

    def sums(self) -> dict[tuple[str, int], tuple[int, int]]:
        """
        Sum (good, total) of every standard over all sites and minutes.
        """
        sums: dict[tuple[str, int], tuple[int, int]] = {}
        for one in self.attainment.values():
            good, total = sums.get((one.standard, one.version), (0, 0))
            sums[one.standard, one.version] = (good + one.good, total + one.total)
        return sums


def _row(standard: Standard, site: str, seen: list[SeenAttainment], now_ms: int, running: int, at_risk: int) -> Row:
    # Calendar windows are for reports; who watches looks back from now.
    window = next((one.rolling for one in standard.objective.all_windows if one.rolling is not None), HOUR_MS)
    inside = [one for one in seen if one.minute > now_ms - window]
    good, total = sum(one.good for one in inside), sum(one.total for one in inside)
    # The buckets end on whole minutes, so that the trend stands still between two of them.
    end, width = now_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS, max(window // _BUCKETS, MINUTE_MS)
    buckets = [[0, 0] for _ in range(_BUCKETS)]
    for one in inside:
        place = _BUCKETS - 1 - (end - MINUTE_MS - one.minute) // width
        if 0 <= place < _BUCKETS:
            buckets[place][0] += one.good
            buckets[place][1] += one.total
    value = _value(standard, good, total)
    trend = tuple(_value(standard, *bucket) for bucket in buckets)
    return Row(standard, site, good, total, value, trend, running, at_risk)


def _value(standard: Standard, good: int, total: int) -> int | None:
    if not total:
        return None
    return good * (_BASIS_POINTS if standard.objective.metric in SHARE_METRICS else 1) // total
