"""
`sqm alerts`: try a configuration of alerts before anybody depends on it, and act on the alerts of the running service.
"""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.alerting import acting, living, previewing, publishing, quieting
from services.cli.examples import examples
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from services.cli.alerting.playing import Played

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Act on the alerts of the running service; try a configuration: who is told of what, when, and why.",
)
for _group in (living, acting, quieting, publishing, previewing):
    app.registered_commands += _group.app.registered_commands

__all__ = ["app"]

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration of alerts.")]


class Format(StrEnum):
    """
    How the answer is written.
    """

    TEXT = "text"
    JSON = "json"


Output = Annotated[Format, typer.Option("--format", help="How to write the answer.")]


@app.command(
    epilog=examples(
        "sqm alerts simulate --config deploy/demo/alerting.yaml --timeline tests/scenarios/alerts/a-storm.yaml",
        "sqm alerts simulate --timeline tests/scenarios/alerts/a-storm.yaml --format json",
    )
)
def simulate(
    timeline: Annotated[Path, typer.Option("--timeline", metavar="FILE", help="What happens, and when.")],
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration, instead of the timeline's own.")
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """
    Play violations, commands and time through the engine, and list every message: when, to whom, why, and about what.

    Where the timeline says what it expects, a difference ends with status 1.
    """
    # Imported here, so that --help answers at once.
    from services.cli.alerting.reading import play_file, read_alerting  # noqa: PLC0415

    alerting = read_alerting(config)[0] if config is not None else None
    played, differing = play_file(timeline, alerting)
    if output is Format.JSON:
        sys.stdout.write(json.dumps(_as_json(played), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(played)
    if differing:
        raise Rejected("timeline_differs", "\n  ".join(["it did not come out as expected:", *differing]))


@app.command(epilog=examples("sqm alerts lint deploy/demo/alerting.yaml"))
def lint(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A configuration of alerts.")],
) -> None:
    """
    Say what is wrong with a configuration, by file, line and field.
    """
    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415  (see simulate)

    alerting, _ = read_alerting(file)
    said = ", ".join(
        f"{len(found)} {name}"
        for name in ("rules", "receivers", "people", "teams", "schedules", "escalations", "inhibit", "silences")
        if (found := getattr(alerting, name))
    )
    sys.stdout.write(f"{file}: sound: {said}\n")


@app.command(
    epilog=examples("sqm alerts route --config deploy/demo/alerting.yaml --label site=branch-1 --label severity=page")
)
def route(
    config: ConfigFile,
    label: Annotated[
        list[str], typer.Option("--label", metavar="NAME=VALUE", help="A label of the alert; again for each.")
    ],
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="When; now, if not said.")] = None,
) -> None:
    """
    Show the path that an alert with these labels takes through the tree, and who would be told at each place.
    """
    from services.cli.alerting.labels import read_label  # noqa: PLC0415
    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415
    from services.cli.alerting.routes import told_at  # noqa: PLC0415  (see simulate)
    from services.cli.instants import read_instant  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415

    labels = dict(read_label(one, "--label") for one in label)
    instant = read_instant(at, "--at")
    now = SystemClock().now_ms() if instant is None else instant
    for line in told_at(read_alerting(config)[0], labels, now):
        sys.stdout.write(f"{line}\n")


def _print(played: "Played") -> None:
    from services.cli.alerting.playing import note_line, state_line, told_line  # noqa: PLC0415  (see simulate)

    for one in played.messages:
        sys.stdout.write(f"{told_line(one, played.day)}\n")
    sys.stdout.write(f"{len(played.messages)} message(s)\n")
    for title, lines in (
        ("Notes", [note_line(note, played.day) for note in played.notes]),
        ("Not over", [f"{key}: {state_line(alert)}" for key, alert in sorted(played.alerts.items())]),
    ):
        if lines:
            sys.stdout.write("\n".join(["", f"{title}:", *(f"  {line}" for line in lines), ""]))


def _as_json(played: "Played") -> dict[str, Any]:
    import msgspec  # noqa: PLC0415  (see simulate)

    return {
        "messages": msgspec.to_builtins(played.messages),
        "transitions": msgspec.to_builtins(played.transitions),
        "notes": msgspec.to_builtins(played.notes),
    }
