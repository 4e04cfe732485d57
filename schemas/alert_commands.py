"""
Commands: what people do about alerts, and what other systems report. Each is a record of its own, kept as the trail of
who did what.
"""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from schemas.alert_labels import Severity
from schemas.alert_routes import Silence
from schemas.alerts import AlertKey
from schemas.base import LAST, Contract, LongName, Millis, Name, SiteId, Slug, Text, misfit, to_millis
from schemas.on_call import Override

__all__ = ["ACTIONS", "COMMANDS", "Action", "AlertCommand", "Reported", "Verdict"]

Action = Literal[
    "acknowledge", "unacknowledge", "resolve", "comment", "hand_over", "escalate", "feedback", "silence", "unsilence",
    "override", "report",
]  # fmt: skip
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
OF_AN_ALERT: Final = ("acknowledge", "unacknowledge", "resolve", "comment", "hand_over", "escalate", "feedback")
"""Those that are about one alert."""
CONTENTS: Final = ("to", "verdict", "silence", "ends", "schedule", "override", "reported")
"""What belongs to one action alone."""
When = Annotated[Millis, Field(ge=0, lt=to_millis(LAST))]
"""An instant of which people can be told: between 1970 and 2299."""
Verdict = Literal["useful", "false", "not_actionable", "too_late"]


Said = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"""As much as a message says in one sentence."""


class Reported(Contract):
    """
    What another system holds to be wrong, or no more: its alert, in the words of ours.
    """

    id: LongName
    """What the other system knows it by."""
    name: Name
    """What is wrong; it stands where the id of a standard would."""
    state: Literal["firing", "resolved"]
    """Whether it is so, or no more."""
    begun_at: When
    """When it began. A later time is another occurrence."""
    site: SiteId | None = None
    """Where; without it, it is about the region, else about the organisation."""
    queue: Name | None = None
    """In which line of the site."""
    region: LongName | None = None
    """Path of a region, where it is not about one site."""
    severity: Severity | None = None
    """How grave the other system holds it to be; a grade of a rule may ask for it as `burn`."""
    summary: Said | None = None
    """What is wrong, in a sentence of the other system's: messages say it as the reason."""
    description: Said | None = None
    """The same at length."""
    cut: bool = False
    """Whether more was said than these have room for."""


class AlertCommand(Contract):
    """
    What somebody did: to one alert, to the silences, or to a schedule; or what another system reported.
    """

    id: LongName
    """Chosen by the sender; a copy has the same and does nothing."""
    at: When
    """When it was given."""
    by: LongName
    """Who gave it."""
    action: Action
    """What to do."""
    alert: AlertKey | None = None
    """Key of the alert, where it is about one."""
    until: When | None = None
    """Of an acknowledgement: when to remind; without it, it holds until the alert is over."""
    to: Slug | None = None
    """Of handing over: id of the person who takes it."""
    note: Text | None = None
    """What the one who acts says about it."""
    verdict: Verdict | None = None
    """Of feedback: whether the alert was useful, false, not actionable or too late."""
    silence: Silence | None = None
    """Of silencing: the silence. One with the id of another replaces it."""
    ends: Slug | None = None
    """Of unsilencing: id of the silence that ends now."""
    schedule: Slug | None = None
    """Of an override: id of the schedule."""
    override: Override | None = None
    """Of an override: who is on call instead, and when."""
    reported: Reported | None = None
    """Of a report: what another system holds to be wrong, or no more."""

    @model_validator(mode="after")
    def _says_what_it_needs(self) -> "AlertCommand":
        needed = {"hand_over": ("to",), "feedback": ("verdict",), "silence": ("silence",), "unsilence": ("ends",),
                  "override": ("schedule", "override"), "report": ("reported",),
                  "comment": ("note",)}.get(self.action, ())  # fmt: skip
        for name in (*needed, *(("alert",) if self.action in OF_AN_ALERT else ())):
            if getattr(self, name) is None:
                raise misfit("AlertCommand", name, None, f"is needed to {self.action.replace('_', ' ')}")
        for name in CONTENTS:
            if name not in needed and getattr(self, name) is not None:
                # Whoever may comment could silence everything by a comment that carries a silence.
                raise misfit("AlertCommand", name, None, f"is not for the action {self.action}")
        if self.until is not None and self.until <= self.at:
            raise misfit("AlertCommand", "until", self.until, "must be later than at")
        return self


COMMANDS: Final[TypeAdapter[AlertCommand]] = TypeAdapter(AlertCommand)
