"""
Publishing a configuration over HTTP: what is broken names its field, and a role decides what may differ.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.alerts.shell.config_api import LONGEST
from tests.fakes.alerts_api import ApiBench, api_bench

NEVER = {
    "id": "never", "match": {"site": "s1"}, "from": "2026-01-01T00:00:00Z", "author": "anna", "reason": "Works",
    "again": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "zone": "UTC", "duration": "1h"},
}  # fmt: skip


@pytest.fixture
async def api() -> AsyncIterator[ApiBench]:
    async with api_bench() as made:
        yield made


def in_force(api: ApiBench) -> dict[str, Any]:
    assert api.bench.book is not None
    said: dict[str, Any] = api.bench.book.said.model_dump(mode="json", by_alias=True, exclude_none=True)
    return said


@pytest.mark.parametrize(
    ("who", "rules", "all_else"), [("viewer", 403, 403), ("anna", 403, 403), ("olga", 202, 403), ("root", 202, 202)]
)
async def test_rules_are_an_owner_s_to_publish_and_all_else_an_administrator_s(
    api: ApiBench, who: str, rules: int, all_else: int
) -> None:
    said = in_force(api)
    lighter = said | {"rules": [one | {"severity": "info"} for one in said["rules"]]}
    renamed = said | {"receivers": [one | {"title": "Elsewhere"} for one in said["receivers"]]}
    statuses = [(await api.ask("POST", "/v1/alerting", who, json=one)).status_code for one in (lighter, renamed)]
    assert statuses == [rules, all_else]
    assert len(api.published) == statuses.count(202)


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"kind": "Standard"}, "kind"),
        ({"rules": [{"id": "all", "severity": "loud"}]}, "rules[0].severity"),
        ({"route": {"receivers": ["nobody"]}}, "route.receivers[0]"),
        ({"silences": [NEVER]}, "silences[0].again.rule"),
    ],
)
async def test_what_is_broken_names_its_field_and_publishes_nothing(
    api: ApiBench, different: dict[str, Any], field: str
) -> None:
    answer = await api.ask("POST", "/v1/alerting", "root", json=in_force(api) | different)
    assert (answer.status_code, answer.json()["reason"]) == (422, "invalid")
    assert answer.json()["field"] == field
    assert api.published == []


async def test_while_the_broker_is_away_nothing_is_published(api: ApiBench) -> None:
    api.away = True
    answer = await api.ask("POST", "/v1/alerting", "root", json=in_force(api))
    assert (answer.status_code, answer.json()["reason"]) == (503, "not_now")


async def test_a_configuration_without_end_is_not_read(api: ApiBench) -> None:
    answer = await api.ask("POST", "/v1/alerting", "root", content=b" " * (LONGEST + 1))
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")


async def test_before_any_is_in_force_the_first_one_is_an_administrator_s() -> None:
    async with api_bench(stands_by=True) as standby:
        said = in_force(standby)
        assert (await standby.ask("POST", "/v1/alerting", "olga", json=said)).status_code == 403
        assert (await standby.ask("POST", "/v1/alerting", "root", json=said)).status_code == 202
