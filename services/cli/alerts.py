"""
`sqm alerts`: try a configuration of alerts before anybody depends on it, and act on the alerts of the running service.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.alerting import acting, living, muting, previewing, publishing, quieting
from services.cli.examples import examples
from services.cli.forms import Form, Output
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from services.cli.alerting.playing import Played

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Act on the alerts of the running service; try a configuration: who is told of what, when, and why.",
)
for _group in (living, acting, quieting, muting, publishing, previewing):
    app.registered_commands += _group.app.registered_commands

__all__ = ["app"]

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration of alerts.")]


@app.command(
    epilog=examples(
        "sqm alerts simulate --timeline tests/scenarios/alerts/whoever-is-on-call-is-told.yaml",
        "sqm alerts simulate --timeline tests/scenarios/alerts/a-silence-loses-nothing.yaml --format json",
    )
)
def simulate(
    timeline: Annotated[Path, typer.Option("--timeline", metavar="FILE", help="What happens, and when.")],
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration, instead of the timeline's own.")
    ] = None,
    output: Output = Form.TEXT,
) -> None:
    """
    Play violations, commands and time through the engine, and list every message: when, to whom, why, and about what.

    Where the timeline says what it expects, a difference ends with status 1.
    """
    # Imported here, so that --help answers at once.
    from services.cli.alerting.reading import play_file  # noqa: PLC0415

    played, differing = play_file(timeline, config)
    if output is Form.JSON:
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

    labels = dict(read_label(one, "--label") for one in label)
    for line in told_at(read_alerting(config)[0], labels, _instant(at, "--at")):
        sys.stdout.write(f"{line}\n")


@app.command(
    "on-call",
    epilog=examples(
        "sqm alerts on-call --config deploy/demo/alerting.yaml --schedule floor",
        "sqm alerts on-call --config deploy/demo/alerting.yaml --schedule floor"
        " --from 2026-03-01T00:00:00+02:00 --to 2026-04-01T00:00:00+03:00 --format json",
    ),
)
def on_call(
    config: ConfigFile,
    schedule: Annotated[str, typer.Option("--schedule", metavar="ID", help="Which schedule.")],
    begin: Annotated[str | None, typer.Option("--from", metavar="TIME", help="From when; now, if not said.")] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Up to when; two weeks later, if not said.")
    ] = None,
    output: Output = Form.TEXT,
) -> None:
    """
    List who is on call by a schedule, with its own overrides: shift by shift, and nobody too.
    """
    from services.cli.alerting.duty import tell_shifts  # noqa: PLC0415  (see simulate)
    from services.cli.alerting.reading import read_alerting  # noqa: PLC0415
    from services.cli.instants import read_instant  # noqa: PLC0415

    until = read_instant(end, "--to")
    as_json = output is Form.JSON
    tell_shifts(read_alerting(config)[0], schedule, _instant(begin, "--from"), until, as_json=as_json)


def _instant(text: str | None, option: str) -> int:
    """
    Read an instant; now, if none is given.
    """
    from services.cli.instants import read_instant  # noqa: PLC0415  (see simulate)
    from services.runtime.clock import SystemClock  # noqa: PLC0415

    instant = read_instant(text, option)
    return SystemClock().now_ms() if instant is None else instant


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
