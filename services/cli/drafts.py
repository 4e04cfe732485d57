"""
Drafts beside what stands: what they change in meaning, what in wording alone, and whether their versions say so.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.standards import Versioned
from services.sla.shell.catalogue import differences
from services.sla.shell.documents import Found

__all__ = ["Line", "compare"]


class Line(NamedTuple):
    """
    A line of the comparison, and whether it names something that must be mended before publishing.
    """

    text: str
    fault: bool = False


def compare(old: Iterable[Found], new: Iterable[Found]) -> Iterator[Line]:
    """
    Compare the newest version of every document on either side, in the order of kinds and ids.
    """
    before, after = _newest(old), _newest(new)
    for name in sorted(before.keys() | after.keys()):
        held, draft = before.get(name), after.get(name)
        if held is None or draft is None:
            yield Line(f"{name}: " + ("only in the old" if draft is None else "new"))
        else:
            yield from _of_one(name, held, draft)


def _of_one(name: str, held: Found, draft: Found) -> Iterator[Line]:
    was, will_be = held.document, draft.document
    meaning = differences(was, will_be)
    wording = differences(was, will_be, of_wording=True)
    if not meaning and not wording and _version(held) == _version(draft):
        yield Line(f"{name}: the same")
        return
    yield Line(f"{name}: version {_version(held)} → {_version(draft)}" if _version(held) else f"{name}:")
    yield from (Line(f"  meaning  {line}") for line in meaning)
    yield from (Line(f"  wording  {line}") for line in wording)
    if not _version(held):
        return
    if meaning and _version(draft) <= _version(held):
        fix = f"set metadata.version to {_version(held) + 1}"
        yield Line(f"  fault    {draft.place}: another meaning needs a new version; {fix}", fault=True)
    elif not meaning and _version(draft) > _version(held):
        fix = f"set metadata.version back to {_version(held)}: it is published as a revision"
        yield Line(f"  fault    {draft.place}: other wording is no new version; {fix}", fault=True)


def _newest(found: Iterable[Found]) -> dict[str, Found]:
    newest: dict[str, Found] = {}
    for one in sorted(found, key=_version):
        newest[f"{one.document.kind} {one.document.metadata.id}"] = one
    return newest


def _version(found: Found) -> int:
    """
    The version of a standard or a calendar; 0 for what has none.
    """
    document = found.document
    return document.metadata.version if isinstance(document, Versioned) else 0
