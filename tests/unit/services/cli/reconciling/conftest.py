"""
The two services that a reconciliation speaks to: history, which it asks, and ingest, which it sends to.
"""

from collections.abc import Iterator

import pytest

from tests.fakes.history_service import HistoryService, history_service
from tests.fakes.small_ingest import SmallIngest


@pytest.fixture
def history() -> Iterator[HistoryService]:
    with history_service() as service:
        yield service


@pytest.fixture
def ingest() -> Iterator[SmallIngest]:
    with SmallIngest() as ingest:
        yield ingest
