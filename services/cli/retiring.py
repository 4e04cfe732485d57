"""
`sqm standards retire`: the orderly end of a standard.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.examples import examples
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, Rejected

if TYPE_CHECKING:
    from schemas.retirements import Retirement
    from services.sla.shell.catalogue import Catalogue

app = typer.Typer()

__all__ = ["app"]


@app.command(
    epilog=examples(
        'sqm standards retire call-answer --in 2m --why "Calls are answered by another office."',
        'sqm standards retire call-answer --at 2027-01-01T00:00:00+01:00 --why "The office closes." --dry-run',
    )
)
def retire(
    name: Annotated[str, typer.Argument(metavar="ID", help="Which standard; all versions of it that are in force.")],
    *,
    why: Annotated[str, typer.Option(help="Why the promise is no longer made.")],
    at: Annotated[str | None, typer.Option(metavar="T", help="From which instant on, with its offset.")] = None,
    after: Annotated[str | None, typer.Option("--in", metavar="DURATION", help="How long from now, like 2m.")] = None,
    backdate: Annotated[
        bool, typer.Option("--backdate", help="Allow an instant that is less than a minute ahead: loading history.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and stop.")] = False,
    by: Annotated[str | None, typer.Option(help="Who retires it; the name of your login if not given.")] = None,
) -> None:
    """
    End a standard: from an instant on nobody is judged by it.

    Its clocks that still run end at that instant, kept or not, and its open violations are closed, both with the reason
    standard_retired. What ended before stands. The first retirement of an id stands for ever; a version that begins
    later puts the standard to work again.
    """
    import asyncio  # noqa: PLC0415  (--help answers at once)

    from schemas.base import format_instant  # noqa: PLC0415
    from schemas.standards import Published  # noqa: PLC0415
    from services.cli import publications  # noqa: PLC0415
    from services.sla.engine import Publication  # noqa: PLC0415
    from services.sla.shell.catalogue import Catalogue  # noqa: PLC0415

    now = SystemClock().now_ms()
    connection = publications.settings_connection()
    retired_at = _instant(at, after, now)
    catalogue = Catalogue(publications.connected(connection))
    document = _retirement(name, retired_at, why, catalogue)
    published = Published(document=document, published_at=now, published_by=publications.publisher(by))
    objection = catalogue.objection(published, backdate=backdate)
    if objection is not None:
        raise Rejected("refused", objection)
    versions = ", ".join(map(str, catalogue.ended_by(document.metadata)))
    told = f"{name} from {format_instant(retired_at)} on; ends version {versions}\n"
    if catalogue.effect_of(published) is Publication.UNCHANGED:
        sys.stdout.write(f"unchanged  {told}")
        return
    if dry_run:
        sys.stdout.write(f"would retire {told}")
        return
    if asyncio.run(publications.publish(connection, [published])):
        raise Rejected("lost", f"somebody retired {name} at the same moment, and theirs came first; look at it again")
    sys.stdout.write(f"retired    {told}")


def _retirement(name: str, retired_at: int, why: str, catalogue: "Catalogue") -> "Retirement":
    """
    Write the document; who owns the standard owns its end.
    """
    from pydantic import ValidationError  # noqa: PLC0415  (--help answers at once)

    from schemas.base import from_millis  # noqa: PLC0415
    from schemas.retirements import Retirement  # noqa: PLC0415

    if "@" in name:
        raise Misconfigured(f"{name[:80]}: a standard is retired with all its versions; leave out what follows the @")
    owners = [one.metadata.owner for one in catalogue.standards(name)]
    meta = {"id": name, "retired_at": from_millis(retired_at), "owner": owners[-1] if owners else "nobody", "why": why}
    try:
        return Retirement.model_validate({"apiVersion": "sqm/v1", "kind": "Retirement", "metadata": meta})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise Misconfigured(f"{fault['loc'][-1]}: {fault['msg']} (value {str(fault['input'])[:60]!r})") from error


def _instant(at: str | None, after: str | None, now: int) -> int:
    """
    Say when, from either of the two ways to say it.
    """
    from services.cli.instants import read_duration, read_instant  # noqa: PLC0415  (--help answers at once)

    instant = read_instant(at, "--at")
    if (instant is None) == (after is None):
        raise Misconfigured("say either --at, an instant like 2027-01-01T00:00:00Z, or --in, a duration like 2m")
    return now + read_duration(after or "", "--in") if instant is None else instant
