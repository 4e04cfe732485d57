"""
`sqm history first-contact`: whether contacts settled what they were about, wherever the customer came back.
"""

import csv
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from services.cli.examples import examples
from services.cli.forms import SheetForm, SheetOutput
from services.cli.history_door import open_door
from services.cli.history_options import From, Until, Url, chosen, read_span
from services.cli.sheets import cell
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from domain.statistics import Interval
    from services.history.engine import Contacts

app = typer.Typer()

__all__ = ["app"]

_METRIC: Final = "first_contact_resolution"


@app.command(
    "first-contact",
    epilog=examples(
        "sqm history first-contact --standard contact-first-contact --by site",
        "sqm history first-contact --standard contact-first-contact --from 2026-03-01T00:00:00Z --format json",
    ),
)
def first_contact(
    *,
    standard: Annotated[str, typer.Option(help="Id of a standard that counts per customer.")],
    version: Annotated[int | None, typer.Option(help="One version; by default each, for itself.")] = None,
    by: Annotated[str, typer.Option(help="Split by any of site, queue and hour (UTC), comma-separated.")] = "",
    since: From = None,
    until: Until = None,
    form: SheetOutput = SheetForm.TABLE,
    url: Url = None,
) -> None:
    """
    How many contacts settled it, across all sites: nobody came back anywhere within the standard's time.

    On the live line a site knows its own customers alone. A contact is provisional, and in no figure, until the time
    has passed by the last event that history has. Agreed outages are not left out here.
    """
    from services.cli.told_history import require_versions  # noqa: PLC0415  (help must be quick)
    from services.history.engine import CONTACTS_BY, By, contacts_of, contacts_sql, spans_of  # noqa: PLC0415  (as above)

    split = [By(name) for name in chosen(by, [str(one) for one in CONTACTS_BY], "--by")]
    from_ms, until_ms = read_span(since, until)
    with open_door(url) as door:
        versions = require_versions(door, standard, version)
        if not any(one.rate is not None and one.rate.within is not None for one in versions):
            raise Rejected("no_such_figure", f"{standard} counts nothing per customer; name a rate with per: customer")
        spans = spans_of(versions, from_ms, until_ms)
        wanted = [one for one in spans if version in (None, one.standard.metadata.version)]
        found = [contacts_of(one, split, row) for one in wanted for row in door.rows(*contacts_sql(one, split))]
    names = [str(one) for one in split]
    if form is SheetForm.JSON:
        sys.stdout.write(json.dumps([_document(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    elif form is SheetForm.CSV:
        _write_csv(found, names)
    else:
        _print(found, names)


def _interval(one: "Contacts") -> "Interval | None":
    from domain.statistics import share_interval  # noqa: PLC0415  (as above)

    return share_interval(one.good, one.total)


def _document(one: "Contacts") -> dict[str, Any]:
    from schemas.base import format_instant  # noqa: PLC0415  (as above)
    from services.cli.history_figures import groups_of  # noqa: PLC0415  (as above)

    told = one._asdict() | {"metric": _METRIC, "value": one.good / one.total if one.total else None}
    return told | {"interval": _interval(one), "as_of": format_instant(one.as_of), "by": groups_of(one.by)}


def _write_csv(found: "Sequence[Contacts]", by: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    numbers = ("value", "good", "total", "provisional", "elsewhere", "as_of")
    writer.writerow(["standard", "version", *by, *numbers])
    for one in map(_document, found):
        writer.writerow(
            [one["standard"], one["version"], *map(cell, one["by"].values()), *(one[name] for name in numbers)]
        )


def _print(found: "Sequence[Contacts]", by: Sequence[str]) -> None:
    from schemas.base import format_instant  # noqa: PLC0415  (as above)
    from services.cli.figure_tables import Line, print_figures  # noqa: PLC0415  (as above)
    from services.cli.figure_words import likely, shown  # noqa: PLC0415  (as above)
    from services.cli.history_figures import cells_of, titles_of  # noqa: PLC0415  (as above)
    from services.cli.terminal import console  # noqa: PLC0415  (as above)

    if not found:
        sys.stdout.write("no contacts of this standard in this span\n")
        return
    lines = [
        Line(
            (f"{one.standard}@{one.version}", *cells_of(one.by)),
            f"{one.total:,}",
            {
                _METRIC: shown(_METRIC, one.good, one.total),
                f"{_METRIC} likely": likely(_METRIC, _interval(one)),
                "came back elsewhere": f"{one.elsewhere:,}",
                "provisional": f"{one.provisional:,}",
            },
        )
        for one in found
    ]
    print_figures(console(), ["standard", *titles_of(by)], list(lines[0].figures), lines)
    if any(one.provisional for one in found):
        sys.stdout.write(f"provisional: may still come back, as of {format_instant(max(one.as_of for one in found))}\n")
