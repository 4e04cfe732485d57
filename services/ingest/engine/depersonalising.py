"""
Takes the identities of people out of an event before anything of it is kept.

The facts that name a person get pseudonyms. Where the same name also stands in the event's id or in a comment, it is
replaced there, too. In the name of a journey it cannot be, since other events of the journey may not say whose it is:
such an event is refused.
"""

import re
from typing import Any, Final

from schemas.connectors import IDENTITIES
from schemas.events import JOURNEY_TYPES
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.engine.refusals import RefusalReason, Refused
from services.ingest.engine.traces import SHORTEST_ANYWHERE

__all__ = ["depersonalised"]

_LONGEST_NAME: Final = 128
_FACTS: Final = tuple(IDENTITIES.items())
_OF_JOURNEYS: Final = ("related", "into")


def depersonalised(event: dict[str, Any], pseudonym: Pseudonym) -> Refused | None:
    """
    Replace the identities in an event, in place; the refusal where that cannot be done. What is no text, or too long,
    is left to validation.
    """
    facts = event.get("data")
    if type(facts) is not dict:
        return None
    for fact, whose in _FACTS:
        name = facts.get(fact)
        if type(name) is not str or not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            continue
        stands_for = pseudonym(whose, name)
        if stands_for == name:
            continue
        facts[fact] = stands_for
        if len(name) >= SHORTEST_ANYWHERE:
            refused = _elsewhere(event, facts, fact, name, stands_for)
            if refused is not None:
                return refused
    return None


def _elsewhere(event: dict[str, Any], facts: dict[str, Any], fact: str, name: str, stands_for: str) -> Refused | None:
    for where, holder in (
        ("id", event), ("subject", event), ("comment", facts), ("related", facts), ("into", facts),
    ):  # fmt: skip
        text = holder.get(where)
        if type(text) is not str or name not in text:
            continue
        # Not as part of a longer word: counter-1 does not stand in counter-17.
        found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if not found.search(text):
            continue
        if where in _OF_JOURNEYS or (where == "subject" and event.get("type") in JOURNEY_TYPES):
            pointer = f"/{where}" if holder is event else f"/data/{where}"
            detail = (
                f"the name of a journey holds what `{fact}` names; journeys are shown to everybody and kept: give it "
                "a name that names nobody"
            )
            return Refused(RefusalReason.IDENTITY_IN_NAME, pointer, detail)
        holder[where] = found.sub(stands_for, text)
    return None
