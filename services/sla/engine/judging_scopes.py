"""
Judging scopes: what a ledger's figures say at a minute boundary, and which violations that opens and closes.
"""

from typing import NamedTuple

from domain.aims import Finding, found
from domain.burning import Standing, standings
from services.sla.engine.buckets import ALL_TOTAL, GOOD, TOTAL, Sums
from services.sla.engine.calendar_windows import Calendar, Period
from services.sla.engine.ledgers import Ledger, Open
from services.sla.engine.objective_rules import Burn, label_of
from services.sla.engine.outcomes import Violation
from services.sla.engine.rolling_windows import Rolling
from services.sla.engine.standing import budgets_of, exhaustion, percentile_of, spent

_BURN_OVER = {Standing.INHIBITED: "inhibited", Standing.NO_TRAFFIC: "no_data"}


class _Subject(NamedTuple):
    """What a verdict is about: which of a ledger's windows or conditions, and what it counted."""

    kind: str
    name: str
    """What it is remembered under while it is open."""
    window: str
    of: Rolling | Calendar
    period: Period
    sums: Sums
    identity: int | None = None
    """What tells it from others under the same name; None: the instant at which it was opened."""


def judge(ledger: Ledger, now: int, *, in_force: bool) -> list[Violation]:
    """
    Judge every window that changed or ended, and the burn conditions.

    A version that is no longer in force has nothing to keep: what is open of it is closed, and nothing opens.
    """
    said: list[Violation] = []
    for window in ledger.rolling:
        if in_force and not window.changed:
            continue
        subject = _Subject(
            "objective", window.window.label, window.window.label, window.window, Period(window.begin, now), window.sums
        )
        _judge(ledger, subject, now, said, in_force=in_force)
        window.changed = False
    for calendar in ledger.calendars:
        is_over = calendar.is_over(now)
        if in_force and not calendar.changed and not is_over:
            continue
        label, period = calendar.window.label, calendar.period
        if period.inside:
            subject = _Subject("objective", label, label, calendar.window, period, calendar.sums, period.begin)
            _judge(ledger, subject, now, said, in_force=in_force, ends=is_over)
        calendar.changed = False
        if is_over:
            calendar.turn(now)
    if ledger.burning:
        _judge_burns(ledger, now, said, in_force=in_force)
    return said


def _judge(
    ledger: Ledger,
    subject: _Subject,
    now: int,
    said: list[Violation],
    *,
    in_force: bool,
    ends: bool = False,
) -> None:
    is_open = subject.name in ledger.open
    if not in_force:
        reason = "standard_over" if is_open else ""
    else:
        finding = found(ledger.rule.aim, subject.sums[GOOD], subject.sums[TOTAL])
        # That a window of the calendar is empty is known when it is over.
        settled = subject.identity is None or ends
        excluded = bool(subject.sums[ALL_TOTAL])
        reason = _turn(finding, ledger.rule.no_data, is_open=is_open, bad_is_known=settled and not excluded)
    if ends and (reason in {"target_missed", "no_data"} if not is_open else not reason):
        ledger.open.setdefault(subject.name, Open(now, subject.period.begin))
        reason = "window_over"
    if reason:
        said.append(_tell(ledger, subject, reason, now))


def _turn(finding: Finding, no_data: str, *, is_open: bool, bad_is_known: bool) -> str:
    """Name the reason for which a violation opens or closes; nothing where it stays as it is."""
    if finding is Finding.MISSED:
        return "" if is_open else "target_missed"
    if finding is Finding.KEPT:
        return "target_kept" if is_open else ""
    if finding is Finding.NO_DATA and no_data == "bad":
        return "no_data" if bad_is_known and not is_open else ""
    return finding.value if is_open and no_data != "ignore" else ""


def _judge_burns(ledger: Ledger, now: int, said: list[Violation], *, in_force: bool) -> None:
    windows = ledger.burning
    if in_force and not any(window.changed for window in windows.values()):
        return
    for window in windows.values():
        window.changed = False
    burns, target = ledger.rule.burns, ledger.rule.aim.good_target
    tiers = [burn.condition.tier for burn in burns]
    held = [
        tuple(spent(ledger, windows[ms].sums, now - ms, now) for ms in (tier.long_ms, tier.short_ms)) for tier in tiers
    ]
    found_ = standings([burn.condition for burn in burns], target, [(long, short) for long, short in held])
    for burn, standing in zip(burns, found_, strict=True):
        name = f"burn:{burn.name}"
        is_open, fires = name in ledger.open, in_force and standing is Standing.FIRES
        if fires == is_open:
            continue
        window = windows[burn.condition.tier.long_ms]
        period = Period(window.begin, now)
        subject = _Subject("burn", name, label_of(ledger.rule.budget_window), window.window, period, window.sums)
        reason = "burning" if fires else "standard_over" if not in_force else _BURN_OVER.get(standing, "burn_over")
        said.append(_tell(ledger, subject, reason, now, burn))


def _tell(ledger: Ledger, subject: _Subject, reason: str, now: int, burn: Burn | None = None) -> Violation:
    opened = ledger.open.pop(subject.name, None)
    closed_at = None if opened is None else now
    if opened is None:
        opened = ledger.open[subject.name] = Open(now, subject.period.begin)
    rule, scope, sums = ledger.rule, ledger.scope, subject.sums
    told = subject.window if burn is None else f"{subject.window}:{burn.name}"
    counted = (sums[GOOD], sums[TOTAL])
    value = percentile_of(ledger, subject.of, subject.period, counted, now, excluded=False)
    identity = opened.opened_at if subject.identity is None else subject.identity
    return Violation(
        f"v:{rule.key}:{subject.kind}:{scope.name}:{told}:{identity}",
        rule.id, rule.version, 0, now, scope.site, "", opened.begin,
        subject.kind, "opened" if closed_at is None else "closed", reason, opened.opened_at, closed_at, now, now,
        value or 0, 0, [], queue=scope.queue, scope=scope.name, window=subject.window,
        metric=rule.aim.metric, target=rule.aim.target, good=counted[0], total=counted[1], n=sums[TOTAL],
        burn_tier=None if burn is None else burn.name, severity=None if burn is None else burn.severity,
        exhaustion_ms=None if burn is None else _exhaustion(ledger, burn, now),
    )  # fmt: skip


def _exhaustion(ledger: Ledger, burn: Burn, now: int) -> int | None:
    """Say after how long the budget is spent at the pace of the condition's long window."""
    length = burn.condition.tier.long_ms
    pace = spent(ledger, ledger.burning[length].sums, now - length, now)
    watched = ledger.rule.budget_window
    if watched.calendar is None:
        rolling = next(one for one in ledger.rolling if one.window.length_ms == watched.rolling)
        budgets = budgets_of(ledger, rolling.sums, rolling.begin, None, now)
    else:
        held = next(one for one in ledger.calendars if one.window.unit == watched.calendar)
        budgets = budgets_of(ledger, held.sums, held.period.begin, held.period.end, now)
    return exhaustion(ledger, budgets[-1][0], pace, length, now)


__all__ = ["judge"]
