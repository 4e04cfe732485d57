"""
Silences of the running service: nobody is told for a while, and beforehand you see of what.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.cli.alerting.door import DEFAULT_URL, TokenFile, Url, open_door
from services.cli.examples import examples
from services.runtime.errors import Misconfigured

if TYPE_CHECKING:
    from schemas.alert_routes import Silence

app = typer.Typer()

__all__ = ["app"]

_SHOWN: Final = 10


@app.command(
    epilog=examples(
        "sqm alerts silence --match site=branch-1 --for 2h --reason 'Moving the tills'",
        "sqm alerts silence --match site=branch-1 --match queue=tills --until 2026-11-01T08:00:00+01:00 --reason Works "
        "--try",
    )
)
def silence(
    match: Annotated[
        list[str], typer.Option("--match", metavar="LABEL=VALUE", help="Which alerts: all that is said must fit.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    *,
    lasts: Annotated[str | None, typer.Option("--for", metavar="DURATION", help="For how long, from now on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Until when, instead of --for.")] = None,
    name: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id; one of an existing silence replaces that.")
    ] = None,
    only_try: Annotated[bool, typer.Option("--try", help="Only say what it would mute now.")] = False,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Tell nobody of alerts that fit, for a while; it says first which that are now. What still fires when the silence
    ends is told then. A value may have * in it.
    """
    # Imported here, so that --help answers at once.
    from schemas.alert_labels import Matcher  # noqa: PLC0415
    from services.alerts.engine.labels import Fits  # noqa: PLC0415
    from services.cli.alerting.spans import end_of  # noqa: PLC0415
    from services.runtime.clock import SystemClock  # noqa: PLC0415

    now = SystemClock().now_ms()
    if (lasts is None) == (until is None):
        raise Misconfigured("say how long with --for 2h, or until when with --until; one of the two")
    made = _made(match, reason, now, end_of(lasts, until, now) or now, name)
    door = open_door(url, token_file)
    fits = Fits(Matcher.model_validate(made.match))
    muted = [one for one in door.alerts() if fits(one["labels"])]
    sys.stdout.write(f"it mutes {len(muted)} alert(s) that are not over\n")
    for one in muted[:_SHOWN]:
        sys.stdout.write(f"  {one['key']}  {one['state']}  {one['severity']}\n")
    if len(muted) > _SHOWN:
        sys.stdout.write(f"  and {len(muted) - _SHOWN} more\n")
    if not only_try:
        door.give("silence", silence=made.model_dump(mode="json", by_alias=True, exclude_none=True))
        sys.stdout.write(f"silence {made.id}: taken; `sqm alerts unsilence {made.id}` ends it\n")


@app.command(epilog=examples("sqm alerts unsilence moving-the-tills"))
def unsilence(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of the silence, as `sqm alerts silences` shows it.")],
    *,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    End a silence now: of what still fires, people are told.
    """
    open_door(url, token_file).give("unsilence", ends=name)
    sys.stdout.write(f"unsilence {name}: taken\n")


@app.command(epilog=examples("sqm alerts silences"))
def silences(*, url: Url = DEFAULT_URL, token_file: TokenFile = None) -> None:
    """
    List the silences: which hold now, until when, whose, and why.
    """
    found = open_door(url, token_file).silences()
    for one in found:
        fits = " ".join(f"{label}={','.join(globs)}" for label, globs in one["match"].items())
        end = f"until {one['until']}" if "until" in one else "comes again"
        state = "holds" if one["holds"] else "does not hold"
        sys.stdout.write(f"{one['id']}  {state}  {fits}  {end}  {one['author']}: {one['reason']}\n")
    sys.stdout.write(f"{len(found)} silence(s)\n")


def _made(match: list[str], reason: str, now: int, end: int, name: str | None) -> "Silence":
    from pydantic import ValidationError  # noqa: PLC0415  (as above)

    from schemas.alert_routes import Silence  # noqa: PLC0415
    from schemas.base import format_instant  # noqa: PLC0415
    from services.cli.alerting.labels import read_label  # noqa: PLC0415

    labels: dict[str, list[str]] = {}
    for text in match:
        label, value = read_label(text, "--match")
        labels.setdefault(label, []).append(value)
    said = {
        "id": name or f"by-hand-{now}", "match": labels, "from": format_instant(now), "until": format_instant(end),
        "author": "command-line", "reason": reason,
    }  # fmt: skip
    try:
        return Silence.model_validate(said)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise Misconfigured(f"silence: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
