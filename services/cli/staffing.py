"""
`sqm staffing`: what service a number of agents can give, and how many a target needs.
"""

import json
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from services.cli.examples import examples
from services.cli.forms import TableForm, TableOutput
from services.runtime.errors import Misconfigured

if TYPE_CHECKING:
    from domain.staffing import Demand, Forecast

app = typer.Typer(add_completion=False, help="Predict the service that a number of agents can give.")

__all__ = ["app"]

_CALLS: Final = re.compile(r"(\d{1,7})/(\S{1,64})", re.ASCII)
_AGENTS: Final = re.compile(r"(\d{1,6})(?:\.\.(\d{1,6}))?", re.ASCII)
_MOST_LINES: Final = 500


@app.command(
    epilog=examples(
        "sqm staffing --calls 100/30m --aht 180s --within 20s --agents 12..16",
        "sqm staffing --calls 100/30m --aht 180s --within 20s --agents 12 --patience 120s",
        "sqm staffing --calls 100/30m --aht 180s --within 20s --target 80%",
        "sqm staffing --calls 100/30m --aht 180s --within 20s --target 80% --patience 120s",
    )
)
def staffing(
    *,
    calls: Annotated[str, typer.Option(metavar="N/TIME", help="How many arrive, like 100/30m.")],
    aht: Annotated[str, typer.Option(metavar="TIME", help="How long one keeps an agent busy, after-work included.")],
    within: Annotated[str, typer.Option(metavar="TIME", help="The limit of the service level.")] = "20s",
    agents: Annotated[
        str | None, typer.Option(metavar="N[..M]", help="Agents on duty, or from so many to so many.")
    ] = None,
    target: Annotated[str | None, typer.Option(metavar="SHARE", help="Say how many agents this level needs.")] = None,
    patience: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How long customers wait on average before they leave (Erlang A)."),
    ] = None,
    output: TableOutput = TableForm.TABLE,
) -> None:
    """
    Predict waits by Erlang C, in which nobody gives up, and with --patience by Erlang A, in which customers leave.

    With --target, how many agents the level takes: by Erlang C, and with --patience by Erlang A.
    """
    # Imported here, so that --help answers at once.
    from domain.staffing import MOST_AGENTS, CannotForecast, agents_needed, erlang_a, erlang_c  # noqa: PLC0415

    demand, within_ms = _demand(calls, aht), _duration("--within", within)
    patience_ms = None if patience is None else _duration("--patience", patience)
    if (agents is None) == (target is None):
        raise Misconfigured("say either --agents, to see what they can do, or --target, to see how many it takes")
    try:
        if target is not None:
            needed = agents_needed(demand, within_ms, _share(target), patience_ms)
            if needed is None:
                raise Misconfigured(
                    f"--target {target}: it takes more than {MOST_AGENTS} agents; split the load, or ask for less"
                )
            numbers = range(needed, needed + 1)
        else:
            numbers = _range(agents or "", MOST_AGENTS)
        found = [
            (
                erlang_c(demand, number, within_ms),
                None if patience_ms is None else erlang_a(demand, number, within_ms, patience_ms),
            )
            for number in numbers
        ]
    except CannotForecast as error:
        raise Misconfigured(f"{error}; is a number or a unit wrong?") from error
    if output is TableForm.JSON:
        lines = [_line(forecast, patient) for forecast, patient in found]
        answer = {
            "load_erlangs": round(demand.load, 4),
            "within_ms": within_ms,
            "patience_ms": patience_ms,
            "agents": lines,
        }
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
    else:
        _print(demand, within, found)


def _duration(option: str, text: str) -> int:
    from services.cli.instants import read_duration  # noqa: PLC0415  (see staffing)

    value = read_duration(text, option)
    if not value:
        raise Misconfigured(f"{option} {text[:40]}: must be longer than zero")
    return value


def _share(text: str) -> int:
    from schemas.base import BASIS_POINTS, parse_percent  # noqa: PLC0415  (see staffing)

    try:
        value = parse_percent(text)
    except ValueError as error:
        raise Misconfigured(f"--target {text[:40]}: {error}") from error
    if value == BASIS_POINTS:
        raise Misconfigured("--target 100%: no number of agents answers every call in time; ask for less, like 99%")
    return value


def _demand(calls: str, aht: str) -> "Demand":
    from domain.staffing import Demand  # noqa: PLC0415  (see staffing)

    match = _CALLS.fullmatch(calls)
    if match is None or not int(match[1]):
        raise Misconfigured(f"--calls {calls[:40]}: write how many in which time, like 100/30m")
    return Demand(int(match[1]), _duration("--calls", match[2]), _duration("--aht", aht))


def _range(text: str, most: int) -> range:
    match = _AGENTS.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= most:
        raise Misconfigured(f"--agents {text[:40]}: write one number or a range, like 12 or 12..16, from 1 to {most}")
    if last - first >= _MOST_LINES:
        raise Misconfigured(f"--agents {text[:40]}: at most {_MOST_LINES} at a time")
    return range(first, last + 1)


def _line(plain: "Forecast", patient: "Forecast | None") -> dict[str, Any]:
    told: dict[str, Any] = {
        "agents": plain.agents,
        "waits": _rounded(plain.waits),
        "service_level": _rounded(plain.service_level),
        "mean_wait_s": None if plain.mean_wait_ms is None else round(plain.mean_wait_ms / 1_000, 2),
        "occupancy": _rounded(plain.occupancy),
    }
    if patient is not None and patient.mean_wait_ms is not None:
        told["with_patience"] = {
            "waits": _rounded(patient.waits),
            "service_level": _rounded(patient.service_level),
            "abandonment": _rounded(patient.abandonment),
            "mean_wait_s": round(patient.mean_wait_ms / 1_000, 2),
            "occupancy": _rounded(patient.occupancy),
        }
    return told


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _print(demand: "Demand", within: str, found: "list[tuple[Forecast, Forecast | None]]") -> None:
    from rich.table import Table  # noqa: PLC0415  (see staffing)

    from services.cli.terminal import console  # noqa: PLC0415  (see staffing)

    out = console()
    out.print(f"offered load {demand.load:.2f} erlangs")
    table = Table(box=None, header_style="bold", pad_edge=False)
    titles = ["agents", f"within {within}", "waits", "mean wait", "occupancy"]
    impatient = any(patient is not None for _, patient in found)
    titles += [f"with patience: within {within}", "waits", "leaves", "mean wait"] if impatient else []
    for title in titles:
        table.add_column(title, justify="right")
    for plain, patient in found:
        cells = [str(plain.agents), _percent(plain.service_level), _percent(plain.waits), _seconds(plain.mean_wait_ms)]
        cells.append(_percent(plain.occupancy))
        if patient is not None:
            cells += [_percent(patient.service_level), _percent(patient.waits), _percent(patient.abandonment)]
            cells.append(_seconds(patient.mean_wait_ms))
        table.add_row(*cells)
    out.print(table)
    if any(plain.service_level is None for plain, _ in found):
        out.print("–: more arrives than so many agents can do; if nobody leaves, the queue grows for ever")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"


def _seconds(millis: float | None) -> str:
    return "–" if millis is None else f"{millis / 1_000:.1f} s"
