"""
Evidence: what was said of violations, bounded by bytes, cut where it is too long, the same after a restart.
"""

import msgspec
import pytest

from schemas.outcomes import Violation
from services.alerts.engine import Alert
from services.alerts.shell.evidence import LONGEST, Evidence, Known
from tests.fakes.alerts_office import NOON, reported, waits


def alert(*violations: str) -> Alert:
    return Alert(
        "k#1", "k", 1, NOON, "firing", "violated", "page", "all", {}, 1, NOON, 1, 1, violations=violations
    )  # fmt: skip


def names(evidence: Evidence, *asked: str) -> list[str]:
    return [name for name in asked if evidence.of(alert(f"v-{name}")) is not None]


def violation_in(known: Known | None) -> Violation:
    assert known is not None
    assert known.violation is not None
    return known.violation


def kept(*some: str, most_bytes: int = 1 << 20) -> Evidence:
    evidence = Evidence(most_bytes)
    for name in some:
        evidence.keep(f"v-{name}", waits(name))
    return evidence


def again(evidence: Evidence) -> Evidence:
    """
    After a restart.
    """
    found = Evidence(3 * len(waits("a")) + len("Full."))
    found.restore(evidence.changed() | {"outbox.00": b""})
    return found


def test_of_an_alert_the_oldest_violation_of_which_anything_is_known_tells_why() -> None:
    evidence = kept("b", "c")
    assert violation_in(evidence.of(alert("v-a", "v-b", "v-c"))).id == "v-b"
    assert evidence.of(alert("v-a")) is None


def test_the_oldest_make_room_by_bytes_and_what_came_again_is_young() -> None:
    evidence = kept("a", "b", "c", "a", "d", most_bytes=3 * len(waits("a")))
    assert names(evidence, *"abcd") == ["a", "c", "d"]


def test_what_is_over_makes_room_before_what_is_open_and_is_forgotten_when_nobody_asks() -> None:
    evidence = kept("a", "b", "c", most_bytes=3 * len(waits("a")))
    evidence.is_over("v-b")
    evidence.is_over("v-unknown")
    assert names(evidence, *"abc") == ["a", "b", "c"]
    evidence.keep("v-d", waits("d"))
    assert names(evidence, *"abcd") == ["a", "c", "d"]
    evidence.is_over("v-c")
    evidence.forget_over()
    assert names(evidence, *"abcd") == ["a", "d"]


def test_after_a_restart_the_same_is_known_in_the_same_order() -> None:
    evidence = kept("a", "b", "c")
    evidence.is_over("v-c")
    evidence.keep_report("external:x", reported(summary="Full."))
    after = again(evidence)
    assert after.of(alert("external:x")) == Known(None, ("Full.",), cut=False)
    assert after.of(alert("v-b")) == evidence.of(alert("v-b"))
    after.keep("v-d", waits("d"))
    assert names(after, *"abcd") == ["a", "b", "d"], "what is over made room"
    after.keep("v-e", waits("e"))
    assert names(after, *"abde") == ["b", "d", "e"], "then the oldest"


def test_only_what_has_changed_is_saved() -> None:
    evidence = kept("a", "b")
    assert len(evidence.changed()) == 2
    assert evidence.changed() == {}
    evidence.is_over("v-a")
    evidence.forget_over()
    assert list(evidence.changed().values()) == [b""]


def test_what_somebody_restores_replaces_what_was_there() -> None:
    evidence = kept("a")
    evidence.restore({})
    assert names(evidence, "a") == []
    with pytest.raises(msgspec.MsgspecError):
        evidence.restore({"evidence.1": b"\x05"})


def test_of_a_report_without_words_nothing_is_kept() -> None:
    evidence = Evidence()
    evidence.keep_report("external:x", reported())
    assert evidence.changed() == {}


def long(field: str, bytes_of_it: int) -> bytes:
    said = msgspec.json.decode(waits("a"))
    entry = {"at": NOON, "role": "other", "type": "sqm.journey.arrived", "source": "x" * 100, "id": "y"}
    return msgspec.json.encode(said | {field: [entry] * (bytes_of_it // len(msgspec.json.encode(entry)))})


def test_what_is_too_long_loses_most_of_its_trail_and_says_so() -> None:
    evidence = Evidence()
    evidence.keep("v-a", long("trail", 60_000))
    known = evidence.of(alert("v-a"))
    assert known is not None
    assert known.cut
    assert len(violation_in(known).trail) == 5
    assert sum(map(len, evidence.changed().values())) < LONGEST


def test_of_what_is_too_long_otherwise_only_that_it_was_cut_is_kept() -> None:
    evidence = Evidence()
    evidence.keep("v-a", waits("a").replace(b'"v-a"', b'"' + b"v" * 60_000 + b'"'))
    assert evidence.of(alert("v-a")) == Known(None, (), cut=True)


@pytest.mark.parametrize("value", [b"{", b'{"id":"v-a"}'])
def test_what_cannot_be_read_is_not_known(value: bytes) -> None:
    evidence = Evidence()
    evidence.keep("v-a", value)
    assert evidence.of(alert("v-a")) is None
