"""
`sqm mapping`: check a mapping, and see what it makes of the first rows of a file.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.base import DAY_MS
from services.cli.examples import examples

if TYPE_CHECKING:
    from services.ingest.engine.mapping import CompiledMapping
    from services.ingest.engine.rows import Row

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check mappings, and try them on a file.")

__all__ = ["app"]

Document = Annotated[Path, typer.Argument(metavar="MAPPING", help="A YAML file of kind Mapping.", show_default=False)]
Options = Annotated[list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the mapping.")]


@app.command(epilog=examples("sqm mapping check deploy/mappings/anonymous-bank.yaml"))
def check(mapping: Document, *, option: Options = None) -> None:
    """
    Check a mapping without a file: every name, expression and fact; faults are told with file, line and field.
    """
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415  (--help answers at once)

    document = read_mapping(mapping, parse_options(option or ())).document
    sys.stdout.write(
        f"ok: {document.metadata.id}, {len(document.columns)} columns, {len(document.events)} events "
        f"({', '.join(rule.key for rule in document.events)})\n"
    )


@app.command(
    "try",
    epilog=examples(
        "sqm mapping try deploy/mappings/anonymous-bank.yaml january.txt",
        "sqm mapping try my-bank.yaml calls.csv --rows 3 --from-line 7314",
        "sqm mapping try my-bank.yaml calls.csv --json | head",
    ),
)
def try_(
    mapping: Document,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that it should read.", show_default=False)],
    *,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows to show.")] = 5,
    from_line: Annotated[int, typer.Option(min=1, help="Leave out what stands before this line.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Only the events, one CloudEvent a line.")] = False,
    option: Options = None,
) -> None:
    """
    Show the first rows of a file, what each name means for them, and the events that they become. Nothing is sent.
    """
    from services.cli.mapping_files import open_file, parse_options, read_mapping  # noqa: PLC0415  (as above)
    from services.ingest.engine.rows import RejectedRow  # noqa: PLC0415  (as above)

    compiled = read_mapping(mapping, parse_options(option or ()))
    shown = rejected = 0
    with open_file(file) as stream:
        for row in compiled.read(stream, str(file)):
            if row.line < from_line and not (isinstance(row, RejectedRow) and not row.reason.concerns_a_row):
                continue
            shown += 1
            if isinstance(row, RejectedRow):
                rejected += 1
                _say_rejected(row, as_json=as_json)
            else:
                rejected += not _show(compiled, row, str(file), as_json=as_json)
            if shown >= rows:
                break
    if not shown:
        sys.stderr.write(f"{file}: no rows" + (f" from line {from_line} on\n" if from_line > 1 else "\n"))
    if rejected:
        raise typer.Exit(1)


def _show(compiled: "CompiledMapping", row: "Row", file: str, *, as_json: bool) -> bool:
    from services.cli.event_lines import event_line  # noqa: PLC0415  (as above)
    from services.ingest.engine.mapped import cloud_event  # noqa: PLC0415  (as above)
    from services.ingest.engine.rows import RejectedRow  # noqa: PLC0415  (as above)

    events = compiled.events(row, file)
    if not as_json:
        fields = dict(zip(compiled.document.columns, row.fields, strict=True))
        sys.stdout.write(f"line {row.line}\n")
        for name, value in compiled.values_of(row).items() or fields.items():
            written = fields.get(name)
            meaning = _meaning(value)
            same = written is None or str(value) == written
            sys.stdout.write(f"  {name:<14} " + (f"{meaning}\n" if same else f"{written!r} → {meaning}\n"))
    if isinstance(events, RejectedRow):
        _say_rejected(events, as_json=as_json)
        return False
    if not events and not as_json:
        sys.stdout.write("  no event: no condition holds\n")
    for event in events:
        told = cloud_event(event)
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n" if as_json else event_line(told))
    return True


def _say_rejected(row: object, *, as_json: bool) -> None:
    (sys.stderr if as_json else sys.stdout).write(f"  rejected: {row}\n" if not as_json else f"{row}\n")


def _meaning(value: object) -> str:
    from schemas.base import format_instant  # noqa: PLC0415  (as above)

    if value is None:
        return "absent"
    if type(value) is int and DAY_MS < value < _YEAR_3000_MS:
        return f"{value} ({format_instant(value)})"
    return repr(value) if isinstance(value, str) else str(value)


_YEAR_3000_MS = 32_503_680_000_000
