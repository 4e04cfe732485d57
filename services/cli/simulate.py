"""
`sqm simulate`: plays a bank branch, a call centre and a drive-thru, and sends what their systems would report.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from schemas.base import MINUTE_MS
from services.cli.examples import examples
from services.cli.instants import read_duration
from services.cli.simulator import NO_FAULTS, SITES, USUAL_FAULTS, Pace, Report, Truth, as_event, plan, play
from services.cli.stopping import stop_of_signals
from services.runtime.clock import Clock, SystemClock
from services.runtime.errors import Misconfigured

app = typer.Typer(add_completion=False, help="Play three sites and send their events.")

__all__ = ["app", "perform"]

_BATCH: Final = 500
_TICK_SECONDS: Final = 0.1
_HOURS: Final = 24
_FASTEST: Final = 100_000
_MOST_DAYS: Final = 400
_OF_SEASON: Final = frozenset({"days", "until", "folder", "beside_others"})
_OF_BOTH: Final = frozenset({"seed", "truth", "to_history"})
_SITE_OF: Final = {line.queue: site.id for site in SITES for line in site.lines}

Send = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


@app.command(
    epilog=examples(
        "sqm simulate --token-file token.txt                 live, until Ctrl-C",
        "sqm simulate --for 10m --backlog 1h                 an hour's history at once, then ten minutes live",
        "sqm simulate --for 8h --speed 60                    a working day in eight minutes, ending now",
        "sqm simulate --for 10m --print                      events as lines of JSON, nothing is sent",
        "sqm simulate --days 90 --to-history                 a season of eleven sites, straight into history",
    )
)
def simulate(  # noqa: PLR0913  (each is an option of the command)
    context: typer.Context,
    *,
    to: Annotated[str, typer.Option(help="Where ingest listens.")] = "http://127.0.0.1:8081",
    token_file: Annotated[
        Path | None, typer.Option(help="File with the token of this source; else the variable SQM_TOKEN.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed plays the same customers.")] = 3,
    for_: Annotated[
        str | None, typer.Option("--for", help="Simulated time to play, like 10m; for ever if not given.")
    ] = None,
    speed: Annotated[int, typer.Option(min=1, max=_FASTEST, help="How much faster than time; needs --for.")] = 1,
    backlog: Annotated[str, typer.Option(help="What has happened before going live is sent at once.")] = "0s",
    at: Annotated[str, typer.Option(help="What the clocks on the sites' walls show when it goes live.")] = "12:00",
    faults: Annotated[bool, typer.Option(help="Late, twice, misspelt, lost, a wrong clock, a silent till.")] = True,
    truth: Annotated[Path | None, typer.Option(help="Write here, as JSON, what was sent and answered.")] = None,
    print_: Annotated[
        bool, typer.Option("--print", help="Write the events to stdout instead of sending them.")
    ] = False,
    to_history: Annotated[
        bool, typer.Option("--to-history", help="Play whole days of more sites, judge them, and store all in history.")
    ] = False,
    days: Annotated[int, typer.Option(min=1, max=_MOST_DAYS, help="With --to-history: how many days.")] = 90,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="With --to-history: the day after the last one; today by default."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="With --to-history: folder of the database; else as SQM_CLICKHOUSE__… say.")
    ] = None,
    beside_others: Annotated[
        bool, typer.Option("--beside-others", help="With --to-history: also where history holds other sites.")
    ] = False,
) -> None:
    """
    Play a bank branch, a call centre and a drive-thru with their busy hours, impatient customers and faulty systems.

    Events carry simulated time, which never runs ahead of the present: played faster than time, the play begins in the
    past and ends now (for a worker with `clock: event`). The same seed and start give the same events.

    With --to-history nothing is sent: whole days of eleven sites are judged by the engines themselves and stored, as
    fast as can be, with people who answer, complain and acknowledge, and with faults planted that figures must show.
    """
    clock = SystemClock()
    _require_fitting(context, to_history=to_history)
    if to_history:
        from services.cli.filling.command import fill_history  # noqa: PLC0415  (help must be quick)

        fill_history(clock, seed, days, until, folder, truth, beside_others=beside_others)
        return
    # What is only printed needs no pacing: played as fast as can be, it ends now like any other.
    pace = _pace(clock, for_, _FASTEST if print_ and for_ else speed, backlog, at)
    reports = play(seed, pace.day, SITES, USUAL_FAULTS if faults else NO_FAULTS)
    if print_:
        _print(reports, pace)
        return
    told = asyncio.run(_send(reports, pace, clock, to, _token(token_file)))
    if truth is not None:
        truth.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _require_fitting(context: typer.Context, *, to_history: bool) -> None:
    """
    Raise Misconfigured where an option was given that the other way of playing has.
    """
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        given = source is not None and source.name == "COMMANDLINE"
        if given and not to_history and name in _OF_SEASON:
            raise Misconfigured(f"{parameter.opts[0]} goes with --to-history")
        if given and to_history and name not in {*_OF_SEASON, *_OF_BOTH}:
            raise Misconfigured(f"{parameter.opts[0]} does not go with --to-history, which sends and paces nothing")


async def perform(
    reports: Iterator[Report], pace: Pace, clock: Clock, send: Send, truth: Truth, stop: asyncio.Event
) -> None:
    """
    Send each report when it is due, until the play is over or `stop` is set. What is due together goes in batches.
    """
    started = clock.monotonic_ms()
    while not stop.is_set():
        played = clock.monotonic_ms() - started
        due, reports = _until(reports, pace.reached(played))
        for begin in range(0, len(due), _BATCH):
            batch = due[begin : begin + _BATCH]
            await send([_event(report) for report in batch if report.sent_at is not None])
            for report in batch:
                truth.note(report)
            if stop.is_set():
                return
        if pace.is_over(played):
            return
        await _sleep_or(stop, _TICK_SECONDS)


def _until(reports: Iterator[Report], reached: int) -> tuple[list[Report], Iterator[Report]]:
    due: list[Report] = []
    for report in reports:
        if _due_at(report) > reached:
            return due, chain((report,), reports)
        due.append(report)
    return due, reports


def _due_at(report: Report) -> int:
    return report.fact.at if report.sent_at is None else report.sent_at


def _event(report: Report) -> dict[str, Any]:
    return as_event(report, _SITE_OF[dict(report.fact.attributes)["queue"]])


async def _sleep_or(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _send(reports: Iterator[Report], pace: Pace, clock: Clock, to: str, token: str | None) -> dict[str, Any]:
    import httpx  # noqa: PLC0415  (half of the start-up time; printing and --help do without)
    import msgspec  # noqa: PLC0415  (same)

    from services.cli.sending import HttpSender  # noqa: PLC0415  (same)

    truth, stop = Truth(), stop_of_signals()
    async with httpx.AsyncClient() as client:
        sender = HttpSender(client, to, token, tell=lambda text: sys.stderr.write(text + "\n"))

        async def send(events: Sequence[dict[str, Any]]) -> None:
            if events:
                await sender.send(events)

        await perform(reports, pace, clock, send, truth, stop)
    answers = sender.answers
    sys.stdout.write(
        f"sent {truth.reported:,} events of {truth.journeys:,} journeys: {answers.accepted:,} accepted, "
        f"{answers.duplicates:,} twice in a request, {answers.refused:,} refused; {truth.never_sent:,} never sent\n"
    )
    return truth.told() | {"answers": msgspec.to_builtins(answers)}


def _print(reports: Iterator[Report], pace: Pace) -> None:
    import msgspec  # noqa: PLC0415  (see above)

    if pace.ends_at is None:
        raise Misconfigured("--print writes the whole play at once: say with --for how long it is")
    for report in _until(reports, pace.ends_at)[0]:
        if report.sent_at is not None:
            sys.stdout.write(msgspec.json.encode(_event(report)).decode() + "\n")


def _pace(clock: Clock, lasts: str | None, speed: int, backlog: str, at: str) -> Pace:
    lasts_ms = None if lasts is None else read_duration(lasts, "--for")
    backlog_ms = read_duration(backlog, "--backlog")
    hours, colon, minutes = at.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < _HOURS and int(minutes) < 60):  # noqa: PLR2004
        raise Misconfigured(f"--at {at[:20]}: a time of day, like 12:00")
    if speed > 1 and lasts_ms is None:
        raise Misconfigured("--speed above 1 begins in the past and ends now, so it needs a length: add --for 8h, say")
    wall_clock_ms = (int(hours) * 60 + int(minutes)) * MINUTE_MS
    return plan(
        now_ms=clock.now_ms(), backlog_ms=backlog_ms, lasts_ms=lasts_ms, speed=speed, wall_clock_ms=wall_clock_ms
    )


def _token(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("SQM_TOKEN")
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Misconfigured(f"--token-file {file}: {error.strerror}; `sqm tokens create` makes a token") from error
