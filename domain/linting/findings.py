"""
What is linted together, and what was found: a rule, the document, the field, and the fix.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from domain.linting.rules import RULES, Reason, Rule
from domain.linting.samples import Sample
from schemas.standards import AnyDocument

Path = tuple[str | int, ...]
"""Where a value stands in its document: keys and places in lists, outermost first."""
D = TypeVar("D")
_FEW: Final = 5


class Finding(NamedTuple):
    """
    One thing that is wrong. ``number`` counts the documents that are linted, from 0.
    """

    rule: Rule
    number: int
    path: Path
    problem: str
    fix: str = ""
    """What to do here; empty: what the rule says in general."""

    @property
    def reason(self) -> Reason:
        return RULES[self.rule]

    @property
    def remedy(self) -> str:
        return self.fix or self.reason.fix


class Written(NamedTuple):
    """
    A document that is linted, with its number.
    """

    number: int
    document: AnyDocument

    def finding(self, rule: Rule, path: Path, problem: str, fix: str = "") -> Finding:
        return Finding(rule, self.number, path, problem, fix)


@dataclass(frozen=True)
class Papers:
    """
    Documents that are linted together, beside those that are published already.
    """

    documents: tuple[AnyDocument, ...]
    published: tuple[AnyDocument, ...] = ()
    now: int | None = None
    """The present (ms since the epoch); None: nothing is said about the past."""
    sample: Sample | None = None
    numbered: tuple[Written, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbered", tuple(map(Written, range(len(self.documents)), self.documents)))

    def written(self, kind: type[D]) -> Iterator[tuple[Written, D]]:
        """
        Give the documents of a kind that are linted.
        """
        return ((one, one.document) for one in self.numbered if isinstance(one.document, kind))

    def known(self, kind: type[D]) -> Iterator[D]:
        """
        Give all documents of a kind, the published ones too.
        """
        return (one for one in (*self.documents, *self.published) if isinstance(one, kind))


def some_of(names: Iterable[str], between: str = ", ") -> str:
    """
    Name the first few of some.
    """
    told = list(names)
    return between.join(told[:_FEW]) + (" …" if len(told) > _FEW else "")


__all__ = ["Finding", "Papers", "Path", "Written", "some_of"]
