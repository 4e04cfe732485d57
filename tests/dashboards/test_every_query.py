"""
Every question of every dashboard is one that ClickHouse answers, whatever the reader chose, and is answered with rows.
"""

from collections.abc import Callable

import pytest

from dashboards.boards import BOARDS as MADE
from tests.fakes.shown_dashboards import BOARDS, Seen

See = Callable[..., Seen]


@pytest.mark.parametrize("name", BOARDS)
def test_every_panel_has_rows_with_the_defaults(name: str, see: See) -> None:
    seen = see(name)
    for title, sql in seen.questions():
        assert seen.grafana.rows(sql), title


@pytest.mark.parametrize("name", BOARDS)
def test_every_question_can_be_asked_of_one_value_of_every_variable(name: str, see: See) -> None:
    offered = see(name).grafana.options
    assert all(offered.values()), offered
    seen = see(name, **{variable: values[-1] for variable, values in offered.items()})
    for _, sql in seen.questions():
        seen.grafana.rows(sql)


def test_no_two_dashboards_share_an_address() -> None:
    uids = [make().uid for make in MADE]
    assert len(set(uids)) == len(uids)
