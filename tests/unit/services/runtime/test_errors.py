"""
Errors that come together.
"""

from services.runtime.errors import Misconfigured, Transient, first_of


def test_of_errors_that_came_together_the_first_is_found_however_deep() -> None:
    alone, other = Misconfigured("wrong"), Transient("away")
    assert first_of(alone) is alone
    assert first_of(ExceptionGroup("both", [ExceptionGroup("inner", [alone]), other])) is alone
