"""
`sqm explain`: one verdict in plain words, from history or from the files that `sqm replay --out` wrote.
"""

import difflib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from domain.explanations import Explanation, explain_measurement, explain_violation, told
from schemas.outcomes import MEASUREMENTS, VIOLATIONS, Measurement, Violation
from schemas.standards import DOCUMENTS, Standard
from services.cli.examples import examples
from services.cli.instants import read_zone
from services.cli.revisions import supersedes
from services.runtime.errors import Misconfigured, Rejected
from services.sla.shell.documents import read_documents_of, require

app = typer.Typer(add_completion=False, help="Say in plain words why one verdict is what it is.")

__all__ = ["app"]

_MEASUREMENTS: Final = "measurements.ndjson"
_VIOLATIONS: Final = "violations.ndjson"
_STANDARDS: Final = "standards.ndjson"
_LONGEST_ID: Final = 512
_NEAR: Final = 5
_KEPT_FOR_NEAR: Final = 20_000

Outcome = Measurement | Violation
Told = tuple[Outcome, Standard | None]
"""A verdict, and the standard to quote, where its text is at hand."""


@app.command(
    epilog=examples(
        "sqm explain m:bank-wait@1:0:bank:990101-AA0101-33116-7:08:27 --out january/",
        "sqm explain 33116 --out january/ --zone Asia/Jerusalem   (part of an id will do, if only one has it)",
        "sqm explain C0042 --zone Europe/Berlin                          (of the live line, as history holds it)",
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
    url: Annotated[
        str | None, typer.Option(help="Address of a history service; by default as for `sqm history`.")
    ] = None,
) -> None:
    """
    Tell one verdict in plain words: what was reported, how the clock ran, the limit, the standard, and why.

    Of the live line, as history holds it; with --out, of a replay.
    """
    shown_in = read_zone(zone)
    if out is not None and url is not None:
        raise Misconfigured("--out and --url: a verdict is in one place; leave one of them out")
    told_by = _in_history(name[:_LONGEST_ID], url, standards) if out is None else _in_folder(name, out, standards)
    for place, (verdict, standard) in enumerate(told_by):
        sys.stdout.write(("\n\n" if place else "") + told(_explained(verdict, standard), shown_in) + "\n")


def _in_folder(name: str, out: Path, standards: Path | None) -> list[Told]:
    texts = _standards(out, standards)
    return [(one, texts.get((one.standard, one.version))) for one in _find(out, name[:_LONGEST_ID])]


def _in_history(name: str, url: str | None, standards: Path | None) -> list[Told]:
    from services.cli.history_door import open_door  # noqa: PLC0415  (heavy, and help must be quick)
    from services.cli.told_history import standard_of, verdicts_like  # noqa: PLC0415

    texts = {} if standards is None else _texts(standards)
    with open_door(url) as door:
        partly = {one.id: one for one in verdicts_like(door, name)}
        chosen = [partly[name]] if name in partly else _of_one_journey(partly)
        if not chosen:
            raise _unknown(name, sorted(partly)[:_NEAR], "history", several=bool(partly))
        return [
            (one, texts.get((one.standard, one.version)) or standard_of(door, one.standard, one.version))
            for one in chosen
        ]


def _explained(verdict: Outcome, standard: Standard | None) -> Explanation:
    if isinstance(verdict, Measurement):
        return explain_measurement(verdict, standard)
    return explain_violation(verdict, standard)


def _find(out: Path, name: str) -> list[Outcome]:
    """
    Find the outcome with the id; else all that a single journey has whose ids contain it.
    """
    if not out.is_dir():
        raise Misconfigured(f"{out}: there is no such folder; `sqm replay … --out {out}` makes it")
    partly: dict[str, Outcome] = {}
    ids: list[str] = []
    exact: dict[str, Outcome] = {}
    for file, line, raw in _lines(out):
        ident = _id_of(raw)
        if ident is None:
            raise Misconfigured(f"{file}:{line}: no outcome with an id; is this a file of `sqm replay --out`?")
        if ident == name:
            _keep(exact, ident, _outcome(raw, file, line))
        elif name in ident and len(partly) <= _NEAR:
            _keep(partly, ident, _outcome(raw, file, line))
        if len(ids) < _KEPT_FOR_NEAR:
            ids.append(ident)
    if exact:
        return list(exact.values())
    chosen = _of_one_journey(partly)
    if chosen:
        return chosen
    near = sorted(partly)[:_NEAR] or difflib.get_close_matches(name, ids, n=_NEAR, cutoff=0.6)
    raise _unknown(name, near, str(out), several=bool(partly))


def _of_one_journey(partly: dict[str, Outcome]) -> list[Outcome]:
    """
    The outcomes that were found by a part of their ids, where all of them are of one journey and few; else none.
    """
    journeys = {(found.site, found.journey) for found in partly.values()}
    return [partly[ident] for ident in sorted(partly)] if len(journeys) == 1 and len(partly) <= _NEAR else []


def _unknown(name: str, near: list[str], place: str, *, several: bool) -> Rejected:
    if several:
        problem = f"several outcomes match {name!r}; write more of the id"
    else:
        problem = f"no outcome in {place} has the id {name!r}, or has it as a part"
    return Rejected("unknown_id", problem + ("; near are\n  " + "\n  ".join(near) if near else ""))


def _lines(out: Path) -> Iterator[tuple[Path, int, bytes]]:
    files = [file for file in (out / _MEASUREMENTS, out / _VIOLATIONS) if file.is_file()]
    if not files:
        raise Misconfigured(f"{out}: holds neither {_MEASUREMENTS} nor {_VIOLATIONS}; `sqm replay … --out {out}` does")
    for file in files:
        with file.open("rb") as stream:
            for line, raw in enumerate(stream, start=1):
                yield file, line, raw


def _id_of(raw: bytes) -> str | None:
    # A million lines are looked through: reading them whole would take a minute, finding their id a second.
    begin = raw.find(b'"id":"')
    end = raw.find(b'"', begin + 6)
    if begin < 0 or end < 0:
        return None
    return raw[begin + 6 : end].decode("utf-8", "replace")


def _outcome(raw: bytes, file: Path, line: int) -> Outcome:
    try:
        return MEASUREMENTS.validate_json(raw) if file.name == _MEASUREMENTS else VIOLATIONS.validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = f"{file}:{line}: {where}: {first['msg']}"
        raise Misconfigured(f"{problem}; write the folder anew with `sqm replay`") from error


def _keep(held: dict[str, Outcome], ident: str, found: Outcome) -> None:
    if supersedes(found, held.get(ident)):
        held[ident] = found


def _standards(out: Path, path: Path | None) -> dict[tuple[str, int], Standard]:
    if path is not None:
        return _texts(path)
    if (out / _STANDARDS).is_file():
        documents = [
            DOCUMENTS.validate_json(raw) for raw in (out / _STANDARDS).read_bytes().splitlines() if raw.strip()
        ]
    else:
        documents = []
    return _by_version(documents)


def _texts(path: Path) -> dict[tuple[str, int], Standard]:
    return _by_version(one.document for one in require(read_documents_of([path])))


def _by_version(documents: Iterable[object]) -> dict[tuple[str, int], Standard]:
    return {(one.metadata.id, one.metadata.version): one for one in documents if isinstance(one, Standard)}
