"""
Routes, inhibitions and silences: who is told of an alert, together with what, and when nobody is.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from schemas.alert_labels import Label, Matcher
from schemas.base import WEEK_MS, Contract, Duration, Instant, LongName, PositiveDuration, Say, Slug, Text, Zone, misfit

__all__ = ["RECURRENCE", "Inhibition", "Recurrence", "Route", "Silence"]

Ids = Annotated[tuple[Slug, ...], Field(max_length=50, strict=False)]
RECURRENCE: Final = r"^FREQ=(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*$"
SomeLabels = Annotated[tuple[Label, ...], Field(max_length=10, strict=False)]


class Route(Contract):
    """
    A branch of the tree of routes: an alert goes down into the first child that fits, and stays where none does.

    What a child does not say it has from its parent. The root fits everything.
    """

    match: Matcher = Matcher()
    """Which alerts."""
    unless: Matcher | None = None
    """But not these."""
    onward: bool = Field(default=False, alias="continue")
    """Whether the siblings behind this one are asked too."""
    receivers: Ids | None = None
    """Who is told at once: ids of receivers, as channels that nobody has to answer."""
    escalation: Slug | None = None
    """Id of the policy by which people are told until one of them acknowledges."""
    group_by: SomeLabels | None = None
    """Alerts that agree in these labels are told in one message; none: all together; absent at the root: by standard
    and site."""
    group_wait: Duration | None = None
    """How long the first message of a group waits for others; 10 s, if not said."""
    group_interval: Duration | None = None
    """How long after a message the next one may tell of what is new in the group; 5 m, if not said."""
    repeat_interval: PositiveDuration | None = None
    """After how long without news it is told again that it still is so; 4 h, if not said."""
    mute_in: Ids | None = None
    """Ids of calendars: nobody is told while one of them is open."""
    only_in: Ids | None = None
    """Ids of calendars: people are told only while one of them is open, of the rest when it opens."""
    routes: "Annotated[tuple[Route, ...], Field(max_length=200, strict=False)]" = ()
    """The branches below."""


class Inhibition(Contract):
    """
    What mutes what: while an alert fires that fits `source`, those that fit `target` are not told.

    An alert never mutes itself, and those that fit both do not mute each other. Of those that mute each other in a
    circle through several rules the one that fired first is told.
    """

    id: Slug
    """Id of the rule."""
    source: Matcher
    """What mutes."""
    target: Matcher
    """What is muted."""
    equal: SomeLabels = ()
    """Labels in which both must agree; one that both lack agrees."""


_DAY: Final = "(?:MO|TU|WE|TH|FR|SA|SU)"
_LIKE: Final = "FREQ=WEEKLY;BYDAY=SU"


def _list_of(one: str) -> str:
    return f"(?:{one})(?:,(?:{one}))*"


RULE_PARTS: Final = {
    "INTERVAL": ("[1-9][0-9]{0,2}", "2"),
    "BYMONTH": (_list_of("1[0-2]|0?[1-9]"), "6,7"),
    "BYMONTHDAY": (_list_of("[+-]?(?:3[01]|[12][0-9]|0?[1-9])"), "1,-1"),
    "BYDAY": (_list_of(f"(?:[+-]?[1-5])?{_DAY}"), "MO,WE"),
    "BYHOUR": (_list_of("2[0-3]|[01]?[0-9]"), "8,20"),
    "BYMINUTE": ("[0-5]?[0-9]", "30"),
    "BYSETPOS": (_list_of("[+-]?(?:36[0-6]|3[0-5][0-9]|[12][0-9]{2}|[1-9][0-9]?)"), "-1"),
    "WKST": (_DAY, "SU"),
}
"""What a rule may say besides FREQ, and an example of each. At most hourly, so that no rule keeps anybody busy."""


def _sound_rule(rule: str) -> str:
    (_, often), *parts = [part.split("=") for part in rule.split(";")]
    for place, (name, value) in enumerate(parts):
        if name in {"COUNT", "UNTIL"}:
            problem = f"{name} is not said here: the silence's own `until` ends it"
        elif name not in RULE_PARTS:
            problem = f"{name} is not known here; a rule has FREQ and any of {', '.join(RULE_PARTS)}"
        elif any(name == before for before, _ in parts[:place]):
            problem = f"{name} is there twice; write its values in one list, with commas"
        elif not re.fullmatch(RULE_PARTS[name][0], value):
            like = f"{name}={RULE_PARTS[name][1]}"
            problem = f"{name}={value} is not what RFC 5545 allows, or finer than hourly; it is written like {like}"
        elif often == "HOURLY" and name in {"BYHOUR", "BYSETPOS"}:
            problem = f"{name} has no meaning with FREQ=HOURLY; write FREQ=DAILY"
        elif name == "BYDAY" and often not in {"MONTHLY", "YEARLY"} and any(one.isdigit() for one in value):
            problem = f"{name}={value} numbers the days of a month; write FREQ=MONTHLY, or the days without numbers"
        else:
            continue
        raise ValueError(problem)
    return rule


class Recurrence(Contract):
    """
    How a silence comes again: a rule of RFC 5545, counted in the local time of a place.
    """

    rule: Annotated[
        str,
        Field(
            max_length=300,
            pattern=RECURRENCE,
            examples=[_LIKE],
        ),
        Say("rule", f"a rule of RFC 5545 is written like {_LIKE}; FREQ is HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY"),
        AfterValidator(_sound_rule),
    ]
    """The rule, like `FREQ=WEEKLY;BYDAY=SU`; hourly at most, and without an end of its own."""
    zone: Zone
    """Whose local time it means."""
    duration: PositiveDuration
    """How long it lasts each time, at most a week."""

    @model_validator(mode="after")
    def _ends(self) -> "Recurrence":
        if self.duration > WEEK_MS:
            raise misfit("Recurrence", "duration", f"{self.duration}ms", "must be at most a week")
        return self


class Silence(Contract):
    """
    For a while nobody is told of what fits. Nothing is lost: what still fires when it ends is told then.
    """

    id: Slug
    """Id of the silence."""
    match: Matcher
    """Which alerts; one that names no label is refused, since it would silence everything."""
    begin: Annotated[Instant, Field(alias="from")]
    """When it begins; of one that comes again, the first time."""
    until: Instant | None = None
    """When it ends; of one that comes again, after which no time begins any more."""
    again: Recurrence | None = None
    """How it comes again."""
    author: LongName
    """Who asked for it."""
    reason: Text
    """Why."""

    @model_validator(mode="after")
    def _sensible(self) -> "Silence":
        if not self.match.asked:
            raise misfit("Silence", "match", None, "needs at least one label: it would silence everything")
        if self.until is None and self.again is None:
            raise misfit("Silence", "until", None, "needs an end: a silence that nobody ends is forgotten")
        if self.until is not None and self.until <= self.begin:
            raise misfit("Silence", "until", self.until.isoformat(), "must be later than from")
        return self
