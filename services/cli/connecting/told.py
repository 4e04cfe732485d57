"""
What came of trying a connector, for people and for programs.
"""

from collections.abc import Iterator
from typing import Any, Final

from schemas.base import MINUTE_MS, format_instant
from schemas.standards import Standard
from services.cli.connecting.needs import Weight
from services.cli.connecting.trying import Judged, Tried, TriedPayload, journeys_of
from services.cli.connector_files import ReadConnector
from services.cli.event_lines import event_line
from services.cli.replay.report import document_of, print_rejections, print_standards
from services.cli.replay.run import Result
from services.cli.standard_words import in_words
from services.cli.terminal import console
from services.ingest.engine.connector import MappedPayload, PassedOver
from services.ingest.engine.mapped import MappedEvent, cloud_event

__all__ = ["as_object", "journey_lines", "payload_lines", "payload_object", "print_judged"]

_MARKS: Final = {Weight.NEVER: "missing", Weight.NOT_YET: "not seen", Weight.REMARK: "remark"}
_SHOWN_JOURNEYS: Final = 20


def payload_lines(number: int, tried: TriedPayload, read: ReadConnector) -> Iterator[str]:
    """
    One payload: the mapping that was chosen and its events, or why there are none.
    """
    outcome, begin = tried.outcome, f"payload {number} ({tried.body.place}): "
    if isinstance(outcome, PassedOver):
        yield f"{begin}passed over, as {read.file}:{tried.line} says (passes_over)\n"
    elif isinstance(outcome, MappedPayload):
        chosen = (f"{key} ({read.file}:{read.yaml.locate(('mappings', key))})" for key in outcome.mapping)
        yield f"{begin}mapping {' and '.join(chosen)}; version of {outcome.object}\n"
        if not outcome.events:
            yield "  no event: no condition of it holds\n"
        yield from (event_line(cloud_event(event)) for event in outcome.events)
    else:
        where = f"{read.file}:{tried.line}: " if tried.line is not None else ""
        value = f" (value {outcome.value})" if outcome.value else ""
        yield f"{begin}rejected, {outcome.reason}\n  {where}{outcome.where}: {outcome.detail}{value}\n"


def payload_object(tried: TriedPayload) -> dict[str, Any]:
    """
    The same for programs.
    """
    outcome = tried.outcome
    told: dict[str, Any] = {"file": str(tried.body.file), "line": tried.body.line}
    if isinstance(outcome, PassedOver):
        return told | {"outcome": "passed_over", "connector_line": tried.line}
    if isinstance(outcome, MappedPayload):
        events = [cloud_event(event) for event in outcome.events]
        return told | {
            "outcome": "mapped", "mappings": list(outcome.mapping), "delivery": outcome.delivery,
            "object": outcome.object, "events": events,
        }  # fmt: skip
    return told | {
        "outcome": "rejected", "reason": outcome.reason.value, "mapping": outcome.mapping, "field": outcome.field,
        "path": outcome.path, "value": outcome.value, "detail": outcome.detail, "connector_line": tried.line,
    }  # fmt: skip


def journey_lines(tried: Tried) -> Iterator[str]:
    """
    The journeys that the payloads build, each from its first event on.
    """
    journeys = journeys_of(tried.events)
    yield f"\n{_many(len(journeys), 'journey', 'journeys')}\n"
    for (site, subject), events in list(journeys.items())[:_SHOWN_JOURNEYS]:
        begun = events[0].time_ms
        yield f"  {subject} at {site}, from {format_instant(begun)}\n"
        yield from (f"    {_later(event.time_ms - begun):>12}  {_short(event)}\n" for event in events)
    if len(journeys) > _SHOWN_JOURNEYS:
        yield f"  … and {len(journeys) - _SHOWN_JOURNEYS:,} more\n"


def print_judged(judged: list[Judged], result: Result | None) -> None:
    """
    Print what each standard lacks, and the figures of those that lack nothing.
    """
    paper = console()
    for one in judged:
        if one.can_be:
            continue
        title, *_ = in_words(one.standard, "en")
        paper.print(f"\n{title}", style="bold", markup=False)
        paper.print("  cannot be judged by these payloads:", markup=False)
        _print_gaps(one)
    if result is not None:
        able = [one for one in judged if one.can_be]
        for one in able:
            print_standards(result, [one.standard], (), paper)
            _print_gaps(one)
        print_rejections(result, paper)


def _print_gaps(one: Judged) -> None:
    for gap in one.gaps:
        console().print(f"  {_MARKS[gap.weight]:<8}  {gap.part}: {gap.told}", markup=False, soft_wrap=True)


def as_object(
    payloads: list[dict[str, Any]], tried: Tried, judged: list[Judged], result: Result | None
) -> dict[str, Any]:
    """
    Everything as one object of JSON.
    """
    able = [one.standard for one in judged if one.can_be]
    return {
        "mapped": tried.mapped,
        "passed_over": tried.passed_over,
        "rejected": tried.rejected,
        "payloads": payloads,
        "journeys": [
            {
                "site": site,
                "subject": subject,
                "events": [{"type": one.type, "time": format_instant(one.time_ms)} for one in events],
            }
            for (site, subject), events in journeys_of(tried.events).items()
        ],
        "standards": [_standard_object(one) for one in judged],
        "figures": None if result is None else _figures(result, able),
    }  # fmt: skip


def _standard_object(one: Judged) -> dict[str, Any]:
    meta = one.standard.metadata
    gaps = [{"weight": gap.weight.value, "part": gap.part, "told": gap.told} for gap in one.gaps]
    return {"standard": meta.id, "version": meta.version, "can_be_judged": one.can_be, "gaps": gaps}


def _figures(result: Result, standards: list[Standard]) -> dict[str, Any]:
    kept = ("open_journeys", "notes", "counted", "attainment")
    return {name: value for name, value in document_of(result, standards, 0).items() if name in kept}


def _short(event: MappedEvent) -> str:
    return event.type.removeprefix("sqm.")


def _later(ms: int) -> str:
    minutes, rest = divmod(ms, MINUTE_MS)
    return f"+{minutes}:{rest // 1_000:02d}.{rest % 1_000:03d}"


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
