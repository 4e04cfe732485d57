"""
History to ask: stored once for all dashboards.
"""

from collections.abc import Callable, Iterator

import pytest

from services.runtime.clickhouse import Database
from tests.fakes.databases import opened, settings_for
from tests.fakes.grafana import Grafana
from tests.fakes.shown_dashboards import BOARDS, SPAN, Seen, filled, seen_truth
from tests.fakes.simulated_history import Told


@pytest.fixture(scope="session")
def truth() -> Told:
    return seen_truth()


@pytest.fixture(scope="session")
def history(truth: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    for database in opened(settings_for("folder", tmp_path_factory.getbasetemp())):
        filled(database, truth)
        yield database


@pytest.fixture(scope="session")
def see(history: Database, truth: Told) -> Callable[..., Seen]:
    """
    A function that shows a dashboard with its defaults, or with some variables chosen.
    """

    def seen(name: str, **chosen: str) -> Seen:
        grafana = Grafana(BOARDS[name], history, SPAN)
        grafana.choose(**chosen)
        return Seen(BOARDS[name], grafana, truth)

    return seen
