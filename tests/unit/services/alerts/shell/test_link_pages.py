"""
The links of messages: only the button acknowledges, once, and only by a link that we made and that still holds.
"""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.alerts_api import DAY, KEY, OLD_KEY, ApiBench, api_bench
from tests.fakes.alerts_office import NOON, until


@pytest.fixture
async def api() -> AsyncIterator[ApiBench]:
    async with api_bench() as made:
        await made.fires()
        yield made


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_a_link_acknowledges_nothing(api: ApiBench, method: str) -> None:
    answer = await api.ask(method, api.link(), None)
    assert answer.status_code == 200
    assert api.offered == []
    assert api.state() == "firing"


async def test_the_page_shows_what_it_is_about_and_nobody_keeps_frames_or_leaks_it(api: ApiBench) -> None:
    answer = await api.ask("GET", api.link(), None)
    assert all(word in answer.text for word in ("wait", "tills", "<button>"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("key", [None, OLD_KEY], ids=["newest key", "key of before"])
async def test_the_button_acknowledges_on_behalf_of_whom_it_was_sent_to(api: ApiBench, key: bytes | None) -> None:
    link = api.link() if key is None else api.link(key=key)
    done = await api.ask("POST", link, None)
    assert "It is yours now" in done.text
    await until(lambda: api.state() == "acknowledged")
    (command,) = api.offered
    assert (command.by, command.action, command.at) == ("anna", "acknowledge", NOON)


async def test_a_link_that_was_used_does_nothing_more_also_after_a_restart(api: ApiBench) -> None:
    await api.ask("POST", api.link(), None)
    await until(lambda: api.state() == "acknowledged")
    again = await api.ask("POST", api.link(), None)
    assert "This link has been used" in again.text
    assert "This link has been used" in (await api.ask("GET", api.link(), None)).text
    elsewhere = ApiBench(api.bench, api.office)
    assert "This link has been used" in (await elsewhere.ask("POST", api.link(), None)).text
    assert len(api.offered) + len(elsewhere.offered) == 1


async def test_what_was_used_is_forgotten_once_the_link_does_not_hold_any_more(api: ApiBench) -> None:
    await api.fires("s2")
    await api.ask("POST", api.link(until=NOON + 1_000), None)
    api.bench.clock.advance(2_000)
    await api.ask("POST", api.link("wait|queue:s2/tills"), None)
    assert len(api.offered) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("harm", "said"), [("expired", "has expired"), ("forged", "is not ours"), ("malformed", "is incomplete")]
)
async def test_a_link_that_does_not_hold_is_refused_with_the_way_out(
    api: ApiBench, method: str, harm: str, said: str
) -> None:
    link = {
        "expired": api.link(until=NOON),
        "forged": api.link(key=b"somebody else's key, as long as it takes"),
        "malformed": api.link().partition(".")[0],
    }[harm]
    answer = await api.ask(method, link, None)
    assert answer.status_code == 403
    assert said in answer.text
    assert api.offered == []


async def test_of_an_alert_that_is_over_nothing_is_acknowledged(api: ApiBench) -> None:
    for method in ("GET", "POST"):
        assert "The alert is over" in (await api.ask(method, api.link("wait|queue:gone/tills"), None)).text
    assert api.offered == []


async def test_where_the_broker_is_away_the_button_says_so_and_can_be_pressed_again(api: ApiBench) -> None:
    api.away = True
    assert (await api.ask("POST", api.link(), None)).status_code == 503
    api.away = False
    assert "It is yours now" in (await api.ask("POST", api.link(), None)).text


async def test_whoever_stands_by_takes_it_without_claiming_to_know_the_alert() -> None:
    async with api_bench(stands_by=True) as api:
        link = api.link(until=NOON + DAY)
        assert "<button>" in (await api.ask("GET", link, None)).text
        assert "It is yours now" in (await api.ask("POST", link, None)).text
        assert [(one.action, one.alert) for one in api.offered] == [("acknowledge", KEY)]
