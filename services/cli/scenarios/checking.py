"""
Compares what was said with what a scenario expects, and tells each difference in words.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

from domain.catalogue import CLOCKS
from domain.metrics import Counts
from schemas.base import format_instant
from services.cli.scenarios.lines import line_differences
from services.cli.scenarios.model import Attained, Expectation, Measured, ObjectiveViolated, Scenario, Violated
from services.cli.scenarios.playing import Played, instant_of, told_instant
from services.cli.scenarios.standings import standing_differences
from services.sla.engine import Measurement, Segment, Violation

__all__ = ["differences"]

_RENAMED: Final = {"value": "value_ms", "limit": "limit_ms", "paused": "paused_ms", "exhaustion": "exhaustion_ms",
            "percentile": "value_ms"}  # fmt: skip
_LENGTHS: Final = (*_RENAMED, "over")
_LEFT_OUT: Final = ("journey", "scope", "story")
_OF_SCOPES: Final = ("objective", "burn")

Wanted = Measured | Violated | ObjectiveViolated


def differences(played: Played, expected: Expectation) -> list[str]:
    """
    Tell what is not as expected, one sentence each; nothing, if all is well.
    """
    told = played.told
    found: list[str] = []
    if expected.measurements is not None:
        found += _lists(played, "measurement", expected.measurements, told.measurements(), _show_measurement)
    if expected.violations is not None:
        found += _lists(played, "violation", expected.violations, told.violations("journey"), _show_violation)
    if expected.at_risk is not None:
        found += _lists(played, "warning", expected.at_risk, told.violations("at_risk"), _show_violation)
    if expected.presence is not None:
        found += _lists(played, "silence", expected.presence, told.violations("presence"), _show_violation)
    if expected.objectives is not None:
        found += _lists(played, "violation", expected.objectives, told.violations(*_OF_SCOPES), _show_of_scope)
    found += chain.from_iterable(
        (
            *(standing_differences(played, stood) for stood in expected.standings),
            *(line_differences(played, waited) for waited in expected.lines),
            *(_attained(played, row) for row in expected.attainment),
        )
    )
    found += _numbers("notes", expected.notes, told.notes) + _numbers("rejected", expected.rejected, told.rejected)
    gauges = played.state.gauges()
    for name, wanted, got in (
        ("open journeys", expected.open_journeys, gauges.open_journeys), ("sites", expected.sites, gauges.sites),
    ):  # fmt: skip
        if wanted is not None and wanted != got:
            found.append(f"expected {wanted} {name}, got {got}")
    return found


def _lists(
    played: Played,
    what: str,
    expected: Sequence[Wanted],
    got: Sequence[Measurement | Violation],
    show: Callable[[Any], str],
) -> list[str]:
    found: list[str] = []
    left = list(got)
    for wanted in expected:
        name = _about(wanted)
        about = [one for one in left if _about(one) == name]
        fits = next((one for one in about if not _against(played, wanted, one)), None)
        if fits is not None:
            left.remove(fits)
            continue
        said = _shown(wanted)
        if not about:
            found.append(f"expected a {what} of {name} ({said}), got none")
        found += [
            f"expected a {what} of {name} ({said}), got {show(one)}: {_against(played, wanted, one)}" for one in about
        ]
    claimed = {_about(wanted) for wanted in expected if any(_about(wanted) in line for line in found)}
    found += [
        f"got a {what} that nobody expected: {_about(one)}, {show(one)}" for one in left if _about(one) not in claimed
    ]
    return found


def _about(one: Wanted | Measurement | Violation) -> str:
    """
    What an outcome is about, in the words of the scenario: a journey, or a scope.
    """
    if isinstance(one, ObjectiveViolated):
        return one.scope
    return (one.scope if isinstance(one, Violation) else None) or one.journey


def _against(played: Played, wanted: Wanted, got: Measurement | Violation) -> str:
    """
    Name the first field that differs; nothing where all that is written fits.
    """
    for name in sorted(
        wanted.model_fields_set - set(_LEFT_OUT) | ({"state"} if isinstance(wanted, Measured) else set())
    ):
        value = getattr(wanted, name)
        held = _held(played.scenario, got, name)
        if (name.endswith("_at") or name == "as_of") and value is not None:
            value = instant_of(played.scenario, value)
        if value != held:
            return f"{name} is {_word(name, held)}, not {_word(name, value)}"
    if wanted.story is not None:
        story = tuple(played.told.story.get(got.id, ()))
        if story != wanted.story:
            return f"its story is {', '.join(story)}, not {', '.join(wanted.story)}"
    return ""


def _held(scenario: Scenario, got: Measurement | Violation, name: str) -> object:
    """
    Find in an outcome what scenarios call by a name.
    """
    if isinstance(got, Measurement):
        if name == "segments":
            return tuple(_segment(scenario, one) for one in got.segments)
        if name == "over":
            return max(got.value_ms - got.limit_ms, 0)
    if name == "trail":
        return tuple(f"{told_instant(one.at).removeprefix(scenario.day + ' ')} {one.role}" for one in got.trail)
    if name == "figure":
        return _figure(got)
    if name == "faults":
        return tuple(f"{one.step} {one.fault} {told_instant(one.at)[11:]}" for one in got.faults)
    return getattr(got, _RENAMED.get(name, name))


def _segment(scenario: Scenario, one: Segment) -> str:
    """
    Say a stretch as scenarios write it: times of the scenario's day alone, others with their date.
    """
    ends = [format_instant(at)[:16].removeprefix(scenario.day + "T") for at in (one.from_at, one.to_at)]
    return " ".join([*ends, *([one.why] if one.why else []), *([one.name] if one.name else [])])


def _figure(one: Measurement | Violation) -> str:
    return f"{one.good}/{one.total}" if isinstance(one, Violation) else ""


def _word(name: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if name.endswith("_at") or name == "as_of":
            return told_instant(value)
        if name in _LENGTHS:
            return _seconds(value)
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}s" if ms % 1_000 == 0 else f"{ms}ms"


def _shown(wanted: Wanted) -> str:
    fields = [
        name
        for name in type(wanted).model_fields
        if name in wanted.model_fields_set and name not in {"journey", "scope"}
    ]
    return ", ".join(f"{name} {_word(name, getattr(wanted, name))}" for name in fields) or "any"


def _show_measurement(one: Measurement) -> str:
    met = {True: "kept", False: "not kept", None: "not judged"}[one.met]
    return f"{one.standard} v{one.version} {one.state}, {one.ended_by} after {_seconds(one.value_ms)}, {met}"


def _show_violation(one: Violation) -> str:
    return f"{one.standard} v{one.version} {one.state} ({one.reason}), since {told_instant(one.opened_at)}"


def _show_of_scope(one: Violation) -> str:
    tier = f" {one.burn_tier}" if one.burn_tier else ""
    return (
        f"{one.standard} v{one.version} {one.kind}{tier} over {one.window} {one.state} ({one.reason}), {_figure(one)}, "
        f"since {told_instant(one.opened_at)}, as of {told_instant(one.as_of)}"
    )


def _attained(played: Played, wanted: Attained) -> list[str]:
    minute = None if wanted.minute is None else instant_of(played.scenario, wanted.minute)
    rows = [
        row
        for row in played.told.attainment()
        if row.standard == wanted.standard
        and (wanted.site is None or row.site == wanted.site)
        and (wanted.queue is None or row.queue == wanted.queue)
        and (minute is None or row.minute == minute)
    ]
    counts = Counts.total(Counts(*(getattr(row, name) for name in Counts._fields)) for row in rows)
    found = []
    if wanted.value is not None:
        standard = next(rule.standard for rule in played.book.rules.values() if rule.id == wanted.standard)
        metric = wanted.metric or standard.objective.metric
        if metric in CLOCKS:
            good, total = CLOCKS[metric].pair(counts)
        else:
            good, total = sum(row.good for row in rows), sum(row.total for row in rows)
        got = f"{good}/{total}" if total else "none"
        if got != wanted.value:
            found.append(f"expected {metric} of {wanted.standard} to be {wanted.value}, got {got}")
    for name, number in wanted.counts.items():
        got_number = sum(getattr(row, name, 0) for row in rows)
        if got_number != number:
            found.append(f"expected {number} {name} of {wanted.standard}, got {got_number}")
    return found


def _numbers(what: str, expected: dict[str, int] | None, got: dict[str, int]) -> list[str]:
    if expected is None or expected == got:
        return []
    return [f"expected {what} {_pairs(expected)}, got {_pairs(got)}"]


def _pairs(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(numbers.items())) or "nothing"
