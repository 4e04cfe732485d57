"""
`sqm standards lint`: reads documents, a sample if there is one, and says what was found.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli.examples import examples
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import read_documents_of, require

app = typer.Typer()

__all__ = ["app"]


class Format(StrEnum):
    """
    How findings are written.
    """

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    """Of the rules only, for the documentation."""


@app.command(
    epilog=examples(
        "sqm standards lint standards/",
        "sqm standards lint drafts/ --against standards/ --strict",
        "sqm standards lint standards/ --events calls.csv --mapping deploy/mappings/anonymous-bank.yaml",
        "sqm standards lint standards/ --events events.jsonl --format json",
        "sqm standards lint --rules",
    )
)
def lint(  # noqa: PLR0913 - what a sample takes, and what the findings are for
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="YAML files, or folders of them.", show_default=False)
    ] = None,
    *,
    against: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="What is published already: files or folders.")
    ] = None,
    events: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A sample of events: with --mapping as it reads them, else CloudEvents."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="How the sample becomes events (kind: Mapping).")] = None,
    option: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the mapping.")] = None,
    now: Annotated[
        str | None,
        typer.Option(
            metavar="T", help="The present: what begins before it is new and retroactive; with --against, the clock's."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings, too, make the status 1.")] = False,
    output: Annotated[Format, typer.Option("--format", help="How to write the findings.")] = Format.TEXT,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules, and stop.")] = False,
) -> None:
    """
    Find what can be published and still does not do what its owner believes, with file, line and fix.

    The status is 1 where there is an error, with --strict also where there is a warning. Documents that belong together
    are linted together: the calendars and sites that a standard names, all versions of it.
    """
    from domain.linting import Severity  # noqa: PLC0415  (--help answers at once)
    from services.cli.instants import read_instant  # noqa: PLC0415
    from services.cli.linting import report  # noqa: PLC0415
    from services.cli.linting.sampling import gather  # noqa: PLC0415
    from services.cli.mapping_files import parse_options, read_mapping  # noqa: PLC0415

    if rules:
        listed = report.rules_as_markdown if output is Format.MARKDOWN else report.rules_as_text
        sys.stdout.writelines(f"{line}\n" for line in listed())
        return
    if output is Format.MARKDOWN:
        raise Misconfigured("--format markdown is for --rules; findings are written as text or json")
    if not paths:
        raise Misconfigured("PATH is missing: name a YAML file or a folder of them, or ask for --rules")
    if (mapping or option) and not events:
        raise Misconfigured("--mapping reads the sample; name its files with --events")
    compiled = read_mapping(mapping, parse_options(option or ())) if mapping else None
    sample = gather(events, compiled) if events else None
    present = read_instant(now, "--now")
    if present is None and against:
        present = SystemClock().now_ms()
    reading = read_documents_of(paths)
    published = require(read_documents_of(against)) if against else ()
    found = report.findings_of(reading, published, now=present, sample=sample)
    if output is Format.JSON:
        sys.stdout.write(report.as_json(found, reading) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in report.as_text(found, reading))
    if any(strict or one.severity is Severity.ERROR for one in found):
        raise typer.Exit(1)
