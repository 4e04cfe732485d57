"""
`sqm demo`: a whole line on this machine, with simulated customers and a live view.
"""

import asyncio
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console

from services.cli.examples import examples
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured

app = typer.Typer(add_completion=False, help="A whole line on this machine, with simulated customers and a live view.")

__all__ = ["app"]

DIFFERENT = 1
INTERRUPTED = 130


class _Wishes(NamedTuple):
    """
    What was asked for on the command line.
    """

    seconds: int | None
    seed: int
    backlog: str
    documents: Path | None
    broker: str | None
    plain: bool


@app.command(
    epilog=examples(
        "sqm demo                              until Ctrl-C, which sums up",
        "sqm demo --seconds 60                 a minute, then the summary; status 1 where counts differ",
        "sqm demo --folder var/demo            keep logs, tokens and history in that folder",
        "sqm demo | tee demo.txt               lines of text instead of the screen",
    )
)
def demo(
    *,
    seconds: Annotated[
        int | None, typer.Option(min=1, envvar="DEMO_SECONDS", help="How long to play; until Ctrl-C if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed plays the same customers.")] = 3,
    backlog: Annotated[str, typer.Option(help="How much of the day has already happened when it begins.")] = "1h",
    documents: Annotated[
        Path | None, typer.Option(help="Standards to publish; those of the demo if not given.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where logs and data go; a temporary folder if not given.")
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="kafka or memory; the best that this machine can run if not given.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Lines of text, also on a terminal.")] = False,
) -> None:
    """
    Start a broker, ingest, a worker, alerts, history and a simulator of three sites, and show verdicts as they happen,
    who is told of them, and who acts: `a` acknowledges the alert on top.

    Nothing is installed, no port is fixed, and nothing is left behind but the folder that you name. When it ends,
    by itself or by Ctrl-C, the line is brought to rest and everything that was counted in two places is compared.
    """
    # A signal while the broker starts must end the demo as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=False)
    kept = folder is not None
    place = (folder or Path(tempfile.mkdtemp(prefix="sqm-demo-"))).resolve()
    if kept and place.exists() and any(place.iterdir()):
        raise Misconfigured(
            f"--folder {place}: is not empty; name a new folder, so that nothing of another demo is counted"
        )
    place.mkdir(parents=True, exist_ok=True)
    failed = True
    try:
        wishes = _Wishes(seconds, seed, backlog, documents, broker, plain)
        with ExitStack() as stack:
            status = _run(stack, console, place, wishes)
        failed = False
    except asyncio.CancelledError as error:
        raise KeyboardInterrupt from error
    except KeyboardInterrupt:
        failed = False
        raise
    finally:
        if failed or kept:
            sys.stderr.write(f"logs: {place}\n")
        else:
            shutil.rmtree(place, ignore_errors=True)
    raise typer.Exit(status)


def _run(stack: ExitStack, console: Console, folder: Path, wishes: _Wishes) -> int:
    # Everything below needs a second to load, which `--help` and a misspelt option should not wait for.
    from services.cli.demo.director import Director, Plan  # noqa: PLC0415
    from services.cli.demo.line import Line, demo_folder  # noqa: PLC0415
    from services.cli.demo.stages import LineStage, ScreenStage  # noqa: PLC0415
    from services.runtime.broker import BrokerKind, BrokerOptions, choose_broker, start_broker  # noqa: PLC0415
    from services.runtime.java import find_java  # noqa: PLC0415
    from services.runtime.logs import configure_logs  # noqa: PLC0415
    from services.runtime.settings import LogFormat  # noqa: PLC0415

    clock = SystemClock()
    # What libraries have to say goes to a file: on the screen it would tear the picture apart.
    log = stack.enter_context((folder / "demo.log").open("w", encoding="utf-8"))
    configure_logs("WARNING", LogFormat.JSON, log)
    if wishes.broker not in {None, *BrokerKind}:
        raise Misconfigured(f"--broker {wishes.broker}: kafka or memory")
    options = BrokerOptions(kind=BrokerKind(wishes.broker) if wishes.broker else None)
    chosen = choose_broker(options, find_java()).sentence
    plan = Plan(
        seconds=wishes.seconds,
        seed=wishes.seed,
        backlog=wishes.backlog,
        documents=wishes.documents or demo_folder(),
    )
    zone = datetime.fromtimestamp(clock.now_ms() / 1000).astimezone().tzinfo
    assert zone is not None  # noqa: S101  (astimezone always gives one)
    console.print(f"· broker: {chosen}", style="dim", highlight=False, soft_wrap=True)
    broker = stack.enter_context(start_broker(options, clock))
    line = Line(folder, broker.bootstrap_servers, clock)
    screen = console.is_terminal and not wishes.plain
    with ScreenStage(console, zone) if screen else LineStage(console, clock) as stage:
        summary = asyncio.run(Director(line, plan, stage, clock, chosen).run())
    console.print(summary.text(), highlight=False, markup=False, soft_wrap=True)
    return DIFFERENT if summary.differences() else 0
