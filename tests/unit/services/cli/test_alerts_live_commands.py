"""
`sqm alerts` acts on the running service: each command is one on its trail, and a refusal says the way out.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli import main
from services.runtime.clock import SystemClock
from tests.e2e.alerts_line import alerting
from tests.fakes.alerts_api import KEY, ApiBench, api_bench
from tests.fakes.alerts_office import OfficeBench, alerting_of, until
from tests.fakes.history_service import history_service

_LOG = re.compile(r"^\d{4}-\d\d-\d\d \d\d:.*\[(?:info|warning|error) .*\n", re.MULTILINE)
PEOPLE = [
    {"id": name, "title": name.title(), "contacts": [{"id": "floor", "receiver": "floor"}]}
    for name in ("anna", "boris")
]
LAYER = {"id": "all", "people": ["boris"], "rotation": {"start": "2026-01-01"}}
ON_CALL = {
    "people": PEOPLE, "schedules": [{"id": "shop", "title": "Shop", "zone": "UTC", "layers": [LAYER]}],
}  # fmt: skip


class Clerk:
    """
    Somebody who calls `sqm alerts` about one service.
    """

    def __init__(self, api: ApiBench, url: str, token: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.api, self.url, self.token, self._capsys = api, url, token, capsys

    async def asks(self, *words: str) -> tuple[int, str]:
        """
        The status, and what was said: in the end the refusal, if there is one.
        """
        where = ("--url", self.url, "--token-file", str(self.token))
        status = await asyncio.to_thread(main, ["alerts", *words, *where])
        said = self._capsys.readouterr()
        # The service runs in this process too, and its log goes to the same place.
        return status, _LOG.sub("", said.out + said.err)

    @property
    def given(self) -> list[dict[str, Any]]:
        """
        What was written to the trail, without what every command has.
        """
        common = {"id", "at", "by"}
        return [one.model_dump(exclude_none=True, exclude=common) for one in self.api.offered]


@pytest.fixture
async def clerk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Clerk]:
    async with api_bench(OfficeBench(alerting_of("floor", **ON_CALL))) as api, api.served() as url:
        token = tmp_path / "token"
        token.write_text(api.tokens["anna"] + "\n")
        await api.fires()
        yield Clerk(api, url, token, capsys)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("acknowledge", KEY), {"action": "acknowledge", "alert": KEY}),
        (("ack", KEY, "--note", "mine"), {"action": "acknowledge", "alert": KEY, "note": "mine"}),
        (("resolve", KEY), {"action": "resolve", "alert": KEY}),
        (("comment", KEY, "the lift"), {"action": "comment", "alert": KEY, "note": "the lift"}),
        (("escalate", KEY), {"action": "escalate", "alert": KEY}),
        (("unack", KEY), {"action": "unacknowledge", "alert": KEY}),
        (("hand-over", KEY, "boris"), {"action": "hand_over", "alert": KEY, "to": "boris"}),
        (("feedback", KEY, "too_late"), {"action": "feedback", "alert": KEY, "verdict": "too_late"}),
    ],
)
async def test_a_command_is_given_as_it_was_meant(clerk: Clerk, words: tuple[str, ...], given: dict[str, str]) -> None:
    status, said = await clerk.asks(*words)
    assert (status, "taken as" in said) == (0, True)
    assert clerk.given == [given]


async def test_an_acknowledgement_ends_when_it_was_said_to(clerk: Clerk) -> None:
    for words in (("--for", "30m"), ("--until", "2299-01-01T00:00:00Z")):
        assert (await clerk.asks("ack", KEY, *words))[0] == 0
    lasts, until_then = (one.until for one in clerk.api.offered)
    assert lasts is not None
    assert until_then == 10_382_256_000_000


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("ack", KEY, "--for", "30"), 2, "--for '30': a duration is written with its unit"),
        (("ack", KEY, "--until", "noon"), 2, "--until 'noon' is no instant with an offset"),
        (("ack", KEY, "--until", "2020-01-01T00:00:00Z"), 2, "has passed"),
        (("ack", KEY, "--for", "1h", "--until", "2299-01-01T00:00:00Z"), 2, "keep one"),
        (("ack", "no|such"), 1, "no alert that is not over has the key 'no|such'"),
        (("hand-over", KEY, "nobody"), 1, "no person has the id 'nobody'"),
        (("show", "no|such"), 1, "no alert that is not over has the key"),
        (("unsilence", "nothing"), 1, "no silence has the id 'nothing'"),
        (("list", "--label", "sitee=x"), 2, "--label 'sitee=x': write NAME=VALUE; names are standard"),
        (("silence", "--match", "site=s1", "--reason", "r"), 2, "say how long with --for 2h"),
        (("silence", "--match", "s1", "--reason", "r", "--for", "1h"), 2, "--match 's1': write NAME=VALUE"),
        (("silence", "--match", "kind=x", "--reason", "r", "--for", "1h"), 2, "is no kind; there are journey"),
        (("feedback", KEY, "nice"), 2, "'nice' is not one of"),
    ],
)
async def test_what_cannot_be_done_says_why_and_the_way_out(
    clerk: Clerk, words: tuple[str, ...], status: int, said: str
) -> None:
    ended, told = await clerk.asks(*words)
    assert ended == status
    assert said in told
    assert clerk.given == []


async def test_alerts_are_listed_for_people_and_for_programs(clerk: Clerk) -> None:
    await clerk.api.fires("s2")
    status, text = await clerk.asks("list", "--state", "firing", "--label", "site=s1")
    first, count = text.splitlines()
    assert status == 0
    assert first.split() == ["firing", "page", first.split()[2], "1", "open", KEY]
    assert count == "1 alert(s) that are not over"
    found = json.loads((await clerk.asks("list", "--format", "json"))[1])
    assert [one["key"] for one in found] == [KEY, "wait|queue:s2/tills"]
    await clerk.asks("ack", KEY)
    await until(lambda: clerk.api.state() == "acknowledged")
    assert (await clerk.asks("list"))[1].splitlines()[0].endswith(f"{KEY}  anna")


async def test_one_alert_is_shown_in_full(clerk: Clerk) -> None:
    shown = dict(line.split(maxsplit=1) for line in (await clerk.asks("show", KEY))[1].splitlines())
    assert (shown["state"], shown["key"], shown["violations"]) == ("firing", KEY, "v-at-s1")
    assert shown["begun_at"].endswith("Z")
    assert "site=s1" in shown["labels"]
    assert "ended_at" not in shown
    assert json.loads((await clerk.asks("show", KEY, "--format", "json"))[1])["muted_by"] is None


async def test_who_is_on_call_now_is_said_by_schedule(clerk: Clerk) -> None:
    assert (await clerk.asks("who"))[1] == "shop: boris\n1 schedule(s)\n"
    assert [one["person"] for one in json.loads((await clerk.asks("who", "--format", "json"))[1])] == ["boris"]


async def test_a_silence_says_first_what_it_mutes_and_may_be_tried(clerk: Clerk) -> None:
    for number in range(2, 13):
        await clerk.api.fires(f"s{number}")
    words = ("silence", "--match", "site=s*", "--match", "queue=tills", "--for", "5d", "--reason", "Works")
    status, said = await clerk.asks(*words, "--try")
    assert status == 0
    assert said.startswith("it mutes 12 alert(s) that are not over\n")
    assert said.endswith("and 2 more\n")
    assert clerk.given == []
    clerk.api.bench.clock.advance(SystemClock().now_ms() - clerk.api.bench.clock.now_ms() + 3_600_000)
    assert "silence works: taken" in (await clerk.asks(*words, "--id", "works"))[1]
    (given,) = clerk.given
    assert (given["silence"]["author"], given["silence"]["reason"]) == ("anna", "Works")
    await until(lambda: clerk.api.muted("wait|queue:s12/tills") == "silence")
    listed = (await clerk.asks("silences"))[1]
    assert "works" in listed
    assert "site=s* queue=tills" in listed
    assert (await clerk.asks("unsilence", "works"))[1] == "unsilence works: taken\n"


async def test_what_a_silence_mutes_is_asked_of_the_service_and_the_week_before_of_history(
    clerk: Clerk, tmp_path: Path
) -> None:
    clerk.api.bench.clock.advance(SystemClock().now_ms() - clerk.api.bench.clock.now_ms() + 3_600_000)
    await clerk.asks("silence", "--match", "site=s1", "--for", "5d", "--reason", "Works", "--id", "works")
    await until(lambda: clerk.api.muted() == "silence")
    asked = (await clerk.asks("mutes"))[1].splitlines()
    assert asked[0] == "works (Works): mutes 1 now"
    assert asked[1].endswith(f"{KEY} page")
    assert asked[2].startswith("--history here")
    as_json = json.loads((await clerk.asks("mutes", "--format", "json"))[1])
    assert (len(as_json["works"]["now"]), as_json["works"]["before"]) == (1, None)
    common = {
        "id": "calls|site:s1#1", "key": "calls|site:s1", "reason": "violated", "severity": "page", "rule": "all",
        "labels": '{"site":"s1"}', "version": 1, "open": 1, "seen": 1, "begun_at_ms": "1",
    }  # fmt: skip
    ran = SystemClock().now_ms() - 86_400_000
    with history_service() as service:
        rows = [("1", str(ran), "firing"), ("2", str(ran + 1), "resolved")]
        service.answers(*(common | {"seq": seq, "at_ms": at, "state": state} for seq, at, state in rows))
        said = (await clerk.asks("mutes", "--history", service.url))[1].splitlines()
    assert said[0] == "works (Works): mutes 0 now, 1 more in the week before"
    assert said[1].endswith("calls|site:s1 page")
    refused = await clerk.asks("mutes", "--history", "here", "--alerts", str(tmp_path / "a"))
    assert (refused[0], "keep one" in refused[1]) == (2, True)


async def test_a_configuration_is_published_by_whoever_may(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "alerting.yaml"
    file.write_text(yaml.safe_dump(alerting({"floor": "http://floor.example/"})))
    status, said = await clerk.asks("publish", str(file))
    assert (status, "needs the role owner or more" in said) == (1, True)
    clerk.token.write_text(clerk.api.tokens["root"])
    assert (await clerk.asks("publish", str(file)))[0] == 0
    assert [one.metadata.id for one in clerk.api.published] == ["tests"]


async def test_whoever_is_not_known_is_told_how_to_get_a_token(clerk: Clerk) -> None:
    clerk.token.write_text("sqm_x_y")
    status, said = await clerk.asks("list")
    assert status == 2
    assert "sqm tokens create NAME --role operator" in said


async def test_who_stands_by_says_to_ask_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with api_bench(stands_by=True) as api, api.served() as url:
        (tmp_path / "token").write_text(api.tokens["anna"])
        status, said = await Clerk(api, url, tmp_path / "token", capsys).asks("list")
    assert status == 3
    assert "another process of the group works" in said


def test_where_nobody_answers_it_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "list", "--url", "http://127.0.0.1:1"]) == 3
    assert "start it with `sqm serve alerts`" in capsys.readouterr().err
    assert main(["alerts", "list", "--url", "alerts:8084"]) == 2
    assert "write it like http://127.0.0.1:8084" in capsys.readouterr().err


def test_a_file_of_a_token_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "list", "--token-file", str(tmp_path / "none")]) == 2
    assert "cannot be read as text" in capsys.readouterr().err


def test_a_broken_configuration_is_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "alerting.yaml"
    file.write_text(yaml.safe_dump(alerting({"floor": "http://127.0.0.1:1/"}) | {"route": {"receivers": ["x"]}}))
    assert main(["alerts", "publish", str(file)]) == 2
    assert "route.receivers[0]" in capsys.readouterr().err


def test_messages_are_previewed_in_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "preview"]) == 0
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("==")] == [
        f"== {language}, {part}" for language in ("en", "ru", "lv") for part in ("title", "short", "long")
    ]
    assert main(["alerts", "preview", "--language", "lv", "--part", "html"]) == 0
    assert capsys.readouterr().out.startswith("== lv, html\n<")


async def test_an_alert_that_runs_is_previewed_with_what_to_do(clerk: Clerk, tmp_path: Path) -> None:
    file = tmp_path / "alerting.yaml"
    rule = {"id": "all", "do": "Open a till."}
    file.write_text(yaml.safe_dump(alerting({"floor": "http://127.0.0.1:1/"}) | {"rules": [rule]}))
    words = ("preview", "--alert", KEY, "--config", str(file), "--language", "en", "--part", "long")
    status, said = await clerk.asks(*words)
    assert status == 0
    assert "Open a till." in said
    assert "s1" in said


def test_a_template_that_does_not_work_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "title.en.j2").write_text("{{ nothing }}")
    assert main(["alerts", "preview", "--templates", str(tmp_path)]) == 1
    assert "title.en.j2: UndefinedError" in capsys.readouterr().err
    for words, said in (
        (("--language", "fr"), "--language 'fr': write one of en, ru, lv"),
        (("--part", "body"), "--part 'body': write one of title"),
        (("--templates", str(tmp_path / "none")), "there is no such folder"),
    ):
        assert main(["alerts", "preview", *words]) == 2
        assert said in capsys.readouterr().err
