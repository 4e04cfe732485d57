"""
Escalating: who is told next of a group, until somebody acknowledges. It always ends with somebody, or a loud "nobody".
"""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from schemas.base import from_millis
from schemas.clocks import WEEKDAYS
from schemas.on_call import Escalation, EscalationStep
from services.alerts.engine.book import Book
from services.alerts.engine.groups import Group, Run
from services.alerts.engine.on_call import Stands
from services.alerts.engine.outcomes import Alert, Reason
from services.alerts.engine.reaching import Reach, Recipient, recipients_of
from services.alerts.engine.rules import NEVER, gravest
from services.alerts.engine.telling import Teller, recipient_key

__all__ = ["Turns"]


class Turns:
    """
    Takes the turns of escalations by a book, with who stands in for whom, and tells through a teller.
    """

    def __init__(self, book: Book, stands: Stands, teller: Teller) -> None:
        self._book = book
        self._stands = stands
        self._teller = teller

    def take(self, group: Group, run: Run, alerts: Sequence[Alert], at: int) -> None:
        """
        Go on with the escalation of a group whose next step is due: `alerts` are those that nobody has acknowledged.

        A step that does not fit, or reaches nobody, is passed over at once.
        """
        self._use_waiting(group, run, alerts, at)
        if run.due_at > at and not run.held:
            return
        run.held = False
        policy = self._book.escalations[run.policy]
        severity = gravest(alert.severity for alert in alerts)
        while True:
            if run.step >= len(policy.steps):
                if run.round >= policy.repeat or not run.reached:
                    self._finish(group, run, alerts, at, policy.nobody)
                    return
                run.round, run.step = run.round + 1, 0
            step = policy.steps[run.step]
            opens_at = self._opens_at(step, severity, at)
            if opens_at > at:
                run.held, run.due_at = True, opens_at
                return
            run.step += 1
            if self._fits(step, policy, severity, at) and self._tell_step(group, run, step, alerts, at):
                run.due_at = at + step.wait
                return

    def _use_waiting(self, group: Group, run: Run, alerts: Sequence[Alert], at: int) -> None:
        """
        Use the contacts whose turn has come, since nobody has acknowledged meanwhile.
        """
        due = sorted(one for one in run.waiting if one[0] <= at)
        run.waiting = [one for one in run.waiting if one[0] > at]
        for _, recipient, step in due:
            self._reach(group, run, recipient, alerts, at, "escalated", step)

    def _tell_step(self, group: Group, run: Run, step: EscalationStep, alerts: Sequence[Alert], at: int) -> bool:
        """
        Tell everybody of a step; false where there is nobody.
        """
        found = False
        reason = "escalated" if run.reached else run.reason
        for recipient, after in self._recipients(step.notify, alerts, at):
            found = True
            if after:
                run.waiting.append((at + after, recipient, run.step))
            else:
                self._reach(group, run, recipient, alerts, at, reason, run.step)
        return found

    def _recipients(self, targets: Iterable[str], alerts: Sequence[Alert], at: int) -> list[Reach]:
        severity = gravest(alert.severity for alert in alerts)
        found: dict[Recipient, int] = {}
        for target in targets:
            reached = recipients_of(self._book, self._stands, target, severity, at)
            for reason, about in reached.notes:
                self._teller.note(at, reason, about)
            for recipient, after in reached.reaches:
                found[recipient] = min(after, found.get(recipient, after))
        return [Reach(recipient, after) for recipient, after in found.items()]

    def _reach(
        self, group: Group, run: Run, recipient: Recipient, alerts: Sequence[Alert], at: int, reason: str, step: int
    ) -> None:
        if reason == "repeated" and not group.told.get(recipient_key(recipient)):
            reason = "new"
        # A channel that is told at once may be a step too: what it has just heard it does not hear twice.
        if not self._teller.has_just_told(at, group, recipient, alerts):
            self._teller.tell(at, group, recipient, alerts, reason, step)
        if recipient not in run.reached:
            run.reached.append(recipient)

    def _finish(self, group: Group, run: Run, alerts: Sequence[Alert], at: int, nobody: Iterable[str]) -> None:
        """
        All steps are done and nobody has acknowledged: say so, loudly.
        """
        run.over, run.due_at = True, NEVER
        reason = Reason.NOBODY_ANSWERED if run.reached or run.waiting else Reason.NOBODY_ON_CALL
        self._teller.note(at, reason, group.key)
        for recipient, _ in self._recipients(nobody, alerts, at):
            self._teller.tell(at, group, recipient, alerts, reason.value)

    def _fits(self, step: EscalationStep, policy: Escalation, severity: str, at: int) -> bool:
        local = from_millis(at).astimezone(ZoneInfo(policy.zone))
        return (
            severity in step.severity
            and WEEKDAYS[local.weekday()] in step.days
            and (step.during is None or self._book.is_open(step.during, at))
        )

    def _opens_at(self, step: EscalationStep, severity: str, at: int) -> int:
        """
        Until when a step waits for its hours; `at` itself where it does not, or they never come.
        """
        if not step.wait_for_hours or step.during is None or severity not in step.severity:
            return at
        hours = self._book.hours_of(step.during, at)
        opens_at = hours.next_opening(at) if hours is not None else at
        return opens_at if opens_at < NEVER else at
