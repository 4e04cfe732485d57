"""
Groups: what is news, and to whom.
"""

import pytest

from services.alerts.engine.groups import Group, is_fresh
from services.alerts.engine.outcomes import Alert, Told


@pytest.mark.parametrize(
    ("known", "fresh"),
    [({}, True), ({"room": "ticket"}, True), ({"room": "page"}, False), ({"room": "ticket", "board": "page"}, False)],
)
def test_an_alert_is_fresh_as_long_as_nobody_knows_how_grave_it_is(known: dict[str, str], *, fresh: bool) -> None:
    alert = Alert(
        id="wait|site:north#0", key="wait|site:north", seq=2, at=0, state="firing", reason="more_severe",
        severity="page", rule="waits", labels={}, version=1, begun_at=0, open=1, seen=1,
    )  # fmt: skip
    told = {name: {alert.id: Told(alert.id, 1, "firing", severity)} for name, severity in known.items()}
    assert is_fresh(Group("route{}", "route", told=told), alert) is fresh
