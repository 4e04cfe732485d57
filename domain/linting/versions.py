"""
Versions: whether each is ever in force, follows the one before, says something new, and begins in the future; and
whether a retirement ends anything.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from domain.linting.clocked import FOR_EVER, in_force
from domain.linting.findings import Finding, Papers, Written
from domain.linting.rules import Rule
from schemas.base import format_instant, to_millis
from schemas.retirements import Retirement
from schemas.standards import WORDING, Standard, Versioned, document_key

_FROM, _UNTIL, _VERSION = (("metadata", name) for name in ("effective_from", "effective_until", "version"))


def lint_versions(papers: Papers) -> Iterator[Finding]:
    """
    Look at the versions of standards and calendars, and at retirements.
    """
    published = {document_key(one): one for one in papers.published}
    families: defaultdict[tuple[str, str], list[tuple[Written | None, Versioned]]] = defaultdict(list)
    for written in papers.numbered:
        document = written.document
        if not isinstance(document, Versioned):
            continue
        held = published.get(document_key(document))
        families[document.kind, document.metadata.id].append((written, document))
        if isinstance(held, Versioned) and held.meaning() != document.meaning():
            problem = f"version {document.metadata.version} is published and means something else"
            yield written.finding(Rule.MEANING_CHANGED, _VERSION, problem)
        elif held is None:
            yield from _retroactive(papers, written, document)
    ours = {document_key(one) for one in papers.documents}
    for other in papers.published:
        if isinstance(other, Versioned) and document_key(other) not in ours:
            families[other.kind, other.metadata.id].append((None, other))
    for family in families.values():
        yield from _family(sorted(family, key=lambda one: (in_force(one[1])[0], one[1].metadata.version)))
    yield from _retirements(papers)


def _retroactive(papers: Papers, written: Written, document: Versioned) -> Iterator[Finding]:
    begins = in_force(document)[0]
    if papers.now is not None and begins < papers.now:
        problem = f"{format_instant(begins)} is past at {format_instant(papers.now)}"
        yield written.finding(Rule.RETROACTIVE, _FROM, problem)


def _family(versions: list[tuple[Written | None, Versioned]]) -> Iterator[Finding]:
    for (written, one), (next_written, following) in pairwise(versions):
        (begins, ends), (next_begins, _) = in_force(one), in_force(following)
        told, then = f"version {one.metadata.version}", f"version {following.metadata.version}"
        if begins == next_begins:
            if written is not None:
                problem = f"{told} never holds: {then} begins at the same instant, {format_instant(begins)}"
                yield written.finding(Rule.VERSION_NEVER_IN_FORCE, _FROM, problem)
            continue
        if one.metadata.version > following.metadata.version:
            place = written or next_written
            if place is not None:
                problem = f"{told} begins {format_instant(begins)}, before {then} ({format_instant(next_begins)})"
                yield place.finding(Rule.VERSIONS_OUT_OF_ORDER, _FROM, problem)
            continue
        if written is not None and next_begins < ends < FOR_EVER:
            problem = f"{told} says that it ends {format_instant(ends)}; {then} begins {format_instant(next_begins)}"
            yield written.finding(Rule.VERSIONS_OVERLAP, _UNTIL, problem)
        if next_written is not None and ends < next_begins:
            problem = f"{told} ends {format_instant(ends)}; {then} begins {format_instant(next_begins)}"
            yield next_written.finding(Rule.VERSIONS_LEAVE_GAP, _FROM, problem)
        elif next_written is not None and _said(one) == _said(following):
            fix = f"write the new words into version {one.metadata.version}"
            yield next_written.finding(Rule.ONLY_REWORDS, _VERSION, f"{then} means what {told} means", fix)


def _said(document: Versioned) -> str:
    """
    What a version demands, without its number, its words and when it begins.
    """
    dumped: dict[str, Any] = document.model_dump(mode="json", by_alias=True)
    for name in (*WORDING, "version", "effective_from"):
        dumped["metadata"].pop(name, None)
    return json.dumps(dumped, sort_keys=True)


def _retirements(papers: Papers) -> Iterator[Finding]:
    for written, retirement in papers.written(Retirement):
        meta = retirement.metadata
        begins = [in_force(one)[0] for one in papers.known(Standard) if one.metadata.id == meta.id]
        at = to_millis(meta.retired_at)
        if not begins:
            problem = f"no standard is called {meta.id!r}"
            yield written.finding(Rule.RETIRES_UNKNOWN, ("metadata", "id"), problem)
        elif at <= min(begins):
            problem = f"no version of {meta.id} began before {format_instant(at)}"
            yield written.finding(Rule.RETIRES_NOTHING, ("metadata", "retired_at"), problem)


__all__ = ["lint_versions"]
