"""
Commands about one alert of the running service: acknowledge it, hand it over, say what you think of it.
"""

import sys
from typing import Annotated

import typer

from schemas.alert_commands import Verdict
from services.cli.alerting.door import DEFAULT_URL, TokenFile, Url, open_door
from services.cli.examples import examples
from services.runtime.errors import Misconfigured

app = typer.Typer()

__all__ = ["app"]

Key = Annotated[str, typer.Argument(metavar="ALERT", help="Key of the alert, as `sqm alerts list` shows it.")]
Note = Annotated[str | None, typer.Option("--note", help="What you want to say about it.")]
_FOR = typer.Option(
    "--for", metavar="DURATION", help="For how long: then you are reminded. Until it is over, if not said."
)
_UNTIL = typer.Option("--until", metavar="TIME", help="Until when, instead of --for.")
For = Annotated[str | None, _FOR]
Until = Annotated[str | None, _UNTIL]
_KEY = "'wait|queue:branch-1/tills'"


@app.command("ack", hidden=True)
@app.command(
    epilog=examples(f"sqm alerts acknowledge {_KEY}", f"sqm alerts ack {_KEY} --for 30m --note 'Two more tills'")
)
def acknowledge(
    alert: Key, *, lasts: For = None, until: Until = None, note: Note = None, url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:  # fmt: skip
    """
    Take an alert on: nobody else is called. Also `sqm alerts ack`.
    """
    _give("acknowledge", alert, url, token_file, until=_end(lasts, until), note=note)


@app.command("unack", hidden=True)
@app.command(epilog=examples(f"sqm alerts unacknowledge {_KEY}"))
def unacknowledge(alert: Key, *, note: Note = None, url: Url = DEFAULT_URL, token_file: TokenFile = None) -> None:
    """
    Give an alert back: people are called again. Also `sqm alerts unack`.
    """
    _give("unacknowledge", alert, url, token_file, note=note)


@app.command(epilog=examples(f"sqm alerts resolve {_KEY} --note 'The sensor was broken'"))
def resolve(alert: Key, *, note: Note = None, url: Url = DEFAULT_URL, token_file: TokenFile = None) -> None:
    """
    End an alert by hand. What violates the standard anew raises it again.
    """
    _give("resolve", alert, url, token_file, note=note)


@app.command(epilog=examples(f"sqm alerts comment {_KEY} 'The lift is out of order'"))
def comment(
    alert: Key,
    note: Annotated[str, typer.Argument(metavar="TEXT", help="What you want to say.")],
    *,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Say something about an alert; it is in the messages from now on.
    """
    _give("comment", alert, url, token_file, note=note)


@app.command(epilog=examples(f"sqm alerts escalate {_KEY}"))
def escalate(alert: Key, *, note: Note = None, url: Url = DEFAULT_URL, token_file: TokenFile = None) -> None:
    """
    Tell those of the next step of its escalation now.
    """
    _give("escalate", alert, url, token_file, note=note)


@app.command("hand-over", epilog=examples(f"sqm alerts hand-over {_KEY} anna --note 'Knows the depot'"))
def hand_over(
    alert: Key,
    to: Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person who takes it.")],
    *,
    lasts: For = None,
    until: Until = None,
    note: Note = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Give an alert to somebody else, who is told.
    """
    _give("hand_over", alert, url, token_file, to=to, until=_end(lasts, until), note=note)


@app.command(epilog=examples(f"sqm alerts feedback {_KEY} false --note 'A rehearsal'"))
def feedback(
    alert: Key,
    verdict: Annotated[Verdict, typer.Argument(metavar="VERDICT", help="useful, false, not_actionable or too_late.")],
    *,
    note: Note = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
) -> None:
    """
    Say whether an alert was worth it, also when it is over; it is kept for the correction of the standard.
    """
    _give("feedback", alert, url, token_file, verdict=verdict, note=note)


def _give(action: str, alert: str, url: str, token_file: TokenFile, **said: object) -> None:
    given = open_door(url, token_file).give(action, alert=alert, **said)
    sys.stdout.write(f"{action.replace('_', ' ')}: taken as {given}\n")


def _end(lasts: str | None, until: str | None) -> int | None:
    from services.cli.alerting.spans import end_of  # noqa: PLC0415  (as below)
    from services.runtime.clock import SystemClock  # noqa: PLC0415  (imported here, so that --help answers at once)

    if lasts is not None and until is not None:
        raise Misconfigured("--for and --until are both given; keep one")
    return end_of(lasts, until, SystemClock().now_ms())
