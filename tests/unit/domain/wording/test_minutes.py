"""
Instants to the minute, for whoever reads a message now: the day only where it is another one, by the reader's clock.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.wording import Voice
from schemas.base import to_millis
from tests.fakes.catalogues import catalogue

AT = to_millis(datetime.fromisoformat("2026-02-02T00:30:00+02:00"))


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-02-02T00:05:59.999+02:00", "00:05"),
        ("2026-02-01T23:59:00+02:00", "1 February 2026, 23:59"),
        ("2026-02-01T22:10:00+00:00", "00:10"),
        ("2025-02-02T00:05:00+02:00", "2 February 2025, 00:05"),
    ],
)
def test_the_day_is_said_where_it_is_another_one(instant: str, said: str) -> None:
    voice = Voice(catalogue("en"), ZoneInfo("Europe/Riga"))
    assert voice.minute(to_millis(datetime.fromisoformat(instant)), beside=AT) == said
