"""
What history holds, as commands read it: verdicts of the live line, standards, sites and agreed outages, as of now.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.exclusions import Exclusion
from schemas.outcomes import MEASUREMENTS, VIOLATIONS, Measurement
from schemas.register import Site
from schemas.spelling import meant
from schemas.standards import PUBLISHED, AnyDocument, Published, Standard
from schemas.tables import MEASUREMENTS_TABLE, VIOLATIONS_TABLE
from services.cli.history_door import Door
from services.cli.verdict_choice import Outcome, Revisions, in_order
from services.history.engine import (
    AGREEMENTS_SQL,
    HELD_SQL,
    PUBLICATIONS_SQL,
    VERDICT_TABLES,
    Agreements,
    Group,
    LeftOut,
    Question,
    message_of,
    revisions_sql,
    verdicts_sql,
)
from services.runtime.errors import Rejected
from services.sla.shell.catalogue import Catalogue

__all__ = [
    "agreements_of",
    "documents_of",
    "left_out_of",
    "publications_of",
    "register_of",
    "require_outcomes",
    "require_versions",
    "revisions_of",
    "standard_of",
    "verdicts_like",
]

_MOST: Final = 20


def verdicts_like(door: Door, name: str) -> list[Outcome]:
    """
    Return the verdicts whose id contains the name, of each kind the one with exactly that id first, and not more than
    anybody would read.
    """
    found: list[Outcome] = []
    for table in VERDICT_TABLES:
        adapter = MEASUREMENTS if table is MEASUREMENTS_TABLE else VIOLATIONS
        rows = door.rows(verdicts_sql(table), {"name": name, "most": _MOST})
        found += [adapter.validate_python(message_of(table, row)) for row in rows]
    return found


def revisions_of(door: Door, verdict: Outcome) -> Revisions:
    """
    Return what history still has of what was said under the id of a verdict, the earliest first; the verdict is the
    last.
    """
    table = MEASUREMENTS_TABLE if isinstance(verdict, Measurement) else VIOLATIONS_TABLE
    adapter = MEASUREMENTS if isinstance(verdict, Measurement) else VIOLATIONS
    rows = door.rows(revisions_sql(table), {"name": verdict.id, "most": _MOST})
    return in_order([*(adapter.validate_python(message_of(table, row)) for row in rows), verdict])


def standard_of(door: Door, name: str, version: int) -> Standard | None:
    """
    Return a version of a standard in its latest words, where history holds its publication.
    """
    held = Catalogue(publications_of(door, name)).standards(name)
    return next((one for one in held if one.metadata.version == version), None)


def require_outcomes(door: Door, question: Question) -> None:
    """
    Raise Rejected where history has no outcome of the standard at all, or none of the version, with what it has.
    """
    held: dict[str, list[int]] = {}
    for row in door.rows(HELD_SQL):
        held.setdefault(str(row["standard"]), []).append(int(row["version"]))
    if not held:
        raise Rejected("unknown", "history has no outcomes yet; does the history service run?")
    if question.standard not in held:
        hint = meant(question.standard, held, f"it has {', '.join(held)}")
        raise Rejected("unknown", f"history has no outcomes of a standard {question.standard[:80]!r}; {hint}")
    versions = held[question.standard]
    if question.version not in (None, *versions):
        told = ", ".join(map(str, versions))
        raise Rejected("unknown", f"history has no version {question.version} of {question.standard}; it has {told}")


def require_versions(door: Door, name: str, version: int | None) -> list[Standard]:
    """
    Return the published versions of a standard in their order; raise Rejected where there is none, or not that one.
    """
    versions = Catalogue(publications_of(door, name)).standards(name)
    if not versions:
        known = [str(row["standard"]) for row in door.rows(HELD_SQL)]
        hint = meant(name, known, "`sqm standards list` shows what is published")
        raise Rejected("unknown", f"history holds no standard {name[:80]!r}; {hint}")
    held = [one.metadata.version for one in versions]
    if version not in (None, *held):
        raise Rejected("unknown", f"{name} has no version {version}; history holds {', '.join(map(str, held))}")
    return versions


def agreements_of(door: Door, question: Question) -> Agreements:
    """
    Return the agreed outages that may change the answer to a question, as they read now.
    """
    exclusions, sites = register_of(door)
    return Agreements.of(question, exclusions, {one.metadata.id: one.metadata.region for one in sites})


def left_out_of(door: Door, agreements: Agreements) -> dict[Group, LeftOut]:
    """
    Return what agreed outages leave out of the answer; nobody is asked where there are none.
    """
    return agreements.left_out(door.rows(*agreements.sql())) if agreements.exclusions else {}


def register_of(door: Door) -> tuple[list[Exclusion], list[Site]]:
    """
    Return every agreed outage and every site of the register, as they read now.
    """
    documents = documents_of(door, AGREEMENTS_SQL)
    return (
        [one for one in documents if isinstance(one, Exclusion)],
        [one for one in documents if isinstance(one, Site)],
    )


def documents_of(door: Door, sql: str) -> list[AnyDocument]:
    """
    Return the documents of the publications that a question finds.
    """
    return [one.document for one in _readable(door.rows(sql))]


def publications_of(door: Door, name: str) -> list[Published]:
    """
    Return every publication of a standard, oldest first. One that cannot be read is passed over, as every reader does.
    """
    return _readable(door.rows(PUBLICATIONS_SQL, {"id": name}))


def _readable(rows: Iterable[Mapping[str, Any]]) -> list[Published]:
    published = []
    for row in rows:
        try:
            published.append(PUBLISHED.validate_json(row["raw"]))
        except ValidationError:
            continue
    return published
