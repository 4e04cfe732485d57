"""
The labels of an alert, and what a rule, a route, a silence or an inhibition may ask of them.
"""

from typing import Final, Literal, get_args

from pydantic import model_validator

from schemas.base import Contract, misfit
from schemas.conditions import Globs, Values

__all__ = ["BY", "LABELS", "SEVERITIES", "By", "Label", "Matcher", "Severity"]

Severity = Literal["info", "ticket", "page"]
"""Nobody is disturbed; somebody finds it in the morning; somebody is called."""
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""From light to grave."""

Label = Literal[
    "standard", "site", "region", "queue", "channel", "service", "segment", "priority", "severity", "category", "kind",
    "scope", "owner", "agreement", "window", "tier", "rule",
]  # fmt: skip
LABELS: Final[tuple[Label, ...]] = get_args(Label)
"""Every label that an alert may have, in the order in which people read them."""

By = Literal["channel", "service", "segment", "priority"]
BY: Final[tuple[By, ...]] = get_args(By)
"""By what the journeys of one line may be told apart into alerts of their own."""


class Matcher(Contract):
    """
    What labels must be like: each label that is named is there and fits one of its globs. One that names none fits all.
    """

    standard: Globs | None = None
    """Id of the standard."""
    site: Globs | None = None
    """Where; an alert about several sites has none."""
    region: Globs | None = None
    """Path of the site's region, as the register has it, or of the region that it is about."""
    queue: Globs | None = None
    """In which line."""
    channel: Globs | None = None
    """How; only where the rule tells alerts apart by it."""
    service: Globs | None = None
    """What for; as with channel."""
    segment: Globs | None = None
    """Which kind of customer; as with channel."""
    priority: Globs | None = None
    """Which priority; as with channel."""
    severity: Values | None = None
    """How grave: info, ticket or page."""
    category: Globs | None = None
    """Category of the standard."""
    kind: Values | None = None
    """Which kind of violation: journey, at_risk, presence, objective, burn, or external: reported by another system."""
    scope: Globs | None = None
    """What it is about, like `queue:SITE/QUEUE`, `site:SITE`, `region:PATH` or `organisation`."""
    owner: Globs | None = None
    """Who answers for the standard."""
    agreement: Values | None = None
    """To whom it is promised: customer, internal or supplier."""
    window: Globs | None = None
    """Over which window an objective was missed."""
    tier: Globs | None = None
    """Which condition of a burn fired, like `1h/5m`."""
    rule: Globs | None = None
    """Id of the rule of alerts that raised it."""

    @model_validator(mode="after")
    def _known_words(self) -> "Matcher":
        for name, allowed in (("severity", SEVERITIES), ("kind", KINDS), ("agreement", AGREEMENTS)):
            for place, word in enumerate(getattr(self, name) or ()):
                if word not in allowed:
                    raise misfit("Matcher", (name, place), word, f"is no {name}; there are {', '.join(allowed)}")
        return self

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """
        The labels that are named, each with its globs.
        """
        return {name: globs for name in LABELS if (globs := getattr(self, name)) is not None}


KINDS: Final = ("journey", "at_risk", "presence", "objective", "burn", "external")
AGREEMENTS: Final = ("customer", "internal", "supplier")
