"""
An agent's word on when it received a webhook counts where it can be true.
"""

import pytest

from schemas.base import format_instant
from services.ingest.engine.receipts import OLDEST_MS, told_receipt

NOW = 1_770_000_000_000
HOUR = 3_600_000


def told(received_at: int, skew: int = 0) -> int:
    return told_receipt({"sqm-received-at": format_instant(received_at), "sqm-clock-skew-ms": str(skew)}, NOW)


def test_what_waited_was_received_when_the_agent_says_by_our_clock() -> None:
    assert told(NOW - HOUR) == NOW - HOUR
    assert told(NOW + HOUR, skew=2 * HOUR) == NOW - HOUR
    assert told(NOW - 2 * HOUR, skew=-HOUR) == NOW - HOUR


def test_nothing_was_received_later_than_now_or_longer_ago_than_it_would_be_stored() -> None:
    assert told(NOW - OLDEST_MS) == NOW - OLDEST_MS
    assert told(NOW - OLDEST_MS - 1) == NOW
    assert told(NOW + 1) == NOW
    assert told(NOW - HOUR, skew=-2 * HOUR) == NOW


@pytest.mark.parametrize(
    ("received_at", "skew"),
    [
        (None, "0"), ("2026-02-02T02:00:00Z", None), ("", ""), ("2026-02-02T02:00:00", "0"),
        ("2026-02-02T02:00:00Z,2026-02-02T02:00:00Z", "0"), ("2026-13-02T02:00:00Z", "0"),
        ("2026-02-02T02:00:00Z", "0.5"), ("2026-02-02T02:00:00Z", "٣"), ("2026-02-02T02:00:00Z", "9" * 5_000),
    ],
)  # fmt: skip
def test_a_word_that_is_missing_or_written_otherwise_is_none(received_at: str | None, skew: str | None) -> None:
    headers = {"sqm-received-at": received_at, "sqm-clock-skew-ms": skew}
    assert told_receipt({name: text for name, text in headers.items() if text is not None}, NOW) == NOW
