"""
The live view: one screen that answers "which promises hold, who is waiting too long, who knows, does everything run".

Wide terminals get the figures beside the standards, narrow ones above them. Colour never says what a sign does not
say too.
"""

from datetime import tzinfo
from typing import Final

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.moments import spoken_duration, spoken_time
from schemas.objectives import AT_MOST_METRICS, SHARE_METRICS
from services.cli.demo.alert_panel import alert_panel
from services.cli.demo.scene import Row, SeenViolation
from services.cli.demo.status import Status

__all__ = ["View", "figure", "share"]

_WIDE: Final = 124
_TALL: Final = 24
_ROOMY: Final = 84
_TREND: Final = 88
_SITE: Final = 78
_NARROW: Final = 70
_SIDE: Final = 34
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_BASIS_POINTS: Final = 10_000

_GOOD, _BAD, _WARN, _QUIET = "green", "red", "yellow", "dim"


class View:
    """
    A moment of the demo as Rich shows it; fits itself to the size that it is given.
    """

    def __init__(self, status: Status, zone: tzinfo) -> None:
        self._status = status
        self._zone = zone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or options.max_height
        if width >= _WIDE and height >= _TALL:
            body = Table.grid(expand=True)
            body.add_column(ratio=1)
            body.add_column(width=_SIDE)
            body.add_row(self._standards(width - _SIDE), self._figures(tall=True, width=_SIDE))
            top: RenderableType = body
            used = max(len(self._status.rows) + 3, 14)
        else:
            top = Group(self._figures(tall=False, width=width), self._standards(width))
            used = max(len(self._status.rows), 1) + 3 + 3
        yield self._header(width)
        yield top
        # A line each for header and footer, and two for the frame of each panel.
        free = max(height - used - 6, 2)
        alerts = min(max(len(self._status.alerts), 1), max(free * 2 // 3, 1))
        yield alert_panel(self._status.alerts, self._status.now_ms, hint=self._status.hint, width=width, lines=alerts)
        yield self._feed(width, max(free - alerts, 1))
        yield self._footer(width)

    def _header(self, width: int) -> RenderableType:
        status = self._status
        line = Table.grid(expand=True)
        line.add_column()
        line.add_column(justify="right")
        left = Text.assemble(("sqm demo ", "bold"), (status.phase, "bold cyan"))
        if width >= _ROOMY:
            left.append(f"  {status.broker}", style=_QUIET)
        line.add_row(left, Text(status.clock, style="bold"))
        return line

    def _footer(self, width: int) -> RenderableType:
        line = Table.grid(expand=True)
        line.add_column()
        line.add_column(justify="right")
        health = Text()
        for name, ready in self._status.services:
            health.append("● " if ready else "○ ", style=_GOOD if ready else _WARN)
            health.append(f"{name}  ", style="" if ready else _WARN)
        hint = "Ctrl-C ends and sums up" if width >= _ROOMY else "Ctrl-C ends" if width >= _NARROW else ""
        line.add_row(health, Text(hint, style=_QUIET))
        return line

    # ------------------------------------------------------------ which promises hold

    def _standards(self, width: int) -> RenderableType:
        roomy = width >= _TREND
        table = Table(box=None, expand=True, pad_edge=False, padding=(0, 1), header_style=_QUIET)
        table.add_column("standard" if roomy else "promise", ratio=1, no_wrap=True, overflow="ellipsis")
        if width >= _SITE:
            table.add_column("site", no_wrap=True)
        table.add_column("kept", justify="right", no_wrap=True)
        table.add_column("", no_wrap=True, width=1)
        table.add_column("target", justify="right", no_wrap=True)
        if roomy:
            table.add_column("last hour", no_wrap=True)
            table.add_column("of", justify="right", no_wrap=True)
        table.add_column("over", justify="right", no_wrap=True)
        for row in self._status.rows:
            table.add_row(*self._cells(row, width, roomy=roomy))
        if not self._status.rows:
            table.add_row(Text("waiting for the first verdicts …", style=_QUIET))
        return Panel(table, title="Promises", title_align="left", border_style=_QUIET, padding=(0, 1))

    def _cells(self, row: Row, width: int, *, roomy: bool) -> list[RenderableType]:
        sign, colour = _judged(row)
        aim = row.standard.objective
        better = "≤" if aim.metric in AT_MOST_METRICS else "≥"
        cells: list[RenderableType] = [row.standard.metadata.title]
        if width >= _SITE:
            cells.append(Text(row.site, style=_QUIET))
        cells += [Text(figure(row), style=f"bold {colour}"), Text(sign, style=colour), Text(f"{better} {aim.target}")]
        if roomy:
            cells += [_trend(row), Text(f"{row.total:,}", style=_QUIET)]
        cells.append(Text(str(row.open_violations or "·"), style=f"bold {_BAD}" if row.open_violations else _QUIET))
        return cells

    # ------------------------------------------------------------ the figures beside

    def _figures(self, *, tall: bool, width: int) -> RenderableType:
        status = self._status
        oldest = spoken_duration(status.oldest_seconds * 1_000)
        expected = "–" if status.expected_seconds is None else spoken_duration(status.expected_seconds * 1_000)
        waiting = [
            ("journeys open", f"{status.open_journeys:,}", ""),
            ("oldest", oldest, ""),
            ("over a limit", f"{status.waiting_too_long:,}", _BAD if status.waiting_too_long else ""),
            ("at risk", f"{status.at_risk:,}", _WARN if status.at_risk else ""),
            ("wait to expect", expected, ""),
        ]
        flow = [
            ("events in", f"{status.accepted:,}", ""),
            ("events a second", f"{status.events_per_second:,}", ""),
            ("decided", f"{status.decided:,}", ""),
            ("still to decide", f"{status.lag:,}", _WARN if status.lag else ""),
            ("refused", f"{status.refused:,}", ""),
            ("verdicts", f"{status.measurements:,}", ""),
        ]
        if tall:
            table = Table.grid(expand=True, padding=(0, 1))
            table.add_column(style=_QUIET)
            table.add_column(justify="right")
            for name, figure, colour in (*waiting, ("", "", ""), *flow):
                table.add_row(name, Text(figure, style=f"bold {colour}"))
            return Panel(table, title="Now", title_align="left", border_style=_QUIET, padding=(0, 1))
        line, room = Text(no_wrap=True, overflow="ellipsis"), width - 4
        for name, figure, colour in (*waiting, flow[1], flow[3], flow[2]):
            more = Text.assemble((f"{figure} ", f"bold {colour}"), (f"{name}   ", _QUIET))
            if line and line.cell_len + more.cell_len > room:
                break
            line.append_text(more)
        return Panel(line, title="Now", title_align="left", border_style=_QUIET, padding=(0, 1))

    # ------------------------------------------------------------ what just changed

    def _feed(self, width: int, lines: int) -> RenderableType:
        table = Table.grid(expand=True, padding=(0, 1))
        table.add_column(no_wrap=True, style=_QUIET)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
        if width >= _ROOMY:
            table.add_column(no_wrap=True, style=_QUIET, overflow="ellipsis")
        for violation in self._status.recent[:lines]:
            word, colour = _word(violation)
            who = f"{violation.journey.partition('-')[0]}"
            cells: list[RenderableType] = [
                spoken_time(violation.as_of, self._zone),
                Text(word, style=colour),
                Text.assemble((f"{who:<6}", "bold"), f" {_told(violation)}"),
            ]
            if width >= _ROOMY:
                place = violation.site + (f" · {violation.queue}" if violation.queue else "")
                cells.append(place)
            table.add_row(*cells)
        for _ in range(lines - len(self._status.recent)):
            table.add_row("")
        return Panel(table, title="Violations as they change", title_align="left", border_style=_QUIET, padding=(0, 1))


def share(basis_points: int) -> str:
    """
    Write a share with one decimal, rounded down, so that 79.99% never looks like 80%.
    """
    return f"{basis_points // 100}.{basis_points % 100 // 10}%"


def figure(row: Row) -> str:
    """
    Write a row's value as what it is, a share or a duration; a dash where there is none.
    """
    if row.value is None:
        return "–"
    return share(row.value) if row.standard.objective.metric in SHARE_METRICS else spoken_duration(row.value)


def _judged(row: Row) -> tuple[str, str]:
    if row.keeps is None:
        return "?", _QUIET
    return ("✓", _GOOD) if row.keeps else ("✗", _BAD)


def _trend(row: Row) -> Text:
    """
    Draw the last hour; the height is the figure itself, from 0 to 100 %, so that two rows can be compared.
    """
    line = Text()
    is_share = row.standard.objective.metric in SHARE_METRICS
    most = _BASIS_POINTS if is_share else max((value for value in row.trend if value is not None), default=1)
    at_most = row.standard.objective.metric in AT_MOST_METRICS
    target = row.standard.objective.target_value
    for value in row.trend:
        if value is None:
            line.append("·", style=_QUIET)
            continue
        keeps = value <= target if at_most else value >= target
        line.append(
            _BLOCKS[min(value * len(_BLOCKS) // max(most, 1), len(_BLOCKS) - 1)], style=_GOOD if keeps else _BAD
        )
    return line


def _word(violation: SeenViolation) -> tuple[str, str]:
    if violation.state == "retracted":
        return "↺ retracted", "cyan"
    if violation.is_open:
        return ("▲ at risk  ", _WARN) if violation.kind == "at_risk" else ("● broken   ", f"bold {_BAD}")
    if violation.kind == "at_risk":
        return ("▲ too late ", _BAD) if violation.reason == "violated" else ("✓ saved    ", _GOOD)
    return "○ ended    ", _QUIET


def _told(violation: SeenViolation) -> str:
    limit, value = spoken_duration(violation.limit_ms), spoken_duration(violation.value_ms)
    if violation.state == "retracted":
        return f"was in time after all, a late report says ({limit} promised)"
    if violation.is_open:
        verb = "close to the limit of" if violation.kind == "at_risk" else "still running after"
        return f"{verb} {limit}"
    if violation.kind == "at_risk":
        return f"went over {limit}" if violation.reason == "violated" else f"ended within {limit}"
    how = {"expired": "given up after", "abandoned_late": "customer left after"}.get(violation.reason, "took")
    if violation.reason == "expired":
        return f"{how} {value}; {limit} promised"
    return (
        f"{how} {value}, {spoken_duration(max(violation.value_ms - violation.limit_ms, 0))} over the promised {limit}"
    )
