"""
`sqm agent`: run the agent on a shop's machine, and ask the one that runs there how it is.
"""

import json
import sys
from typing import Annotated, Any, Final

import typer

from services.cli.examples import examples

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Keep what tills send until ingest has it, on a shop's machine."
)

__all__ = ["app"]

_Port = Annotated[int, typer.Option(help="Where the agent listens.", envvar="SQM_AGENT_HTTP_PORT")]
_PORT: Final = 8085
_TIMEOUT_SECONDS: Final = 10.0
_SHOWN: Final = 90


@app.command(epilog=examples("SQM_AGENT_URL=https://sqm.example SQM_AGENT_TOKEN_FILE=token.txt sqm agent run"))
def run() -> None:
    """
    Run the agent until SIGTERM or Ctrl-C. The same as `python -m services.agent`.

    Settings are environment variables, SQM_AGENT_…; they are logged at start.
    """
    from services.agent.app import main  # noqa: PLC0415  (help must be quick)

    raise typer.Exit(int(main()))


@app.command(epilog=examples("sqm agent status", "sqm agent status --json"))
def status(*, port: _Port = _PORT, as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """
    How much waits, why, and how far this machine's clock is off. Status 1 where somebody should look.
    """
    said = _asked("GET", port, "/v1/status")
    if as_json:
        sys.stdout.write(_json(said))
    else:
        for line in _told(said):
            sys.stdout.write(line + "\n")
    if said["refuses"] or said["trouble"] or said["dead"]:
        raise typer.Exit(1)


@app.command(epilog=examples("sqm agent dead", "sqm agent dead --retry"))
def dead(
    *,
    port: _Port = _PORT,
    retry: Annotated[bool, typer.Option("--retry", help="Send all of them again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """
    List what ingest refused for good, newest first, or send it again once the cause is mended.
    """
    if retry:
        again = _asked("POST", port, "/v1/dead/retry")["again"]
        sys.stdout.write(f"{again} wait again\n")
        return
    letters = _asked("GET", port, "/v1/dead")
    if as_json:
        sys.stdout.write(_json(letters))
        return
    for letter in letters:
        what = " ".join(str(letter[name]) for name in ("source", "id", "type") if letter.get(name)) or letter["path"]
        sys.stdout.write(f"{letter['refused_at']}  {letter['reason']}  {what[:_SHOWN]}\n")
        if letter["detail"]:
            sys.stdout.write(f"    {letter['detail']}\n")
    if not letters:
        sys.stdout.write("nothing was refused for good\n")


def _told(said: dict[str, Any]) -> list[str]:
    waiting = said["waiting"]
    room = f"{said['waiting_bytes']:,} of {said['backlog_bytes']:,} bytes"
    lines = [
        f"waiting    {waiting['events']:,} events, {waiting['requests']:,} requests; {room}",
        f"oldest     {said['oldest_waiting_ms'] / 1_000:,.1f} s",
        f"ingest     {said['url']}: {said['trouble'] or 'takes what is sent'}",
    ]
    if said["refuses"]:
        lines.append(f"REFUSES    new records: {said['refuses']}")
    if said["dead"]:
        lines.append(f"dead       {said['dead']:,} refused for good; `sqm agent dead` lists them")
    clock = said["clock"]
    ahead = f"{clock['ahead_ms']:+,} ms (± {clock['error_ms']:,})" if clock else "not compared yet"
    lines.append(f"clock      {ahead}")
    beat = said["heartbeat"]
    lines.append(f"heartbeat  {beat['source']}: {beat['trouble'] or 'taken'}" if beat else "heartbeat  none")
    return lines


def _asked(method: str, port: int, path: str) -> Any:  # noqa: ANN401  (whatever JSON it answers)
    import httpx  # noqa: PLC0415  (help must be quick)

    from services.runtime.errors import Rejected, Unreachable  # noqa: PLC0415  (as above)

    url = f"http://127.0.0.1:{port}{path}"
    try:
        answer = httpx.request(method, url, timeout=_TIMEOUT_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise Unreachable(f"no agent answers at {url} ({type(error).__name__}); is it running?") from error
    try:
        said = answer.json()
    except ValueError as error:
        raise Rejected("not_an_agent", f"{url} is no agent: it answers {answer.status_code}, and no JSON") from error
    if not answer.is_success:
        raise Rejected("refused", f"{url}: {said.get('detail', answer.status_code)}")
    return said


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
