"""
`sqm metrics`: every metric that a standard can be held to, by name.
"""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.spelling import meant
from services.cli.examples import examples
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from domain.metrics import Metric

app = typer.Typer(add_completion=False, help="List the metrics by name, or say all about one.")

__all__ = ["app"]


class Form(StrEnum):
    """
    How the catalogue is written.
    """

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


@app.command(
    epilog=examples("sqm metrics", "sqm metrics sl_short_excluded", "sqm metrics --format json", "sqm metrics nps")
)
def metrics(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One metric.", show_default=False)] = None,
    *,
    form: Annotated[
        Form, typer.Option("--format", help="table for people, json for programs, markdown for the page of all.")
    ] = Form.TABLE,
) -> None:
    """
    List every metric with its formula, or tell one whole: unit, attribution, source, and what it gives of which sums.
    """
    from domain.catalogue import CATALOGUE  # noqa: PLC0415  (help must be quick)
    from services.cli.metric_page import markdown  # noqa: PLC0415

    if name is not None and name not in CATALOGUE:
        hint = meant(name, CATALOGUE, "`sqm metrics` lists them")
        raise Rejected("unknown_metric", f"there is no metric {name[:60]!r}; {hint}")
    chosen = list(CATALOGUE.values()) if name is None else [CATALOGUE[name]]
    if form is Form.JSON:
        sys.stdout.write(json.dumps([_document(one) for one in chosen], indent=2, ensure_ascii=False) + "\n")
    elif form is Form.MARKDOWN:
        sys.stdout.write(markdown())
    elif name is None:
        _write_table(chosen)
    else:
        _tell(chosen[0])


def _document(metric: "Metric[Any]") -> dict[str, Any]:
    facts = metric._asdict()
    facts["checks"] = [{"of": _sums(check.sums), "figure": check.figure} for check in metric.checks]
    return {key: value for key, value in facts.items() if key != "pair"}


def _tell(metric: "Metric[Any]") -> None:
    from domain.metrics import UNITS  # noqa: PLC0415  (help must be quick)
    from services.cli.metric_page import given  # noqa: PLC0415  (help must be quick)

    facts = (
        ("formula", metric.formula),
        ("unit", f"{metric.unit}: {UNITS[metric.unit][0]}"),
        ("better", metric.better),
        ("kinds", ", ".join(metric.kinds)),
        ("counted at", metric.attribution),
        ("no value", metric.nothing),
        ("source", metric.source),
        *(("of", f"{_sums(check.sums)}: {given(metric, check) or 'no value'}") for check in metric.checks),
    )
    sys.stdout.write(f"{metric.name}\n" + "".join(f"  {word:<10}  {text}\n" for word, text in facts))


def _write_table(chosen: "list[Metric[Any]]") -> None:
    from rich.table import Table  # noqa: PLC0415  (help must be quick)

    from services.cli.terminal import console  # noqa: PLC0415  (help must be quick)

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("metric", "unit", "better", "formula"):
        table.add_column(title, overflow="fold", no_wrap=title != "formula")
    for one in chosen:
        table.add_row(one.name, one.unit, one.better, one.formula)
    console().print(table)


def _sums(sums: object) -> str:
    from services.cli.metric_page import sums_of  # noqa: PLC0415  (help must be quick)

    return sums_of(sums)
