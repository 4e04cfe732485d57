"""
The path that an alert takes through the tree of routes, and who would be told at each place.
"""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from domain.moments import written_duration
from schemas.alert_labels import Matcher
from schemas.alerting import Alerting
from services.alerts.engine import Book, Reached, recipients_of
from services.runtime.errors import Misconfigured
from services.runtime.faults import problem_of

__all__ = ["told_at"]


def told_at(alerting: Alerting, labels: Mapping[str, str], at: int) -> Iterator[str]:
    """
    Say, in lines, in which group an alert with these labels stays and who is told there at an instant: `route.0.2` is
    the third branch of the first one. Raises Misconfigured
    where no alert has such a severity, kind or agreement.
    """
    try:
        Matcher.model_validate({name: (value,) for name, value in labels.items()})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0])
        raise Misconfigured(f"--label {name}={labels[name][:80]}: {problem_of(fault)}") from error
    book = Book(alerting)
    severity = labels.get("severity", "ticket")
    for leaf in book.routing.leaves_of(labels):
        yield f"{leaf.group_of(labels)}:"
        wait, interval, again = map(written_duration, (leaf.group_wait, leaf.group_interval, leaf.repeat_interval))
        yield f"  first after {wait}, what is new after {interval}, reminded every {again}"
        for receiver in leaf.receivers:
            yield f"  {receiver}: at once"
        policy = book.escalations.get(leaf.escalation or "")
        for number, step in enumerate(policy.steps if policy is not None else (), 1):
            for target in step.notify:
                reached = recipients_of(book, {}, target, severity, at)
                yield f"  {leaf.escalation} step {number}, {target}: {_people(reached)}"
            yield f"    then waits {written_duration(step.wait)}"
        if not leaf.receivers and policy is None:
            yield "  nobody is told: neither receivers nor an escalation are said here"


def _people(reached: Reached) -> str:
    told = [
        (f"{one.recipient.person} by {one.recipient.receiver}" if one.recipient.person else one.recipient.receiver)
        + (f" after {written_duration(one.after)}" if one.after else "")
        for one in reached.reaches
    ]
    return ", ".join([*told, *(f"{reason.value.replace('_', ' ')} ({about})" for reason, about in reached.notes)])
