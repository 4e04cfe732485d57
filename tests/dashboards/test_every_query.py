"""
Every question of every dashboard is one that ClickHouse or Prometheus answers, whatever the reader chose, and is
answered with rows.
"""

from collections.abc import Callable

import pytest

from tests.fakes.shown_dashboards import BOARDS, Seen

See = Callable[..., Seen]

QUIET = {"Silences"}
"""Panels of what a season does not have; the tests of their dashboards look at them elsewhere."""


@pytest.mark.parametrize("name", BOARDS)
def test_every_panel_has_rows(name: str, see: See) -> None:
    seen = see(name)
    for panel in seen.panels:
        assert panel["type"] == "text" or panel["title"] in QUIET or seen.grafana.panel(panel), panel["title"]


@pytest.mark.parametrize("name", BOARDS)
def test_every_question_can_be_asked_of_one_value_of_every_variable(name: str, see: See) -> None:
    offered = see(name).grafana.options
    assert all(offered.values()), offered
    seen = see(name, **{variable: values[-1] for variable, values in offered.items()})
    for panel in seen.panels:
        seen.grafana.panel(panel)


def test_no_two_dashboards_share_an_address() -> None:
    assert len({one["uid"] for one in BOARDS.values()}) == len(BOARDS)


def test_every_link_leads_to_a_dashboard() -> None:
    led = {
        link["url"].split("?")[0].removeprefix("/d/")
        for dashboard in BOARDS.values()
        for panel in dashboard["panels"]
        for override in panel.get("fieldConfig", {}).get("overrides", ())
        for one in override["properties"]
        if one["id"] == "links"
        for link in one["value"]
    }
    assert {"sqm-site"} < led <= {one["uid"] for one in BOARDS.values()}
