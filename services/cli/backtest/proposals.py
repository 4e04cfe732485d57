"""
Proposals: drafts of standards that judge the past beside those that were in force, all in one pass over the events.

A proposal judges as if it had been in force all along: its own effective dates are passed over, by name. What it is
compared with keeps its dates, and of its versions the one in force at the arrival of a journey judges that journey.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.base import EPOCH
from schemas.corrective_actions import CorrectiveAction
from schemas.exclusions import Exclusion
from schemas.retirements import Retirement
from schemas.standards import AnyDocument, Standard
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import Found

__all__ = ["Pair", "Side", "Trial", "trial_of"]

_OLD: Final = "old/"
_NEW: Final = "new/"


class Side(NamedTuple):
    """
    One party of a comparison. `key` is its id inside the engine, where several proposals of one id live side by side;
    `standards` are its versions as they were written.
    """

    key: str
    label: str
    standards: tuple[Standard, ...]

    @property
    def latest(self) -> Standard:
        return max(self.standards, key=lambda one: one.metadata.version)


class Pair(NamedTuple):
    """
    A proposal and what it is compared with: the standard of the same id, where there is one.
    """

    new: Side
    old: Side | None


class Trial(NamedTuple):
    """
    All that one pass judges by. `documents` have the keys of the sides as their ids.
    """

    pairs: tuple[Pair, ...]
    documents: tuple[AnyDocument, ...]
    left_out: tuple[str, ...]
    """Ids in the old that no proposal has; nothing is compared with them."""


def trial_of(proposed: Sequence[Found], against: Sequence[Found]) -> Trial:
    """
    Pair proposals with the standards of the same id; calendars, sites and sources of either side count for both,
    retirements for the standards that were in force. Raises Misconfigured where one cannot count for both.
    """
    drafts = [(one, one.document) for one in proposed if isinstance(one.document, Standard)]
    held: dict[str, list[Standard]] = {}
    for one in against:
        if isinstance(one.document, Standard):
            held.setdefault(one.document.metadata.id, []).append(one.document)
    wanted = {draft.metadata.id for _, draft in drafts}
    olds = {name: _old_side(name, versions) for name, versions in held.items() if name in wanted}
    names = _names(drafts)
    pairs = [
        Pair(Side(f"{_NEW}{place}/{draft.metadata.id}", name, (draft,)), olds.get(draft.metadata.id))
        for place, ((_, draft), name) in enumerate(zip(drafts, names, strict=True))
    ]
    documents = _shared([*against, *proposed])
    documents += [_as(old.key, version) for old in olds.values() for version in old.standards]
    documents += [
        _retired_as(olds[one.document.metadata.id].key, one.document)
        for one in against
        if isinstance(one.document, Retirement) and one.document.metadata.id in olds
    ]
    documents += [_all_along(_as(pair.new.key, pair.new.latest)) for pair in pairs]
    return Trial(tuple(pairs), tuple(documents), tuple(sorted(held.keys() - wanted)))


def _shared(found: Sequence[Found]) -> list[AnyDocument]:
    shared: dict[str, Found] = {}
    for one in found:
        # Nothing is left out for an agreed outage: both sides are to see the same journeys. Actions change no verdict.
        if isinstance(one.document, Standard | Retirement | Exclusion | CorrectiveAction):
            continue
        held = shared.setdefault(one.key, one)
        if held.document != one.document:
            raise Misconfigured(
                f"{one.place}: {one.key} is another one in {held.place}, and both sides share them; "
                "give it an id or a version of its own, or leave one out"
            )
    return [one.document for one in shared.values()]


def _old_side(name: str, versions: Sequence[Standard]) -> Side:
    numbers = sorted(one.metadata.version for one in versions)
    return Side(f"{_OLD}{name}", f"{name}@{','.join(map(str, numbers))}", tuple(versions))


def _names(drafts: Sequence[tuple[Found, Standard]]) -> list[str]:
    """
    Name each proposal by id and version; where several have the same, by its file too, and where they share that, by
    the line.
    """
    versions = [f"{draft.metadata.id}@{draft.metadata.version}" for _, draft in drafts]
    files = [f"{name} ({found.file.stem})" for name, (found, _) in zip(versions, drafts, strict=True)]
    places = [f"{name} ({found.place})" for name, (found, _) in zip(versions, drafts, strict=True)]
    often, files_often = Counter(versions), Counter(files)
    return [
        version if often[version] == 1 else file if files_often[file] == 1 else place
        for version, file, place in zip(versions, files, places, strict=True)
    ]


def _as(key: str, standard: Standard) -> Standard:
    return standard.model_copy(update={"metadata": standard.metadata.model_copy(update={"id": key})})


def _retired_as(key: str, retirement: Retirement) -> Retirement:
    return retirement.model_copy(update={"metadata": retirement.metadata.model_copy(update={"id": key})})


def _all_along(standard: Standard) -> Standard:
    dates = {"effective_from": EPOCH, "effective_until": None}
    return standard.model_copy(update={"metadata": standard.metadata.model_copy(update=dates)})
