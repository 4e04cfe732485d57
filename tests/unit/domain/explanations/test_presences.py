"""
What is said of silence: since when, how often a sign was due, and how it ended.
"""

from typing import Any

import pytest

from domain.explanations import At, explain_violation, say
from schemas.standards import Standard
from services.cli.standard_words import in_words
from tests.fakes.catalogues import text
from tests.fakes.other_kinds import MINUTE, SILENT, TILLS, of_kind, violated
from tests.fakes.outcomes import T0

AGAIN = T0 + 10 * MINUTE


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"state": "opened", "reason": "silent", "closed_at": None}, "Silent: /till/2 at centre has given no sign"),
        ({"reason": "reported_again", "closed_at": AGAIN}, "No longer silent: /till/2 at centre gave no sign between"),
        ({"reason": "forgotten", "closed_at": AGAIN}, "Forgotten: /till/2 at centre has given no sign since"),
        ({"reason": "standard_retired", "closed_at": AGAIN}, "No longer awaited: /till/2 at centre has given no sign"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", [TILLS, None])
def test_every_state_of_silence_has_its_headline(changes: dict[str, Any], headline: str, of: Standard | None) -> None:
    silence = violated(TILLS, **SILENT, **changes)
    assert text(silence, of).startswith(headline)
    assert ("It was noticed 1 ms after" in text(silence, of)) == (silence.closed_at is None)
    assert explain_violation(silence, of).remedies == (say("keep-sign", due=At(T0 + 6 * MINUTE)),)


def test_the_last_sign_is_known_to_the_second_once_another_one_came() -> None:
    exact = violated(TILLS, **SILENT | {"arrived_at": T0 + 250}, state="opened", reason="silent", closed_at=None)
    assert explain_violation(exact, None).headline.arguments["since"] == At(T0 + 250)
    over = violated(TILLS, **SILENT, reason="reported_again", closed_at=AGAIN, arrived_at=AGAIN)
    assert explain_violation(over, None).headline.arguments["since"] == At(T0)


def test_the_second_of_the_last_sign_is_no_number_of_turns() -> None:
    explanation = explain_violation(violated(TILLS, **SILENT, reason="forgotten"), None)
    assert [one.key for one in explanation.about] == ["about-journey"]


def test_what_presence_demands_has_no_objective() -> None:
    assert in_words(TILLS, "en") == [
        "Tills report: who should report (tills, version 1)",
        "a sign at least every 6 min",
    ]
    by_day = of_kind("tills", "Tills", "rate", "100%", presence={"every": "5m", "calendar": "shops"})
    assert in_words(by_day, "en")[-1].startswith("calendar shops")
