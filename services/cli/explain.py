"""
`sqm explain`: one verdict in plain words, from history or from the files that `sqm replay --out` wrote.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import TypeAdapter

from domain.explanations import Explanation, explain_measurement, explain_scope, explain_violation
from domain.wording import told
from schemas.outcomes import Measurement, Violation
from schemas.standards import Standard
from services.cli.examples import examples
from services.cli.forms import Form
from services.cli.instants import read_zone
from services.cli.languages import spoken
from services.cli.told_folder import find, standards_in
from services.cli.verdict_choice import NEAR, Revisions, of_one_journey, unknown
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import read_documents_of, require

app = typer.Typer(add_completion=False, help="Say in plain words why one verdict is what it is.")

__all__ = ["app", "explained_of"]

_LONGEST_ID: Final = 512

Told = tuple[Revisions, Standard | None]
"""A verdict with all its revisions, and the standard to quote, where its text is at hand."""


@app.command(
    epilog=examples(
        "sqm explain m:bank-wait@1:0:bank:990101-AA0101-33116-7:08:27 --out january/",
        "sqm explain 33116 --out january/ --zone Asia/Jerusalem   (part of an id will do, if only one has it)",
        "sqm explain C0042 --zone Europe/Riga --language lv              (of the live line, as history holds it)",
        "sqm explain C0042 --format json",
    )
)
def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a measurement or violation, or a part of it.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="The folder that `sqm replay --out` wrote; history if not given.")
    ] = None,
    standards: Annotated[
        Path | None, typer.Option(help="Standards to quote; those of the folder, or of history, if not given.")
    ] = None,
    zone: Annotated[str, typer.Option(help="IANA time zone for the times that are shown.")] = "UTC",
    language: Annotated[
        str | None, typer.Option(help="en, ru or lv; if not given, that of the environment, else English.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="text for people; json for programs, which is the same in every language.")
    ] = Form.TEXT,
    url: Annotated[
        str | None, typer.Option(help="Address of a history service; by default as for `sqm history`.")
    ] = None,
) -> None:
    """
    Tell one verdict in plain words: what was reported, how the clock ran, the limit, the standard, and why.

    Of the live line, as history holds it; with --out, of a replay.
    """
    shown_in, catalogue = read_zone(zone), spoken(language)
    if out is not None and url is not None:
        raise Misconfigured("--out and --url: a verdict is in one place; leave one of them out")
    name = name[:_LONGEST_ID]
    found = _in_history(name, url, standards) if out is None else _in_folder(name, out, standards)
    explained = [explained_of(said, standard) for said, standard in found]
    if form is Form.JSON:
        sys.stdout.write(TypeAdapter(list[Explanation]).dump_json(explained, indent=1).decode() + "\n")
    else:
        sys.stdout.write("\n\n".join(told(one, shown_in, catalogue) + "\n" for one in explained))


def _in_folder(name: str, out: Path, standards: Path | None) -> list[Told]:
    found = find(out, name)
    texts = _by_version(standards_in(out) if standards is None else _read(standards))
    return [(said, texts.get((said[-1].standard, said[-1].version))) for said in found]


def _in_history(name: str, url: str | None, standards: Path | None) -> list[Told]:
    from services.cli.history_door import open_door  # noqa: PLC0415  (heavy, and help must be quick)
    from services.cli.told_history import revisions_of, standard_of, verdicts_like  # noqa: PLC0415

    texts = {} if standards is None else _by_version(_read(standards))
    with open_door(url) as door:
        partly: dict[str, Revisions] = {one.id: [one] for one in verdicts_like(door, name)}
        chosen = [partly[name]] if name in partly else of_one_journey(partly)
        if not chosen:
            raise unknown(name, sorted(partly)[:NEAR], "history", several=bool(partly))
        return [
            (
                revisions_of(door, one),
                texts.get((one.standard, one.version)) or standard_of(door, one.standard, one.version),
            )
            for [one] in chosen
        ]


def explained_of(said: Revisions, standard: Standard | None) -> Explanation:
    """
    Explain a verdict with all that is known to have been said under its id, the earliest first.
    """
    *earlier, last = said
    if isinstance(last, Measurement):
        return explain_measurement(last, standard, [one for one in earlier if isinstance(one, Measurement)])
    if last.scope is not None:
        return explain_scope(last, standard)
    return explain_violation(last, standard, [one for one in earlier if isinstance(one, Violation)])


def _read(path: Path) -> list[Standard]:
    documents = (one.document for one in require(read_documents_of([path])))
    return [one for one in documents if isinstance(one, Standard)]


def _by_version(standards: Iterable[Standard]) -> dict[tuple[str, int], Standard]:
    return {(one.metadata.id, one.metadata.version): one for one in standards}
