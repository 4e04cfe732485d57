"""
History and metrics to ask: stored once for all dashboards.
"""

from collections.abc import Callable, Iterator

import pytest

from services.runtime.clickhouse import Database
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.grafana import Grafana
from tests.fakes.metrics_past import measured
from tests.fakes.prometheus_past import Past, remembering
from tests.fakes.shown_dashboards import BOARDS, END, OF_WEEKS, Seen, filled, look, seen_truth
from tests.fakes.simulated_history import Told
from tests.season import SEASON, Seeded


@pytest.fixture(scope="session")
def truth() -> Told:
    return seen_truth()


@pytest.fixture(scope="session")
def history(truth: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    for database in opened(settings_for("folder", tmp_path_factory.getbasetemp()), keep_days=FOR_EVER):
        filled(database, truth)
        yield database


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    with remembering(tmp_path_factory.mktemp("prometheus"), measured(END // 1_000)) as running:
        yield running


@pytest.fixture(scope="session")
def past_of_season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    with remembering(tmp_path_factory.mktemp("prometheus"), measured(SEASON.ends_at // 1_000)) as running:
        yield running


@pytest.fixture(scope="session")
def see(history: Database, past: Past, truth: Told, request: pytest.FixtureRequest) -> Callable[..., Seen]:
    """
    A function that shows a dashboard, with some variables chosen: of weeks from a season.
    """

    opened_before: dict[str, Grafana] = {}

    def seen(name: str, **chosen: str) -> Seen:
        # What variables offer is asked once for each dashboard.
        if name not in opened_before and name in OF_WEEKS:
            season: Seeded = request.getfixturevalue("season")
            later: Past = request.getfixturevalue("past_of_season")
            opened_before[name] = look(name, season.database, later, SEASON.begins_at, SEASON.ends_at)
        elif name not in opened_before:
            opened_before[name] = look(name, history, past)
        return Seen(BOARDS[name], opened_before[name].choosing(**chosen), truth)

    return seen
