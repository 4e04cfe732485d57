"""
The panel of alerts in the live view: what fires, who was told last and when, who has it, and what is over.
"""

from collections.abc import Sequence
from typing import Final

from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cli.demo.alert_scene import AlertRow, Step, line_of

__all__ = ["alert_panel"]

_GRAVITY: Final = {"page": "bold red", "ticket": "yellow", "info": "dim"}
_WORDS: Final = {
    "raised": ("● raised", "bold"),
    "told": ("● told", "bold"),
    "escalated": ("▲ escalated", "bold yellow"),
    "nobody": ("✗ nobody", "bold red"),
    "taken": ("✓ taken", "green"),
    "over": ("○ over", "dim"),
}
_SEVERITY: Final = 78
_ROOMY: Final = 100


def alert_panel(rows: Sequence[AlertRow], now_ms: int, *, hint: str, width: int, lines: int) -> RenderableType:
    """
    Show as many alerts as there are lines, in the order in which they come; what finds no place is counted.
    """
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True)
    if width >= _SEVERITY:
        table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, ratio=1, overflow="ellipsis")
    table.add_column(no_wrap=True, overflow="ellipsis")
    table.add_column(no_wrap=True, justify="right", style="dim")
    for alert, step in rows[:lines]:
        word, style = _WORDS[step.word]
        quiet = "dim" if alert.is_over else ""
        cells: list[RenderableType] = [Text(word, style=style)]
        if width >= _SEVERITY:
            cells.append(Text(alert.severity, style=quiet or _GRAVITY[alert.severity]))
        last = alert.at if alert.is_over else now_ms
        cells += [
            Text(line_of(alert, short=width < _ROOMY), style=quiet),
            Text(_who(step, now_ms, roomy=width >= _ROOMY), style=quiet),
            _age(last - (alert.fired_at or alert.begun_at)),
        ]
        table.add_row(*cells)
    if not rows:
        table.add_row(Text("none", style="dim"))
    for _ in range(lines - max(len(rows), 1)):
        table.add_row("")
    title, more = "Alerts", len(rows) - lines
    if more > 0:
        title += f", and {more} more"
    return Panel(
        table,
        title=title,
        title_align="left",
        subtitle=hint or None,
        subtitle_align="right",
        border_style="dim",
        padding=(0, 1),
    )


def _who(step: Step, now_ms: int, *, roomy: bool) -> str:
    by = f" by {step.how}" if step.how and roomy else ""
    said = {
        "raised": "nobody knows yet",
        "told": f"{step.who} told{by}",
        "escalated": f"{step.who} told{by}",
        "nobody": "nobody answered",
        "taken": f"{step.who} has it",
        "over": "",
    }[step.word]
    ago = f"{_age(now_ms - step.at)} ago" if roomy and step.word != "raised" else ""
    return ", ".join(part for part in (said, ago) if part)


def _age(millis: int) -> str:
    seconds = max(millis, 0) // 1_000
    return f"{seconds // 60}:{seconds % 60:02d}"
