"""
A database of each test's own, on every way to reach one.
"""

from collections.abc import Iterator

import pytest

from services.runtime.clickhouse import ClickHouseSettings, Database
from tests.fakes.databases import DRIVERS, opened, place_of, settings_for


@pytest.fixture(params=DRIVERS)
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ClickHouseSettings:
    return settings_for(request.param, tmp_path_factory.getbasetemp())


@pytest.fixture
def database(settings: ClickHouseSettings) -> Iterator[Database]:
    """
    The database with its tables.
    """
    yield from opened(settings)


@pytest.fixture
def place(settings: ClickHouseSettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """
    Where a command finds the database.
    """
    return place_of(settings, monkeypatch.setenv)
