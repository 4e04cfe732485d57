"""
Attending to a group when its time has come: who hears what is news, who is reminded, and whether an escalation begins.
"""

from collections.abc import Sequence

from services.alerts.engine.book import Book
from services.alerts.engine.escalating import Turns
from services.alerts.engine.groups import Group, News, Run, is_fresh, news_of
from services.alerts.engine.outcomes import Alert
from services.alerts.engine.reaching import Recipient
from services.alerts.engine.routing import Leaf
from services.alerts.engine.rules import NEVER
from services.alerts.engine.telling import Teller, reason_of, recipient_key, recipient_of

__all__ = ["attend", "is_muted"]


def attend(
    book: Book, group: Group, leaf: Leaf, firing: Sequence[Alert], teller: Teller, turns: Turns, at: int
) -> None:
    """
    Do what is due for a group. `firing` are its alerts that fire and that neither silence nor inhibition mutes.
    """
    muted = is_muted(book, leaf, at)
    if group.muted and not muted:
        group.again = {alert.key: "mute_over" for alert in firing} | group.again
        group.due_at = at
    group.muted = muted
    if muted:
        # All of it is told when the mute is over.
        group.run, group.due_at = None, NEVER
        return
    unanswered = [alert for alert in firing if alert.state == "firing"]
    if not unanswered:
        group.run = None
    if group.due_at <= at:
        _flush(group, leaf, firing, unanswered, teller, at)
    if group.run is not None:
        turns.take(group, group.run, unanswered, at)


def _flush(
    group: Group, leaf: Leaf, visible: Sequence[Alert], unanswered: Sequence[Alert], teller: Teller, at: int
) -> None:
    """
    Tell what is news to whom, or that it still is so. Whom an escalation that begins here reaches is left to it.
    """
    is_new = any(is_fresh(group, alert) for alert in unanswered)
    again = bool(unanswered) and group.last_at is not None and at >= group.last_at + leaf.repeat_interval
    begins = leaf.escalation is not None and bool(unanswered) and _may_begin(group.run, is_new=is_new or again)
    current = {Recipient(receiver) for receiver in leaf.receivers}
    if group.run is not None and not begins:
        current.update(group.run.reached)
    said = _tell_news(group, current, visible, teller, at)
    if again and not said:
        for recipient in sorted(current, key=recipient_key):
            if not teller.has_just_told(at, group, recipient, unanswered):
                teller.tell(at, group, recipient, unanswered, "repeated")
        said = True
    if leaf.escalation is not None and begins:
        usual = "new" if is_new else "repeated"
        why = next((group.again[alert.key] for alert in unanswered if alert.key in group.again), usual)
        group.run = Run(leaf.escalation, at, why)
        said = True
    if said:
        group.last_at = at
    group.due_at = group.last_at + leaf.repeat_interval if unanswered and group.last_at is not None else NEVER
    for alert in visible:
        group.again.pop(alert.key, None)
    heard = {alert for told in group.told.values() for alert in told}
    group.ended = {name: alert for name, alert in group.ended.items() if name in heard}


def _tell_news(group: Group, current: set[Recipient], visible: Sequence[Alert], teller: Teller, at: int) -> bool:
    """
    Tell what is news to whom; to who is not `current` only what is over. Returns whether any of it fires.
    """
    said = False
    for recipient in sorted(current | {recipient_of(key) for key in group.told}, key=recipient_key):
        told = group.told.get(recipient_key(recipient), {})
        news = news_of(group, told, visible)
        if recipient not in current:
            news = News((), (), (), news.over)
        if news.alerts:
            why = reason_of(group, news, told_before=bool(told))
            said |= teller.tell(at, group, recipient, news.alerts, why) and len(news.over) < len(news.alerts)
    return said


def _may_begin(run: Run | None, *, is_new: bool) -> bool:
    """
    Whether an escalation begins: there is none, or it is over without an answer and there is a reason to try again.
    """
    return run is None or (run.over and is_new)


def is_muted(book: Book, leaf: Leaf, at: int) -> bool:
    """
    Whether the calendars of a place keep it quiet; one that is not in force keeps nothing back.
    """
    if any(book.is_open(name, at) for name in leaf.mute_in):
        return True
    only_in = [name for name in leaf.only_in if book.hours_of(name, at) is not None]
    return bool(only_in) and not any(book.is_open(name, at) for name in only_in)
