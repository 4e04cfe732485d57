"""
Verdicts as `sqm replay --out` wrote them into a folder, for `sqm explain`.
"""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from schemas.outcomes import MEASUREMENTS, VIOLATIONS
from schemas.standards import DOCUMENTS, Standard
from services.cli.verdict_choice import NEAR, Outcome, Revisions, in_order, of_one_journey, unknown
from services.runtime.errors import Misconfigured

__all__ = ["find", "standards_in"]

_MEASUREMENTS: Final = "measurements.ndjson"
_VIOLATIONS: Final = "violations.ndjson"
_STANDARDS: Final = "standards.ndjson"
_KEPT_FOR_NEAR: Final = 20_000


def find(out: Path, name: str) -> list[Revisions]:
    """
    Find what was said under the id; else all that a single journey has whose ids contain it.
    """
    if not out.is_dir():
        raise Misconfigured(f"{out}: there is no such folder; `sqm replay … --out {out}` makes it")
    exact: list[Outcome] = []
    partly: dict[str, list[Outcome]] = {}
    ids: list[str] = []
    for file, line, raw in _lines(out):
        ident = _id_of(raw)
        if ident is None:
            raise Misconfigured(f"{file}:{line}: no outcome with an id; is this a file of `sqm replay --out`?")
        if ident == name:
            exact.append(_outcome(raw, file, line))
        elif name in ident and (ident in partly or len(partly) <= NEAR):
            partly.setdefault(ident, []).append(_outcome(raw, file, line))
        if len(ids) < _KEPT_FOR_NEAR:
            ids.append(ident)
    if exact:
        return [in_order(exact)]
    chosen = of_one_journey({ident: in_order(said) for ident, said in partly.items()})
    if chosen:
        return chosen
    near = sorted(partly)[:NEAR] or difflib.get_close_matches(name, ids, n=NEAR, cutoff=0.6)
    raise unknown(name, near, str(out), several=bool(partly))


def standards_in(out: Path) -> list[Standard]:
    """
    Read the standards that the replay judged by.
    """
    if not (out / _STANDARDS).is_file():
        return []
    lines = (out / _STANDARDS).read_bytes().splitlines()
    documents = [DOCUMENTS.validate_json(raw) for raw in lines if raw.strip()]
    return [one for one in documents if isinstance(one, Standard)]


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
