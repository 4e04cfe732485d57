"""
Rights: what each role may do about alerts.
"""

from itertools import pairwise

import pytest

from schemas.alert_commands import ACTIONS, Action
from services.alerts.engine import Role, may


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in {"comment", "feedback"}])
def test_who_only_looks_may_neither_silence_nor_change_what_counts(action: Action) -> None:
    assert not may(Role.VIEWER, action)
    assert may(Role.OPERATOR, action)


def test_who_may_see_an_alert_may_say_what_they_think_of_it() -> None:
    assert may(Role.VIEWER, "feedback")
    assert may(Role.VIEWER, "comment")


def test_only_owners_change_the_configuration() -> None:
    assert [role for role in Role if may(role, None)] == [Role.OWNER, Role.ADMINISTRATOR]


def test_each_role_may_do_what_those_before_it_may() -> None:
    for lesser, greater in pairwise(Role):
        assert {one for one in (*ACTIONS, None) if may(lesser, one)} <= {
            one for one in (*ACTIONS, None) if may(greater, one)
        }
