"""
What the running service knows: alerts that are not over, one of them in full, and who is on call now.
"""

import json
import sys
from typing import Annotated, Any

import typer

from services.cli.alerting.door import DEFAULT_URL, TokenFile, Url, open_door
from services.cli.examples import examples
from services.cli.forms import Form, Output

app = typer.Typer()

__all__ = ["app"]


@app.command(
    "list",
    epilog=examples("sqm alerts list", "sqm alerts list --state firing --label severity=page --label site=branch-1"),
)
def list_alerts(
    *,
    state: Annotated[
        str | None, typer.Option("--state", help="Only those that are pending, firing or acknowledged.")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="NAME=VALUE", help="Only with this label; again for each.")
    ] = None,
    output: Output = Form.TEXT,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    List the alerts that are not over: state, severity, since when, how many violations are open, whose it is, and key.
    """
    from services.cli.alerting.labels import read_label  # noqa: PLC0415  (imported here, so that --help answers at once)

    wanted = dict(read_label(one, "--label") for one in label or ())
    if state is not None:
        wanted["state"] = state
    found = open_door(url, token_file).alerts(**wanted)
    if output is Form.JSON:
        _write_json(found)
        return
    for one in found:
        whose = f"  {one['owner']}" if "owner" in one else ""
        muted = f"  muted by {one['muted_by']}" if one["muted_by"] else ""
        since = _instant(one["begun_at"])
        sys.stdout.write(
            f"{one['state']:<12}  {one['severity']:<6}  {since}  {one['open']:>5} open  {one['key']}{whose}{muted}\n"
        )
    sys.stdout.write(f"{len(found)} alert(s) that are not over\n")


@app.command(epilog=examples("sqm alerts show 'wait|queue:branch-1/tills'"))
def show(
    alert: Annotated[str, typer.Argument(metavar="ALERT", help="Key of the alert, as `sqm alerts list` shows it.")],
    *,
    output: Output = Form.TEXT,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Show one alert in full.
    """
    found = open_door(url, token_file).alert(alert)
    if output is Form.JSON:
        _write_json(found)
        return
    for name, value in found.items():
        if value not in (None, [], {}, False):
            sys.stdout.write(f"{name:<12}  {_shown(name, value)}\n")


@app.command(epilog=examples("sqm alerts who"))
def who(*, output: Output = Form.TEXT, url: Url = DEFAULT_URL, token_file: TokenFile = None) -> None:
    """
    Say who is on call now by each schedule, take-overs included. `sqm alerts on-call` looks ahead in a file.
    """
    found = open_door(url, token_file).on_call()
    if output is Form.JSON:
        _write_json(found)
        return
    for one in found:
        sys.stdout.write(f"{one['schedule']}: {one['person'] or 'nobody is on call'}\n")
    sys.stdout.write(f"{len(found)} schedule(s)\n")


def _write_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _shown(name: str, value: Any) -> str:  # noqa: ANN401  as JSON has it
    if isinstance(value, dict):
        return " ".join(f"{label}={text}" for label, text in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    return _instant(value) if name.endswith("at") or name == "ack_until" else str(value)


def _instant(at: int) -> str:
    from schemas.base import format_instant  # noqa: PLC0415  (as above)

    return format_instant(at)
