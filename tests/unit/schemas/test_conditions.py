"""
What a condition says about the events that it waits for.
"""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.conditions import EventType

EVENT: TypeAdapter[str] = TypeAdapter(EventType)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("journey.caled", "did you mean 'journey.called'?"),
        ("sqm.journey.caled", "did you mean 'journey.called'?"),
        ("zzz", "the reference of events lists them"),
    ],
)
def test_an_event_that_does_not_exist_is_told_with_the_nearest_one(written: str, hint: str) -> None:
    with pytest.raises(ValidationError, match=f"no service event is called '{written}'; ") as caught:
        EVENT.validate_python(written)
    assert hint in str(caught.value)
