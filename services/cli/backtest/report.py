"""
The report of a backtest as tables for people: all sides beneath one another first, then each proposal with its sites,
its notices and the journeys whose verdict changes.
"""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from domain.moments import spoken_duration, spoken_instant
from schemas.standards import Standard
from services.cli.backtest.changes import Changes
from services.cli.backtest.comparing import Change, Judged, Verdict
from services.cli.backtest.document import label_of
from services.cli.backtest.meaning import judges_singles, limits_of_reading, tells_of_singles, why_no_changes
from services.cli.backtest.proposals import Pair, Side
from services.cli.backtest.results import SideResult, days_of, named_swings, results_of
from services.cli.backtest.run import Found
from services.cli.engine_notes import told_notes
from services.cli.figure_words import shown
from services.cli.replay.reading import Rejections
from services.cli.standard_words import aim_in_short
from services.history.engine import Period

__all__ = ["as_tables"]

_BUSIEST: Final = 3
_ASKED_FOR: Final = ("kept_to_broken", "broken_to_kept", "newly_judged", "no_longer_judged")
_HELD: Final = {"kept": "kept", "failed": "failed", "too_few": "too few", "no_value": "–"}
_COUNTED: Final = (
    "violations: journeys whose limit passed; alerts: local days on which a queue of a site had any, one for each queue"
    " and day (alert rules are not consulted)"
)


def as_tables(
    found: Found, period: Period, changes: Changes, rejections: Rejections, elapsed_ms: int, console: Console
) -> None:
    """
    Write the report.
    """
    days = days_of(found, period)
    zone = found.local.zone
    _say(
        console,
        f"{found.events:,} events, {found.journeys:,} journeys in {elapsed_ms / 1_000:.1f} s;"
        f" {_counted(days, 'day')}, by the calendar of {zone}",
    )
    if found.trial.left_out:
        _say(console, f"not compared, for no proposal has their ids: {', '.join(found.trial.left_out)}")
    _overview(found, days, console)
    _say(console, _COUNTED)
    for place, pair in enumerate(found.trial.pairs):
        console.print()
        console.print(label_of(pair, found, period), style="bold", highlight=False, markup=False, soft_wrap=True)
        _sites(found, pair, days, console)
        _told(found, pair.new, console)
        for remark in limits_of_reading(pair):
            _say(console, f"  {remark}")
        if pair.old is not None and why_no_changes(pair) is None:
            _changes(found, place, changes, console)
    _odd(found, rejections, console)


def _overview(found: Found, days: int, console: Console) -> None:
    table = _table(
        "", "limit", "n", "objective", "figure", "held", "violations", "a day", "alerts a day", "kept → broken",
        "broken → kept", "newly judged", "no longer", left=("", "limit", "objective", "held"),
    )  # fmt: skip
    done: set[str] = set()
    for pair, swings in zip(found.trial.pairs, found.swings, strict=True):
        if pair.old is not None and pair.old.key not in done:
            done.add(pair.old.key)
            table.add_row(*_summary(found, pair.old, days), "", "", "", "")
        table.add_row(*_summary(found, pair.new, days), *_turns(pair, named_swings(swings.items())))
    console.print()
    console.print(table)


def _turns(pair: Pair, named: dict[str, int]) -> list[str]:
    if pair.old is None or why_no_changes(pair) is not None:
        return ["–"] * len(_ASKED_FOR)
    counts = [f"{named[name]:,}" for name in _ASKED_FOR]
    return counts if any(judges_singles(side.latest) for side in (pair.old, pair.new)) else ["–", "–", *counts[2:]]


def _summary(found: Found, side: Side, days: int) -> Sequence[str]:
    whole = next(results_of(found, side))
    standard = side.latest
    n, aim = ("–", "–") if standard.presence is not None else (f"{whole.n:,}", aim_in_short(standard))
    return (
        side.label, _limit(standard), n, aim, _figure(whole),
        _HELD[whole.held], f"{whole.violations:,}", _a_day(whole.violations, days), _a_day(len(whole.notices), days),
    )  # fmt: skip


def _sites(found: Found, pair: Pair, days: int, console: Console) -> None:
    new = {one.site: one for one in results_of(found, pair.new) if one.site is not None}
    old = {} if pair.old is None else {one.site: one for one in results_of(found, pair.old) if one.site is not None}
    sides = ("old", "new") if pair.old else ("new",)
    table = _table(
        "site", *(f"{name}\n{side}" for name in ("n", "figure", "held", "violations", "a day", "alerts a day")
                  for side in sides),
        left=("site",),
    )  # fmt: skip
    for site in sorted(new.keys() | old.keys(), key=str):
        both = [old.get(site), new.get(site)] if pair.old else [new.get(site)]
        cells = [_site_cells(one, days, side.latest) for one, side in zip(both, _sides(pair), strict=True)]
        table.add_row(str(site), *(cell for together in zip(*cells, strict=True) for cell in together))
    if table.row_count:
        console.print(table)


def _sides(pair: Pair) -> list[Side]:
    return [side for side in (pair.old, pair.new) if side is not None]


def _site_cells(result: SideResult | None, days: int, standard: Standard) -> tuple[str, ...]:
    presence = standard.presence is not None
    if result is None:
        # Where nobody was silent nothing is known of who reported.
        return ("–", "–", "–", "0", _a_day(0, days), _a_day(0, days)) if presence else ("–",) * 6
    return (
        "–" if presence else f"{result.n:,}", _figure(result), _HELD[result.held], f"{result.violations:,}",
        _a_day(result.violations, days), _a_day(len(result.notices), days),
    )  # fmt: skip


def _told(found: Found, side: Side, console: Console) -> None:
    whole = next(results_of(found, side))
    owner = side.latest.metadata.owner
    if not whole.notices:
        _say(console, f"  {owner} would not have been told of anything")
        return
    zone = found.local.zone
    first, last = whole.notices[0].first_at, max(one.first_at for one in whole.notices)
    busy = sorted(range(len(whole.hours)), key=lambda hour: (-whole.hours[hour], hour))[:_BUSIEST]
    hours = ", ".join(f"{hour:02d}:00 ({whole.hours[hour]:,})" for hour in busy if whole.hours[hour])
    days = _counted(len({one.date for one in whole.notices}), "day")
    what = "violations" if tells_of_singles(side.latest) else "misses of the objective"
    _say(
        console,
        f"  {owner} would have been told on {days}, first {spoken_instant(first, zone)}, last"
        f" {spoken_instant(last, zone)}; most {what} at {hours}",
    )
    for one in sorted(whole.notices, key=lambda notice: (-notice.violations, notice.first_at))[:_BUSIEST]:
        place = one.site if one.queue is None else f"{one.site}, {one.queue}"
        count = _counted(one.violations, "violation")
        first_at = spoken_instant(one.first_at, zone)[11:]
        _say(console, f"    {one.date} {place}: {count}, the first at {first_at}")


def _changes(found: Found, place: int, changes: Changes, console: Console) -> None:
    named = named_swings(found.swings[place].items())
    said = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in named.items() if count)
    _say(console, f"  verdicts that change: {said or 'none'}")
    some = changes.first[place]
    if not some:
        return
    table = _table("  arrived", "site", "journey", "old", "new", left=("  arrived", "site", "journey", "old", "new"))
    for change in some:
        arrived = spoken_instant(change.arrived_at, found.local.zone)
        old, new = (_verdict(verdict, judged, found, place) for verdict, judged in _both(change))
        table.add_row(f"  {arrived}", change.key.site, change.key.journey, old, new)
    console.print(table)
    rest = sum(named.values()) - len(some)
    if rest > 0:
        _say(console, f"  and {rest:,} more; --out FILE.csv writes all")


def _both(change: Change) -> list[tuple[Verdict, Judged | None]]:
    return list(zip(change.swing, (change.old, change.new), strict=True))


def _verdict(verdict: Verdict, judged: Judged | None, found: Found, place: int) -> str:
    said = verdict.value.replace("_", " ")
    standard = found.trial.pairs[place].new.latest
    if judged is None or standard.rate is not None:
        return said
    if standard.score is not None and judged.score is not None:
        unit = " %" if standard.score.checklists else ""
        least = "" if judged.minimum is None else f", at least {judged.minimum / 100:.2f}{unit}"
        return f"{said}: {judged.score / 100:.2f}{unit}{least}"
    if standard.presence is not None:
        since = "" if judged.told_at is None else f": from {spoken_instant(judged.told_at, found.local.zone)} on"
        return said + since
    if standard.sequence is not None:
        return said if judged.faults is None else f"{said}: {judged.faults}"
    value, limit = spoken_duration(judged.value_ms), spoken_duration(judged.limit_ms)
    return f"{said}: {judged.ended_by} at {value} of {limit}"


def _odd(found: Found, rejections: Rejections, console: Console) -> None:
    for reason, count in sorted(rejections.counts.items()):
        _say(console, f"rejected: {count:,} × {reason}")
        for row in rejections.first[reason]:
            _say(console, f"  {row}")
    for line in told_notes(found.notes):
        _say(console, line)


def _table(*columns: str, left: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, justify="left" if name in left else "right", vertical="bottom")
    return table


def _limit(standard: Standard) -> str:
    """
    A limit as a column has room for it; `sqm standards show` says it whole.
    """
    clock = standard.clock
    if standard.score is not None and standard.score.minimum is not None:
        return f"at least {standard.score.minimum}"
    if standard.presence is not None:
        return f"every {spoken_duration(standard.presence.every)}"
    if clock is None:
        return standard.kind_of
    if clock.within_business_days is not None:
        return f"close of business day {clock.within_business_days}"
    own = spoken_duration(clock.limit) if isinstance(clock.limit, int) else "promised"
    return own + (" open" if clock.calendar else "") + (", or a table" if clock.limits else "")


def _figure(result: SideResult) -> str:
    return shown(result.metric, *result.pair)


def _a_day(count: int, days: int) -> str:
    return f"{count / days:,.1f}" if days else "–"


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
