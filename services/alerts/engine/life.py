"""
The life of one alert: what is known of it, and into which state it comes at an instant.

It is worked out from its facts (which violations are open, since when it has been so), never from the order in which
they came: `settle` is called after all inputs of an instant, and again whenever `due` says that time alone may change
something.
"""

from collections.abc import Mapping

import msgspec

from schemas.alert_rules import Count
from schemas.alerts import OVER
from schemas.base import MINUTE_MS
from services.alerts.engine.labels import correlation_of
from services.alerts.engine.outcomes import Alert
from services.alerts.engine.rules import GRAVITY, NEVER, OpenViolation, Rule, StandardFacts

__all__ = ["Known", "Life", "due", "end", "say", "settle"]

REFRESH_MS = MINUTE_MS
"""How often at most a change that concerns the number of open violations alone is told."""
LISTED = 10


class Known(msgspec.Struct, array_like=True):
    """
    The last revision of a violation, and when it was over.
    """

    rev_offset: int
    rev_watermark: int
    over_at: int | None


class Life(msgspec.Struct):
    """
    What is known of an alert. Instants are milliseconds since the epoch.

    ``open`` holds the open violations by id; ``opened`` when and which ones were opened, as far back as a rule counts;
    ``fresh`` the ids of those opened at this instant, whether or not they are open still; ``members`` those of the
    episode that were not retracted; ``dismissed`` those that somebody resolved by hand.
    """

    key: str
    rule: str
    labels: dict[str, str]
    version: int
    seq: int = 0
    state: str = "resolved"
    severity: str = "info"
    begun_at: int = 0
    hot_since: int = 0
    quiet_since: int | None = None
    fired_at: int | None = None
    ended_at: int | None = None
    open: dict[str, OpenViolation] = {}
    dismissed: set[str] = set()
    known: dict[str, Known] = {}
    """Every violation of it that is remembered, so that a copy does nothing."""
    opened: list[tuple[int, str]] = []
    fresh: set[str] = set()
    members: set[str] = set()
    seen: int = 0
    owner: str | None = None
    ack_until: int | None = None
    note: str | None = None
    changes: list[int] = []
    flapping: bool = False
    said_at: int = 0
    said_open: int = 0
    due_at: int = NEVER
    """When it is looked at next though nothing comes."""

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def counted(self) -> list[OpenViolation]:
        """The open violations that nobody has dismissed."""
        return [one for name, one in self.open.items() if name not in self.dismissed]


def settle(life: Life, rule: Rule | None, at: int, facts: Mapping[str, StandardFacts]) -> list[Alert]:
    """
    Let an alert come into the states that its facts lead to at an instant; each on the way is told.
    """
    if rule is None:
        if life.is_over and not life.flapping:
            return []
        if not life.is_over:
            end(life, at, "resolved")
        # Nobody would find out any more that it is steady, so whoever was told hears of the end now.
        life.flapping = False
        life.changes.clear()
        return [say(life, at, "rule_gone")]
    told: list[Alert] = []
    while (step := _step(life, rule, at, facts)) is not None:
        told.append(say(life, at, step, rule))
    if not life.is_over:
        told += _within(life, rule, at, facts)
    if life.flapping and life.changes[-1] + _flap_window(rule) <= at:
        life.flapping = False
        life.changes.clear()
        told.append(say(life, at, "steady", rule))
    life.fresh.clear()
    return told


def due(life: Life, rule: Rule | None, at: int, facts: Mapping[str, StandardFacts]) -> int:
    """
    When time alone may change the alert next: an instant later than `at`, or NEVER.
    """
    if rule is None:
        return NEVER
    said = rule.said
    found = [NEVER]
    if life.state == "pending":
        found.append(life.hot_since + said.steady)
    if not life.is_over:
        found.append(rule.next_grade(life.counted, at, facts))
        if life.quiet_since is not None:
            found.append(life.quiet_since + said.keep_firing_for)
        if life.ack_until is not None:
            found.append(life.ack_until)
        if len(life.counted) != life.said_open:
            found.append(life.said_at + REFRESH_MS)
        if said.count is not None and life.opened:
            found.append(life.opened[0][0] + said.count.within)
    if life.flapping:
        found.append(life.changes[-1] + _flap_window(rule))
    return min(one for one in found if one > at)


def say(life: Life, at: int, reason: str, rule: Rule | None = None, by: str | None = None) -> Alert:
    """
    Count a transition and tell what the alert is like after it.
    """
    life.seq += 1
    life.said_at, life.said_open = at, len(life.counted)
    oldest = sorted((one.opened_at, name) for name, one in life.open.items() if name not in life.dismissed)
    return Alert(
        id=f"{life.key}#{life.hot_since}",
        key=life.key,
        seq=life.seq,
        at=at,
        state=life.state,
        reason=reason,
        severity=life.severity,
        rule=life.rule,
        labels=life.labels | {"severity": life.severity},
        correlation=correlation_of(life.labels, rule.said.correlate_by) if rule else None,
        version=life.version,
        begun_at=life.begun_at,
        fired_at=life.fired_at,
        ended_at=life.ended_at,
        open=life.said_open,
        seen=life.seen,
        violations=tuple(name for _, name in oldest[:LISTED]),
        owner=life.owner,
        ack_until=life.ack_until,
        note=life.note,
        by=by,
        flapping=life.flapping,
    )


def _step(life: Life, rule: Rule, at: int, facts: Mapping[str, StandardFacts]) -> str | None:
    """
    Come into the next state, if there is one to come into; returns the reason.
    """
    if life.is_over:
        return _begin(life, rule, at, facts)
    if not life.members:
        end(life, at, "retracted")
        return "never_was"
    if life.state == "pending":
        if not _is_hot(life, rule, at):
            end(life, at, "resolved")
            return "recovered_early"
        if at >= life.hot_since + rule.said.steady:
            _fire(life, at)
            return "held_for"
        return None
    if not _is_quiet(life, rule, at):
        life.quiet_since = None
    elif life.quiet_since is None:
        life.quiet_since = at
    if life.quiet_since is not None and at >= life.quiet_since + rule.said.keep_firing_for:
        end(life, at, "resolved")
        return "quiet_for"
    return None


def _begin(life: Life, rule: Rule, at: int, facts: Mapping[str, StandardFacts]) -> str | None:
    counted = life.counted
    if not _is_hot(life, rule, at) or (rule.said.steady and not counted):
        return None
    again = life.fired_at is not None
    life.begun_at = min([one.opened_at for one in counted] or [at])
    life.hot_since = at
    life.fired_at = life.ended_at = life.quiet_since = None
    life.owner = life.ack_until = life.note = None
    life.members = {name for name in life.open if name not in life.dismissed} | life.fresh
    life.members |= {name for _, name in life.opened} if rule.said.count is not None else set()
    life.fresh.clear()
    life.seen = len(life.members)
    life.severity = rule.severity(counted, at, facts)
    if rule.said.steady:
        life.state = "pending"
        return "violated"
    _fire(life, at)
    if rule.said.count is not None:
        return "counted"
    return "reopened" if again else "raised" if rule.said.raise_at > 1 else "violated"


def _within(life: Life, rule: Rule, at: int, facts: Mapping[str, StandardFacts]) -> list[Alert]:
    """
    What changes while it lasts: how grave it is, whose it is, whether it flaps, how many violations are open.
    """
    told = []
    severity = rule.severity(life.counted, at, facts)
    if severity != life.severity and life.counted:
        graver = GRAVITY[severity] > GRAVITY[life.severity]
        life.severity = severity
        told.append(say(life, at, "more_severe" if graver else "less_severe", rule))
    if life.ack_until is not None and life.ack_until <= at:
        life.state, life.ack_until = "firing", None
        told.append(say(life, at, "ack_expired", rule))
    flapping = rule.said.flapping
    if flapping is not None and not life.flapping:
        life.changes = [one for one in life.changes if one > at - flapping.within]
        if len(life.changes) >= flapping.changes:
            life.flapping = True
            told.append(say(life, at, "flapping", rule))
    if len(life.counted) != life.said_open and at >= life.said_at + REFRESH_MS:
        told.append(say(life, at, "violations_changed", rule))
    return told


def _is_hot(life: Life, rule: Rule, at: int) -> bool:
    """
    Whether so much is wrong that it is raised, or stays raised before people are told.
    """
    if rule.said.count is not None:
        return _recent(life, rule.said.count, at) >= rule.said.count.violations
    return max(len(life.counted), len(life.fresh) if life.is_over else 0) >= rule.said.raise_at


def _is_quiet(life: Life, rule: Rule, at: int) -> bool:
    """
    Whether so little is wrong that it may end.
    """
    if rule.said.count is not None:
        return not life.counted and _recent(life, rule.said.count, at) < rule.said.count.violations
    return len(life.counted) < rule.said.clear_below


def _recent(life: Life, count: Count, at: int) -> int:
    life.opened = [one for one in life.opened if one[0] + count.within > at]
    return len(life.opened)


def _fire(life: Life, at: int) -> None:
    life.state, life.fired_at, life.quiet_since = "firing", at, None
    life.changes.append(at)


def end(life: Life, at: int, state: str) -> None:
    """
    Let an alert be over.
    """
    if life.state != "pending":
        life.changes.append(at)
    life.state, life.ended_at = state, at
    life.quiet_since = life.ack_until = None


def _flap_window(rule: Rule) -> int:
    return rule.said.flapping.within if rule.said.flapping else 0
