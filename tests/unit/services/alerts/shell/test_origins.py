"""
What is remembered of where violations came from, and that it is bounded, and nothing where nobody traces.
"""

from dataclasses import dataclass

from services.alerts.shell.origins import Origins
from services.runtime.tracing import TRACEPARENT
from tests.fakes.topic_records import TopicRecord


@dataclass(frozen=True)
class About:
    """
    An alert, as far as it matters here.
    """

    violations: tuple[str, ...]


ALERT = About(("a", "b"))


def record(context: bytes | None) -> TopicRecord:
    return TopicRecord(0, b"", headers=[] if context is None else [(TRACEPARENT, context)])


def test_an_alert_leads_to_the_last_context_of_each_of_its_violations() -> None:
    origins = Origins(active=True)
    for name, context in (("a", b"old"), ("b", b"other"), ("c", b"not asked for"), ("a", b"new"), ("d", None)):
        origins.saw(name, record(context))
    assert origins.of([ALERT]) == (b"new", b"other")


def test_the_oldest_make_room() -> None:
    origins = Origins(active=True, most=2)
    for name in ("a", "b", "a", "c"):
        origins.saw(name, record(name.encode()))
    assert origins.of([ALERT]) == (b"a",)


def test_where_nobody_traces_nothing_is_remembered() -> None:
    origins = Origins()
    origins.saw("a", record(b"there"))
    assert origins.of([ALERT]) == ()
