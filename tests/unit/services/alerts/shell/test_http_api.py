"""
What is asked of alerts over HTTP: who may, what is refused by which name, and that a command is a record of the trail.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from schemas.base import format_instant
from services.alerts.shell.http_api import LONGEST, LONGEST_HOOK
from services.alerts.shell.paging import Asked, asked_for, page
from tests.fakes.alerts_api import KEY, ApiBench, api_bench
from tests.fakes.alerts_office import NOON, until

UNTIL = format_instant(NOON + 86_400_000)
SILENCE: dict[str, Any] = {
    "id": "works", "match": {"site": ["s1"]}, "from": "2026-01-01T00:00:00Z", "until": UNTIL,
    "author": "somebody", "reason": "Works",
}  # fmt: skip


@pytest.fixture
async def api() -> AsyncIterator[ApiBench]:
    async with api_bench() as made:
        await made.fires()
        yield made


@pytest.fixture
async def standby() -> AsyncIterator[ApiBench]:
    async with api_bench(stands_by=True) as made:
        yield made


@pytest.mark.parametrize(
    ("who", "status", "reason"),
    [(None, 401, "no_token"), ("sqm_x_y", 401, "no_token"), ("till", 403, "not_allowed"), ("odd", 403, "not_allowed")],
)
async def test_who_shows_no_token_or_one_without_a_known_role_is_refused(
    api: ApiBench, who: str | None, status: int, reason: str
) -> None:
    for method, path in (
        ("GET", "/v1/alerts"), ("GET", f"/v1/alerts/{KEY}"), ("GET", "/v1/silences"), ("GET", "/v1/on-call"),
        ("POST", "/v1/alert-commands"), ("POST", "/v1/alertmanager"),
    ):  # fmt: skip
        answer = await api.ask(method, path, who)
        assert (answer.status_code, answer.json()["reason"]) == (status, reason), path


async def test_a_role_may_so_much_and_no_more(api: ApiBench) -> None:
    assert (await api.ask("GET", "/v1/alerts", "viewer")).status_code == 200
    assert (await api.command("viewer", action="comment", alert=KEY, note="seen")).status_code == 202
    refused = await api.command("viewer", action="acknowledge", alert=KEY)
    assert (refused.status_code, refused.json()["reason"]) == (403, "not_allowed")
    assert (await api.ask("POST", "/v1/alertmanager", "viewer", json={})).status_code == 403


async def test_alerts_are_found_by_their_labels_and_state(api: ApiBench) -> None:
    await api.fires("s2")
    for wanted, keys in (
        ("", [KEY, "wait|queue:s2/tills"]), ("?site=s1", [KEY]), ("?state=acknowledged", []),
        ("?state=firing&site=s2", ["wait|queue:s2/tills"]), ("?region=x", []),
    ):  # fmt: skip
        found = (await api.ask("GET", f"/v1/alerts{wanted}")).json()["alerts"]
        assert [one["key"] for one in found] == keys
    refused = await api.ask("GET", "/v1/alerts?sitee=s1")
    assert (refused.status_code, refused.json()["field"]) == (400, "sitee")


async def test_a_list_comes_in_pages_of_which_each_alert_is_on_one_whatever_comes_and_goes(api: ApiBench) -> None:
    for site in ("s2", "s3", "s4", "s5"):
        await api.fires(site)
    first = (await api.ask("GET", "/v1/alerts?limit=2")).json()
    await api.fires("s0")
    await api.command(action="resolve", alert="wait|queue:s2/tills")
    await until(lambda: api.state("wait|queue:s2/tills") is None)
    second = (await api.ask("GET", f"/v1/alerts?limit=2&after={first['next']}")).json()
    last = (await api.ask("GET", f"/v1/alerts?limit=2&after={second['next']}")).json()
    sites = [[one["labels"]["site"] for one in page["alerts"]] for page in (first, second, last)]
    assert sites == [["s1", "s2"], ["s3", "s4"], ["s5"]]
    assert last["next"] is None
    exact = (await api.ask("GET", "/v1/alerts?limit=1&site=s5")).json()
    assert (len(exact["alerts"]), exact["next"]) == (1, None)


@pytest.mark.parametrize("path", ["/v1/alerts", "/v1/silences", "/v1/on-call"])
@pytest.mark.parametrize(
    ("wrong", "field"), [("limit=0", "limit"), ("limit=1001", "limit"), ("limit=²", "limit"), ("after=%C3%BC", "after"),
                         ("after=_w", "after"), ("after=x", "after")]
)  # fmt: skip
async def test_a_page_that_cannot_be_is_refused_by_its_field(api: ApiBench, path: str, wrong: str, field: str) -> None:
    refused = await api.ask("GET", f"{path}?{wrong}")
    assert (refused.status_code, refused.json()["reason"], refused.json()["field"]) == (400, "bad_page", field)


async def test_others_get_their_turn_while_a_long_list_is_looked_through(api: ApiBench) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    asked = asked_for({})
    assert isinstance(asked, Asked)
    await page("alerts", map(str, range(20_000)), asked, lambda _: None)
    counting.cancel()
    assert turns >= 50


async def test_another_s_silence_is_an_administrator_s_to_end_and_to_replace(api: ApiBench) -> None:
    assert (await api.command("boris", action="silence", silence=SILENCE)).status_code == 202
    await until(lambda: api.muted() == "silence")
    for said in ({"action": "unsilence", "ends": "works"}, {"action": "silence", "silence": SILENCE}):
        for who in ("anna", "olga"):
            refused = await api.command(who, **said)
            assert (refused.status_code, refused.json()["needs"]) == (403, "administrator")
    assert (await api.command("root", action="unsilence", ends="works")).status_code == 202
    await until(lambda: api.muted() is None)


async def test_who_stands_by_does_not_know_whose_silence_it_is(standby: ApiBench) -> None:
    asked = await standby.command("anna", action="unsilence", ends="works")
    assert (asked.status_code, asked.json()["reason"]) == (503, "stands_by")
    assert (await standby.command("root", action="unsilence", ends="works")).status_code == 202


async def test_a_comment_that_carries_a_silence_is_refused(api: ApiBench) -> None:
    refused = await api.command("viewer", action="comment", alert=KEY, note="x", silence=SILENCE)
    assert (refused.status_code, refused.json()["field"]) == (400, "silence")
    assert api.offered == []


async def test_one_alert_is_shown_in_full_and_an_unknown_one_is_named(api: ApiBench) -> None:
    shown = (await api.ask("GET", "/v1/alerts/wait%7Cqueue%3As1%2Ftills")).json()
    assert (shown["key"], shown["state"], shown["muted_by"]) == (KEY, "firing", None)
    unknown = await api.ask("GET", "/v1/alerts/no|such")
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "no_such_alert")


async def test_a_command_says_who_gave_it_and_when_whatever_its_body_says(api: ApiBench) -> None:
    taken = await api.command(action="acknowledge", alert=KEY, by="boss", at=1, id="mine")
    assert taken.status_code == 202
    (command,) = api.offered
    assert (command.by, command.at) == ("anna", NOON)
    assert command.id == taken.json()["id"] != "mine"
    await until(lambda: api.state() == "acknowledged")


async def test_two_commands_of_one_instant_are_two_and_a_repeated_one_is_one(api: ApiBench) -> None:
    first = await api.command(action="comment", alert=KEY, note="one")
    other = await api.command(action="comment", alert=KEY, note="two")
    again = await api.command(action="comment", alert=KEY, note="one")
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]


async def test_nobody_can_take_the_name_of_another_s_command_or_of_a_link(api: ApiBench) -> None:
    names = [
        (await api.ask("POST", "/v1/alert-commands", who, json=said, headers={"idempotency-key": "link-1"})).json()[
            "id"
        ]
        for who in ("anna", "boris")
        for said in [{"action": "comment", "alert": KEY, "note": "x"}]
    ]
    assert len({*names, "link-1"}) == 3


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({"action": "dance"}, 400, "invalid"),
        ({"action": "hand_over", "alert": KEY}, 400, "invalid"),
        ({"action": "acknowledge", "alert": KEY, "until": NOON - 1}, 400, "invalid"),
        ({"action": "acknowledge", "alert": "no|such"}, 404, "no_such_alert"),
        ({"action": "comment", "alert": "no|such", "note": "x"}, 404, "no_such_alert"),
        ({"action": "hand_over", "alert": KEY, "to": "nobody"}, 404, "no_such_person"),
        ({"action": "unsilence", "ends": "nothing"}, 404, "no_such_silence"),
        (
            {
                "action": "override", "schedule": "night",
                "override": {"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"},
            },
            404,
            "no_such_schedule",
        ),
    ],
)  # fmt: skip
async def test_a_command_that_cannot_be_obeyed_is_refused_by_name(
    api: ApiBench, said: dict[str, Any], status: int, reason: str
) -> None:
    answer = await api.command(**said)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert api.offered == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"a":' * 5_000, b'{"note":"\xff"}'])
async def test_what_is_no_command_at_all_is_refused(api: ApiBench, body: bytes) -> None:
    answer = await api.ask("POST", "/v1/alert-commands", content=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, "not_json")


@pytest.mark.parametrize(("path", "longest"), [("/v1/alert-commands", LONGEST), ("/v1/alertmanager", LONGEST_HOOK)])
async def test_a_body_that_is_too_large_is_not_read_to_its_end(api: ApiBench, path: str, longest: int) -> None:
    answer = await api.ask("POST", path, content=b" " * (longest + 1))
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")


async def test_where_the_broker_is_away_nothing_is_taken(api: ApiBench) -> None:
    api.away = True
    assert (await api.command(action="acknowledge", alert=KEY)).status_code == 503
    assert (await api.ask("POST", "/v1/alertmanager", json=HOOK)).status_code == 503


async def test_a_silence_has_the_author_of_the_token_and_is_listed(api: ApiBench) -> None:
    assert (await api.command(action="silence", silence=SILENCE)).status_code == 202
    await until(lambda: api.bench.topics.records["commands"][0] != [])

    def muted() -> bool:
        assert api.office.desk is not None
        return api.office.desk.state.cases[KEY].muted == "silence"

    await until(muted)
    (listed,) = (await api.ask("GET", "/v1/silences")).json()["silences"]
    assert (listed["id"], listed["author"], listed["holds"]) == ("works", "anna", True)
    assert (await api.ask("GET", f"/v1/alerts/{KEY}")).json()["muted_by"] == "silence"
    assert (await api.command(action="unsilence", ends="works")).status_code == 202
    await until(lambda: not muted())


async def test_what_somebody_thinks_of_an_alert_is_taken_also_when_it_is_over(api: ApiBench) -> None:
    assert (await api.command(action="resolve", alert=KEY)).status_code == 202
    await until(lambda: api.state() is None)
    assert (await api.command(action="acknowledge", alert=KEY)).status_code == 404
    assert (await api.command("viewer", action="feedback", alert=KEY, verdict="false")).status_code == 202
    await until(lambda: ("resolved", "feedback") in api.bench.states())


async def test_who_stands_by_says_so_and_takes_commands_all_the_same(standby: ApiBench) -> None:
    for path in ("/v1/alerts", f"/v1/alerts/{KEY}", "/v1/silences", "/v1/on-call"):
        answer = await standby.ask("GET", path)
        assert (answer.status_code, answer.json()["reason"]) == (503, "stands_by")
    assert (await standby.command(action="acknowledge", alert=KEY)).status_code == 202


HOOK: dict[str, Any] = {
    "version": "4", "status": "firing", "receiver": "sqm", "groupLabels": {}, "truncatedAlerts": 0,
    "alerts": [
        {
            "status": "firing", "labels": {"alertname": "DiskFull", "site": "s9", "severity": "critical"},
            "annotations": {}, "startsAt": "2026-10-26T07:00:00.123456789Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus/graph", "fingerprint": "f1",
        }
    ],
}  # fmt: skip
OF_DISK = "DiskFull|site:s9"


async def test_alertmanager_s_alerts_become_ours_and_end_with_theirs(api: ApiBench) -> None:
    for _ in range(2):
        assert (await api.ask("POST", "/v1/alertmanager", json=HOOK)).json() == {"taken": 1, "refused": [], "ours": 0}
    await until(lambda: api.state(OF_DISK) == "firing")
    resolved = HOOK | {"alerts": [HOOK["alerts"][0] | {"status": "resolved", "endsAt": "2026-10-26T08:00:00Z"}]}
    assert (await api.ask("POST", "/v1/alertmanager", json=resolved)).status_code == 200
    await until(lambda: api.state(OF_DISK) is None)
    # What was sent before its end and comes after it does not raise it again.
    await api.ask("POST", "/v1/alertmanager", json=HOOK)
    await api.command(action="comment", alert=KEY, note="afterwards")
    await until(lambda: ("firing", "commented") in api.bench.states())
    of_disk = [one["state"] for one in api.bench.alerts() if one["key"] == OF_DISK]
    assert of_disk == ["firing", "resolved"]


async def test_what_alertmanager_says_in_words_is_why_and_what_is_too_long_is_cut_with_a_word(api: ApiBench) -> None:
    said = {"summary": "The disk\nis full.", "description": "It is full. " * 5_000, "runbook_url": "https://x"}
    other = HOOK["alerts"][0] | {"annotations": said}
    assert (await api.ask("POST", "/v1/alertmanager", json=HOOK | {"alerts": [other]})).json()["taken"] == 1
    (command,) = api.offered
    assert command.reported is not None
    assert (command.reported.summary, command.reported.cut) == ("The disk is full.", True)
    await until(lambda: api.state(OF_DISK) == "firing")
    assert api.office.desk is not None
    known = api.bench.evidence.of(api.office.desk.state.cases[OF_DISK].alert)
    assert known is not None
    assert known.said == ("The disk is full.", command.reported.description)


async def test_what_of_a_webhook_cannot_be_taken_is_named_and_the_rest_is_taken(api: ApiBench) -> None:
    one = HOOK["alerts"][0]
    ours = one | {"labels": {"alertname": "wait", "key": KEY, "rule": "all", "scope": "queue:s1/tills"}}
    nameless = one | {"labels": {"severity": "critical"}}
    said = (await api.ask("POST", "/v1/alertmanager", json=HOOK | {"alerts": [ours, nameless, one]})).json()
    assert (said["taken"], said["ours"], len(said["refused"])) == (1, 1, 1)
    assert said["refused"][0].startswith("alerts.1: reported.name")


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"version":"3","alerts":[]}', b'{"a":' * 5_000])
async def test_what_is_no_webhook_of_alertmanager_s_is_refused(api: ApiBench, body: bytes) -> None:
    answer = await api.ask("POST", "/v1/alertmanager", content=body)
    assert (answer.status_code, answer.json()["reason"]) == (400, "no_webhook")
