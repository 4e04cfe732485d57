"""
The page behind the link of a message: what it shows in each case, in whose words, and what its button does.
"""

from html import escape

import httpx
import msgspec
import pytest

from domain.wording import LANGUAGES
from services.alerts.engine import Alert
from services.alerts.engine.ack_links import AckLink, signed
from services.alerts.shell.particulars import Evidence
from services.alerts.shell.reading import language_of
from tests.fakes.outcomes import violation
from tests.fakes.seeing_alerts import KEY, InForceHere, OfferedApi, SeeingAlerts, readers

NOW = 1_790_000_040_000
ALERT = "call-answer|queue:call-centre/everyday"


def fires(**changes: object) -> Alert:
    labels = {
        "standard": "call-answer", "site": "call-centre", "queue": "everyday", "scope": "queue:call-centre/everyday",
    }  # fmt: skip
    alert = Alert(
        f"{ALERT}#{NOW}", ALERT, 1, NOW, "firing", "violated", "page", "over-the-limit", labels, version=1,
        begun_at=NOW - 75_000, fired_at=NOW - 72_000, open=3, seen=4, violations=("v-1",),
    )  # fmt: skip
    return msgspec.structs.replace(alert, **changes)


def link(until: int = NOW + 1, by: str = "person:shift-lead", alert: str = ALERT) -> str:
    return f"/a/{signed(AckLink(alert, by, until), KEY)}"


async def opened(api: OfferedApi, path: str, **headers: str) -> httpx.Response:
    async with api.client() as client:
        return await client.get(path, headers=headers)


async def pressed(api: OfferedApi, path: str) -> httpx.Response:
    async with api.client() as client:
        return await client.post(path)


async def test_the_page_says_what_where_how_bad_since_when_what_to_do_and_has_a_button() -> None:
    api = OfferedApi(SeeingAlerts(fires()), NOW)
    page = (await opened(api, link())).text
    for said in (
        "Acknowledge this alert?",
        "Calls answered within twenty seconds",
        "queue everyday of Call centre",
        "Urgent, running",
        "for 1 min 15 s (Europe/Berlin)",
        "3 cases are open now",
        "Ask who waits longest",
        "<form method=post><button>Acknowledge</button></form>",
        "<html lang=en>",
    ):
        assert said in page, said
    assert api.commands == []


async def test_why_it_is_so_is_told_where_it_is_known() -> None:
    evidence = Evidence()
    evidence.keep("v-1", violation(id="v-1").model_dump_json().encode())
    api = OfferedApi(SeeingAlerts(fires()), NOW, readers(InForceHere(), NOW, evidence).reading)
    assert ">why<" in (await opened(api, link())).text
    assert ">why<" not in (await opened(OfferedApi(SeeingAlerts(fires()), NOW), link())).text


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Подтвердить это оповещение?"), ("lv", "Apstiprināt šo brīdinājumu?")]
)
async def test_whom_the_link_is_for_reads_it_in_their_language(language: str, words: str) -> None:
    assert language in LANGUAGES
    in_force = InForceHere(language="ru" if language == "ru" else "lv")
    page = (await opened(OfferedApi(SeeingAlerts(fires()), NOW, readers(in_force, NOW).reading), link())).text
    assert words in page
    assert f"<html lang={language}>" in page


async def test_who_is_nobody_in_particular_reads_what_the_browser_asks_for() -> None:
    api = OfferedApi(SeeingAlerts(fires()), NOW)
    page = await opened(api, link(by="receiver:board"), **{"accept-language": "lv-LV,lv;q=0.9,en;q=0.8"})
    assert "Apstiprināt" in page.text
    assert "(UTC)" in page.text
    assert [language_of(one) for one in ("", "fr", "fr,RU;q=0.1", "en-GB")] == ["en", "en", "ru", "en"]


async def test_the_button_acknowledges_once_for_whom_the_link_is() -> None:
    api = OfferedApi(SeeingAlerts(fires()), NOW)
    page = (await pressed(api, link())).text
    assert "It is yours now" in page
    assert "running" not in page
    again = (await pressed(api, link())).text
    assert "This link has been used" in again
    assert "<button>" not in again
    assert "This link has been used" in (await opened(api, link())).text
    assert [(one.action, one.alert, one.by) for one in api.commands] == [("acknowledge", ALERT, "shift-lead")]


async def test_who_has_it_is_told_to_whoever_may_take_it_over() -> None:
    taken = fires(state="acknowledged", owner="deputy", note="opening <line> 4")
    page = (await opened(OfferedApi(SeeingAlerts(taken), NOW), link())).text
    assert "Take it over?" in page
    assert "acknowledged by deputy" in page
    assert escape("opening <line> 4") in page
    assert "<button>" in page


async def test_of_an_alert_that_is_over_there_is_nothing_to_acknowledge() -> None:
    page = (await opened(OfferedApi(SeeingAlerts(), NOW), link())).text
    assert "Nothing to acknowledge" in page
    assert "call-answer" in page
    assert "<button>" not in page


async def test_a_process_that_stands_by_takes_the_acknowledgement_all_the_same() -> None:
    api = OfferedApi(SeeingAlerts(works=False), NOW)
    page = (await opened(api, link())).text
    assert "cannot be shown just now" in page
    assert "<button>" in page
    assert "It is yours now" in (await pressed(api, link())).text
    assert len(api.commands) == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (link(NOW), "This link has expired"),
        (f"/a/{signed(AckLink(ALERT, 'person:x', NOW + 1), b'another key of them' * 2)}", "This link is not ours"),
        ("/a/half", "This link is incomplete"),
    ],
)
async def test_a_link_that_does_not_hold_says_why_and_acknowledges_nothing(path: str, words: str) -> None:
    api = OfferedApi(SeeingAlerts(fires()), NOW)
    for answer in (await opened(api, path), await pressed(api, path)):
        assert answer.status_code == 403
        assert words in answer.text
        assert "<button>" not in answer.text
    assert api.commands == []


async def test_nothing_in_an_alert_becomes_markup() -> None:
    evil = "<script>alert(1)</script>"
    alert = fires(key=f"{evil}|site:x", labels={"standard": evil, "site": evil, "scope": f"site:{evil}"}, owner=evil)
    api = OfferedApi(SeeingAlerts(alert), NOW)
    for path in (link(alert=alert.key), link(alert=f"{evil}|gone")):
        page = (await opened(api, path)).text
        assert "<script" not in page
        assert escape(evil) in page
