"""
What a silence would mute, from the transitions of alerts.
"""

import pytest
from pydantic import TypeAdapter

from schemas.alert_routes import Silence
from services.alerts.engine import Alert, would_mute

RIGA = TypeAdapter(Silence).validate_python({
    "id": "fair",
    "match": {"site": "riga*", "severity": ["ticket"]},
    "from": "2026-03-01T00:00:00Z",
    "until": "2026-03-02T00:00:00Z",
    "author": "q",
    "reason": "fair",
})  # fmt: skip
WEEK, NOW = 1_000, 2_000


def alert(name: str, seq: int, at: int, state: str, *, site: str = "riga-1", severity: str = "ticket") -> Alert:
    return Alert(
        id=name, key=name, seq=seq, at=at, state=state, reason="violated", severity=severity, rule="waits",
        labels={"site": site, "severity": severity}, version=1, begun_at=at, open=1, seen=1,
    )  # fmt: skip


def muted(*alerts: Alert) -> tuple[list[str], list[str]]:
    told = would_mute(RIGA, alerts, WEEK, NOW)
    assert would_mute(RIGA, [*reversed(alerts), *alerts], WEEK, NOW) == told
    return [f"{one.id} {one.seq}" for one in told.now], [f"{one.id} {one.seq}" for one in told.before]


@pytest.mark.parametrize("state", ["firing", "acknowledged"])
def test_what_fires_now_is_told_even_if_it_began_long_ago(state: str) -> None:
    assert muted(alert("a", 1, 10, "pending"), alert("a", 2, 20, state)) == (["a 2"], [])


def test_what_was_over_is_told_where_it_fired_within_the_time_that_is_asked_about() -> None:
    over = [alert("a", 1, 10, "firing"), alert("a", 2, WEEK + 1, "resolved")]
    assert muted(*over) == ([], ["a 1"])
    long_over = [alert("a", 1, 10, "firing"), alert("a", 2, WEEK, "resolved")]
    assert muted(*long_over) == ([], [])


def test_what_nobody_was_told_of_or_does_not_fit_is_not_told() -> None:
    assert muted(
        alert("a", 1, 1_500, "pending"),
        alert("b", 1, 1_500, "firing", site="tallinn"),
        alert("c", 1, NOW + 1, "firing"),
    ) == ([], [])


def test_what_became_graver_than_the_silence_covers_is_muted_no_more() -> None:
    graver = [alert("a", 1, 1_500, "firing"), alert("a", 2, 1_600, "firing", severity="page")]
    assert muted(*graver) == ([], ["a 1"])


def test_alerts_are_told_in_the_order_in_which_they_began() -> None:
    assert muted(alert("b", 1, 1_500, "firing"), alert("a", 1, 1_600, "firing")) == (["b 1", "a 1"], [])
