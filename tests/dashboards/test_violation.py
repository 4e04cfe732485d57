"""
The dashboard of one violation shows it as the engine said it, with the trail that it rests on.
"""

from collections.abc import Callable

import pytest

from services.sla.engine import Violation
from tests.fakes.shown_dashboards import BOARDS, Rows, Seen


def facts(rows: Rows, one: Violation) -> None:
    assert [(row["Site"], row["Journey"], row["Took"], row["Limit"], row["State"]) for row in rows] == [
        (one.site, one.journey, one.value_ms, one.limit_ms, one.state)
    ]


def promise(rows: Rows, one: Violation) -> None:
    assert [(row["Standard"], row["Version"], row["Limit"]) for row in rows] == [
        (one.standard, one.version, one.limit_ms)
    ]


def trail(rows: Rows, one: Violation) -> None:
    assert [(row["Part"], row["Event"], row["Id"]) for row in rows] == [
        (entry.role, entry.type, entry.id) for entry in one.trail
    ]


def events(rows: Rows, one: Violation) -> None:
    assert {entry.id for entry in one.trail} <= {row["Id"] for row in rows}


EXPECTED: dict[str, Callable[[Rows, Violation], None]] = {
    "What happened": facts,
    "What was promised": promise,
    "The trail": trail,
    "All events of the journey": events,
}
PANELS = [one["title"] for one in BOARDS["violation"]["panels"] if one["type"] not in {"row", "text"}]


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_shows_the_violation(title: str, see: Callable[..., Seen]) -> None:
    seen = see("violation")
    (one,) = [one for one in seen.truth.violations if one.id == seen.grafana.chosen["violation"][0]]
    EXPECTED[title](seen.rows(title), one)
