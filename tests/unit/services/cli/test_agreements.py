"""
Of a figure that leaves something out it is told by which agreements: those of its standard, its place and its time.
"""

from collections.abc import Mapping

import pytest

from domain.aims import Aim, Finding
from domain.standings import Standing
from schemas.exclusions import Exclusion
from services.cli.agreements import behind, told_agreement

NOON = 1_767_182_400_000
"""Of 31 December 2025, UTC."""
HOUR = 3_600_000


def agreed(ident: str = "cut", applies_to: Mapping[str, str] | None = None, hour: int = 12, **meta: str) -> Exclusion:
    document = {
        "apiVersion": "sqm/v1",
        "kind": "Exclusion",
        "metadata": {"id": ident, "reason": "No power.", "author": "ada", "entered_at": "2026-01-01T00:00:00Z", **meta},
        "applies_to": applies_to or {},
        "from": f"2025-12-31T{hour:02d}:00:00Z",
        "until": f"2025-12-31T{hour + 1:02d}:00:00Z",
    }
    return Exclusion.model_validate(document)


def stood(scope: str = "site:pier", left_out: int = 1, hours: int | None = None) -> Standing:
    end = None if hours is None else NOON + hours * HOUR
    aim = Aim.of("sl_all_offered", 8_000)
    return Standing(
        "wait", 1, scope, "w", "UTC", NOON, end, NOON + 2 * HOUR, aim, Finding.KEPT, 1, 2, 1, 2 + left_out, ()
    )


@pytest.mark.parametrize(
    ("scope", "applies_to", "named"),
    [
        ("site:pier", {}, True),
        ("site:pier", {"standard": "wa*", "site": "p*"}, True),
        ("site:pier", {"standard": "greeting"}, False),
        ("site:pier", {"site": "harbour"}, False),
        ("site:pier", {"queue": "tills"}, True),
        ("queue:pier/tills", {"queue": "tills"}, True),
        ("queue:pier/desk", {"queue": "tills"}, False),
        ("region:north/city", {"site": "harbour"}, True),
        ("organisation", {"site": "harbour"}, True),
    ],
)
def test_an_agreement_about_another_standard_or_place_is_not_named(
    scope: str, applies_to: Mapping[str, str], *, named: bool
) -> None:
    assert bool(behind(stood(scope), [agreed(applies_to=applies_to)])) is named


@pytest.mark.parametrize(("hour", "hours", "named"), [(11, 1, False), (12, 1, True), (13, 1, False), (13, None, True)])
def test_an_agreement_about_another_time_is_not_named(hour: int, hours: int | None, *, named: bool) -> None:
    assert bool(behind(stood(hours=hours), [agreed(hour=hour)])) is named


def test_of_a_figure_that_leaves_nothing_out_none_is_named() -> None:
    assert behind(stood(left_out=0), [agreed()]) == []


def test_an_agreement_is_told_with_its_reason_and_who_entered_and_approved_it() -> None:
    assert told_agreement(agreed(approved_by="council")) == (
        "cut, 2025-12-31 12:00 to 2025-12-31 13:00 (UTC): No power. Entered by ada on 2026-01-01 00:00, "
        "approved by council."
    )
