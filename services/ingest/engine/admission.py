"""
Decides about the events of one request or fetch together: who may send them, which are copies, which are accepted.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from services.ingest.engine.normalise import Accepted
from services.ingest.engine.refusals import RefusalReason, Refused

__all__ = ["EVERY_SOURCE", "Duplicate", "Verdict", "admit", "within"]

EVERY_SOURCE: Final = ("",)
"""The prefixes of a sender who may speak for any source."""


class Duplicate(NamedTuple):
    """
    The same source, id and revision as an event accepted before it in the same request: it is not passed on again.
    """

    source: str
    id: str


Verdict = Accepted | Duplicate | Refused


def admit(events: Iterable[Accepted | Refused], prefixes: Sequence[str]) -> list[Verdict]:
    """
    Return one verdict for each event, in order.

    `prefixes` are the beginnings of `source` that the sender may use. Of two events with one identity and
    revision the first that is accepted stands, whatever the second says.
    """
    seen: set[tuple[str, str, int]] = set()
    allowed: dict[str, bool] = {}
    verdicts: list[Verdict] = []
    for event in events:
        if type(event) is Accepted:
            source = event.source
            may = allowed.get(source)
            if may is None:
                may = allowed[source] = any(within(source, prefix) for prefix in prefixes)
            identity = (source, event.id, event.revision)
            if not may:
                detail = "this token may not send events of this source; use the token that was made for it"
                verdicts.append(Refused(RefusalReason.SOURCE_NOT_ALLOWED, "/source", detail))
            elif identity in seen:
                verdicts.append(Duplicate(source, event.id))
            else:
                seen.add(identity)
                verdicts.append(event)
        else:
            verdicts.append(event)
    return verdicts


def within(source: str, prefix: str) -> bool:
    """
    Tell whether a source lies under a prefix: equal, or continued at a boundary, so that `/pos/1` does not cover
    `/pos/12`. Boundaries are `/`, `?` and `#`, and `:` in a URN. Compared character by character: a source is a name,
    nothing is resolved or decoded.
    """
    if not source.startswith(prefix):
        return False
    if len(source) == len(prefix) or not prefix:
        return True
    boundaries = "/?#:" if prefix.startswith("urn:") else "/?#"
    return prefix[-1] in boundaries or source[len(prefix)] in boundaries
