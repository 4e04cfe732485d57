"""
Every channel that posts, to a real HTTP server on this machine: what arrives, and who could have sent it.
"""

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from io import StringIO
from typing import Any
from urllib.parse import unquote

import pytest

from schemas.alerts import Told
from schemas.receivers import Receiver
from services.alerts.shell.notifiers import Channels, Message, Particulars, Secrets
from services.alerts.shell.notifiers.addresses import AddressFault
from services.alerts.shell.notifiers.others import AppriseChannel, AppriseFault, body_for
from services.alerts.shell.notifiers.posting import PostFault
from services.alerts.shell.notifiers.webhook import NO_ADDRESS
from services.runtime.errors import Misconfigured, Overloaded, Rejected, Transient
from services.runtime.logs import configure_logs
from services.runtime.settings import LogFormat
from tests.fakes.alert_messages import KEY, NOW, alert, message, over, receiver
from tests.fakes.clock import ManualClock
from tests.fakes.http_receiver import Answer, HttpReceiver, client_context, http_receiver
from tests.fakes.resolving import Answers
from tests.project import PROJECT

NEW, OLD, PASSWORD, ROUTING = "new-key-of-the-hook", "old-key-of-the-hook", "password-of-am", "routing-key-0123456789"
ROOM = "services/T0ROOM/B0ROOM/secretsecret"
ABOUT = Particulars(
    standard="Served within five minutes",
    do="Open a counter.",
    runbook="https://wiki.example/w",
    dashboard="https://grafana.example/d/sqm-violation?var-violation=v",
)
HOSTILE = "<!channel> [pay](https://evil.example) @all\r\nBcc: x"


@pytest.fixture
async def http() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as server:
        yield server


@pytest.fixture
def logged() -> Callable[[], str]:
    """
    What a service would have written to its log with the level DEBUG; the receiver's own log, of its side, left out.
    """
    stream = StringIO()
    configure_logs("DEBUG", LogFormat.JSON, stream)
    return lambda: "".join(line for line in stream.getvalue().splitlines(keepends=True) if "uvicorn" not in line)


async def send(one: Message, http: HttpReceiver, reached: set[str] | None = None) -> None:
    here = f"127.0.0.1:{http.port}"
    secrets = Secrets({
        "SQM_SECRET_HOOK": NEW,
        "SQM_SECRET_OLD_HOOK": OLD,
        "SQM_SECRET_PASSWORD": PASSWORD,
        "SQM_SECRET_ROUTING": ROUTING,
        "SQM_SECRET_ROOM": f"http://{here}/{ROOM}",
        "SQM_SECRET_OTHER": f"json://{here}/path?redirect=yes",
        "SQM_SECRET_OTHER_TO": f"json://{here}/to/{{to}}",
        "SQM_SECRET_NONE": "nothing://at/all/secretsecret",
        "SQM_SECRET_LOG": "syslog://",
    })  # fmt: skip
    channels = Channels(
        secrets=secrets, clock=ManualClock(NOW + 5_000), resolve=Answers("127.0.0.1"), context=client_context()
    )
    try:
        await channels.of(one.receiver).send(one, set() if reached is None else reached)
    finally:
        await channels.close()


def hook(http: HttpReceiver, **different: object) -> Receiver:
    return receiver({"webhook": {"url": http.url, "secret": "HOOK", **different}})


def of(kind: str, **fields: object) -> Receiver:
    return receiver({kind: fields})


def signature(key: str, headers: Mapping[str, str], body: bytes) -> str:
    """As a receiver works it out, by the page about webhooks."""
    signed = f"{headers['sqm-timestamp']}.".encode() + body
    return "v1=" + hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()


# ---------------------------------------------------------------- webhook


async def test_a_webhook_is_signed_over_time_and_body_and_a_copy_has_the_same_key(http: HttpReceiver) -> None:
    one = message(through=hook(http), about=ABOUT, id="floor/ā\r\nX-Evil: 1@1")
    await send(one, http)
    await send(one, http)
    first, copy = http.got
    assert first.headers["sqm-timestamp"] == str((NOW + 5_000) // 1_000)
    assert first.headers["sqm-signature"] == signature(NEW, first.headers, first.body)
    assert first.headers["idempotency-key"] == copy.headers["idempotency-key"] == "floor/\\u0101\\r\\nX-Evil: 1@1"
    assert first.headers["content-type"] == "application/json"
    assert first.body == copy.body


async def test_a_receiver_that_checks_as_the_page_says_takes_ours_and_nothing_else(http: HttpReceiver) -> None:
    page = (PROJECT / "docs" / "notifiers.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - our own page
    is_ours, now = names["is_ours"], (NOW + 5_000) // 1_000
    await send(message(through=hook(http, previous_secret="OLD_HOOK")), http)
    (got,) = http.got
    assert all(is_ours(got.headers, got.body, key, now) for key in (NEW, OLD))
    assert not is_ours(got.headers, got.body, "another", now)
    assert not is_ours(got.headers, got.body + b" ", NEW, now)
    assert not is_ours(got.headers, got.body, NEW, now + 600)
    assert not is_ours({**got.headers, "sqm-timestamp": str(now + 1)}, got.body, NEW, now)


async def test_while_a_key_is_changed_over_both_sign(http: HttpReceiver) -> None:
    await send(message(through=hook(http, previous_secret="OLD_HOOK")), http)
    (got,) = http.got
    both = [signature(key, got.headers, got.body) for key in (NEW, OLD)]
    assert got.headers["sqm-signature"].split(",") == both


async def test_the_body_says_the_message_and_each_alert_in_full_with_its_links(http: HttpReceiver) -> None:
    await send(message(alert(), over(alert("waiting/site:mill")), through=hook(http), about=ABOUT, step=2), http)
    said = http.got[0].json
    assert (said["version"], said["reason"], said["status"], said["step"]) == ("1", "new", "firing", 2)
    assert said["title"].startswith("Urgent: Served within five minutes")
    firing, resolved = said["alerts"]
    assert (firing["key"], firing["state"], firing["seq"], firing["open"]) == (KEY, "firing", 1, 3)
    assert firing["links"].keys() == {"runbook", "dashboard", "acknowledge"}
    assert resolved["links"].keys() == {"runbook", "dashboard"}


async def test_the_body_counts_as_more_only_what_it_does_not_list(http: HttpReceiver) -> None:
    several = [alert(f"waiting/site:s{number}") for number in range(3)]
    listed = [Told(id=one.id, seq=one.seq, state=one.state, severity=one.severity) for one in several[:2]]
    for more, left in ((1, 0), (5, 4)):
        await send(message(*several, alerts=listed, more=more, through=hook(http)), http)
        assert (len(http.got[-1].json["alerts"]), http.got[-1].json["more"]) == (3, left)


async def test_a_person_s_own_address_is_used_where_the_receiver_has_none(http: HttpReceiver) -> None:
    await send(message(through=receiver({"webhook": {"secret": "HOOK"}}), to=f"{http.url}/anna"), http)
    assert http.got[0].path == "/hook/anna"
    with pytest.raises(Rejected) as caught:
        await send(message(through=receiver({"webhook": {"secret": "HOOK"}})), http)
    assert caught.value.reason == NO_ADDRESS


async def test_a_secret_that_is_missing_is_named_by_its_variable(http: HttpReceiver) -> None:
    with pytest.raises(Misconfigured, match="SQM_SECRET_GONE or SQM_SECRET_GONE_FILE"):
        await send(message(through=hook(http, secret="GONE")), http)


# ---------------------------------------------------------------- chat


async def test_a_chat_gets_blocks_with_buttons_and_the_same_with_links_as_text(http: HttpReceiver) -> None:
    one = message(through=of("chat", url="ROOM"), about=ABOUT, language="lv")
    await send(one, http)
    (got,) = http.got
    header, section, actions = got.json["blocks"]
    assert got.path == f"/{ROOM}"
    assert header["text"] == {"type": "plain_text", "text": one.texts.title[:150], "emoji": False}
    assert section["text"]["text"].startswith("Jauns\n\n")
    assert "https://" not in section["text"]["text"], "what has a button needs no line"
    buttons = {button["text"]["text"]: button["url"] for button in actions["elements"]}
    assert buttons == {
        "Apstiprināt": one.acknowledge[KEY], "Norādījumi": ABOUT.runbook, "Panelis": ABOUT.dashboard,
    }  # fmt: skip
    assert one.acknowledge[KEY] in got.json["text"]
    await send(message(over(alert()), through=of("chat", url="ROOM")), http)
    assert http.got[1].json["blocks"][1]["text"]["text"].startswith("Over\n\n")


async def test_hostile_names_call_nobody_and_lead_nowhere_in_a_chat(http: HttpReceiver) -> None:
    await send(
        message(through=of("chat", url="ROOM"), about=Particulars(standard=HOSTILE, site=HOSTILE, do=HOSTILE)), http
    )
    said = http.got[0].json
    for harmful in ("<!", "](", "@all"):
        assert harmful not in said["text"]
    assert {block["text"]["type"] for block in said["blocks"] if "text" in block} == {"plain_text"}


async def test_a_huge_list_stays_within_what_a_chat_takes(http: HttpReceiver) -> None:
    many = [alert(f"waiting/queue:harbour/{n:03}") for n in range(100)]
    about = Particulars(standard="S" * 400, do="d" * 4_000)
    await send(message(*many, through=of("chat", url="ROOM"), about=about), http)
    header, section, actions = http.got[0].json["blocks"]
    assert len(header["text"]["text"]) <= 150
    assert len(section["text"]["text"]) <= 3_000
    assert len(actions["elements"]) == 10
    assert all(len(button["text"]["text"]) <= 75 for button in actions["elements"])


async def test_a_link_too_long_for_a_button_is_left_out_and_what_is_over_has_none(http: HttpReceiver) -> None:
    one = message(alert("waiting/" + "x" * 500), through=of("chat", url="ROOM"))
    long = {key: url + "y" * 3_000 for key, url in one.acknowledge.items()}
    await send(Message(**{**{name: getattr(one, name) for name in Message.__slots__}, "acknowledge": long}), http)
    await send(message(over(alert()), through=of("chat", url="ROOM")), http)
    assert [len(got.json["blocks"]) for got in http.got] == [2, 2]


async def test_the_room_s_address_is_in_no_error_and_no_log(http: HttpReceiver, logged: Callable[[], str]) -> None:
    http.answers = [Answer(404), Answer(200)]
    with pytest.raises(Rejected) as caught:
        await send(message(through=of("chat", url="ROOM")), http)
    await send(message(through=of("chat", url="ROOM")), http)
    assert "T0ROOM" not in str(caught.value) + logged()


# ---------------------------------------------------------------- PagerDuty


def pagerduty(http: HttpReceiver) -> Receiver:
    return of("pagerduty", routing_key="ROUTING", url=f"{http.url}/enqueue")


async def test_what_we_raise_acknowledge_and_resolve_is_one_incident_there(http: HttpReceiver) -> None:
    http.answers = [Answer(202)]
    for state in (
        {},
        {"state": "acknowledged", "owner": "anna"},
        {"state": "resolved", "ended_at": NOW},
        {"state": "retracted"},
    ):
        await send(message(alert(**state), through=pagerduty(http), about=ABOUT), http)
    events = [got.json for got in http.got]
    assert [event["event_action"] for event in events] == ["trigger", "acknowledge", "resolve", "resolve"]
    assert {event["dedup_key"] for event in events} == {hashlib.sha256(KEY.encode()).hexdigest()}
    assert {event["routing_key"] for event in events} == {ROUTING}
    assert "payload" not in events[1]


@pytest.mark.parametrize(("ours", "theirs"), [("page", "critical"), ("ticket", "warning"), ("info", "info")])
async def test_a_trigger_says_what_where_and_how_bad(http: HttpReceiver, ours: str, theirs: str) -> None:
    await send(message(alert(severity=ours), through=pagerduty(http), about=ABOUT), http)
    event = http.got[0].json
    payload = event["payload"]
    assert payload["severity"] == theirs
    assert payload["summary"] == "Served within five minutes – queue:harbour/counter"
    assert payload["timestamp"] == "2026-02-02T02:35:00.000Z"
    assert payload["custom_details"]["do"] == "Open a counter."
    assert payload["custom_details"]["open"] == 3
    assert [link["href"] for link in event["links"]] == [ABOUT.runbook, ABOUT.dashboard]


async def test_a_trigger_about_something_unknown_and_hostile_is_well_formed(http: HttpReceiver) -> None:
    await send(message(alert(labels={}, key="k" * 512, id="k" * 530), through=pagerduty(http)), http)
    about = Particulars(standard=HOSTILE + "x" * 3_000, runbook="javascript:alert(1)")
    await send(message(through=pagerduty(http), about=about), http)
    bare, hostile = (got.json for got in http.got)
    assert bare["payload"]["source"] == "sqm"
    assert len(bare["dedup_key"]) == 64
    assert len(hostile["payload"]["summary"]) <= 1_024
    assert "\n" not in hostile["payload"]["summary"]
    assert hostile["links"] == []


async def test_of_several_alerts_those_that_arrived_are_not_sent_again(http: HttpReceiver) -> None:
    http.answers = [Answer(202), Answer(429, {"Retry-After": "1"}), Answer(202)]
    one, reached = message(alert("waiting/a"), alert("waiting/b"), through=pagerduty(http)), set[str]()
    with pytest.raises(Overloaded):
        await send(one, http, reached)
    await send(one, http, reached)
    assert [got.json["payload"]["custom_details"]["key"] for got in http.got] == ["waiting/a", "waiting/b", "waiting/b"]


# ---------------------------------------------------------------- Alertmanager (the real one has tests of its own)


async def test_alertmanager_is_logged_in_to_where_somebody_logs_in(http: HttpReceiver) -> None:
    base = f"http://127.0.0.1:{http.port}/am/"
    await send(message(through=of("alertmanager", url=base)), http)
    await send(message(through=of("alertmanager", url=base, user="sqm", password="PASSWORD")), http)
    await send(message(through=of("alertmanager", url=base, user="sqm")), http)
    assert {got.path for got in http.got} == {"/am/api/v2/alerts"}
    logins = [got.headers.get("authorization") for got in http.got]
    wanted = [base64.b64encode(one.encode()).decode() for one in (f"sqm:{PASSWORD}", "sqm:")]
    assert logins == [None, *(f"Basic {one}" for one in wanted)]


# ---------------------------------------------------------------- Apprise


async def test_apprise_delivers_what_it_knows_a_service_for(http: HttpReceiver) -> None:
    one = message(through=of("apprise", url="OTHER"))
    await send(one, http)
    said = http.got[0].json
    assert (said["title"], said["type"]) == (one.texts.title, "failure")
    assert said["message"].split() == one.texts.long.split()
    await send(message(over(alert()), through=of("apprise", url="OTHER")), http)
    assert http.got[1].json["type"] == "success"


async def test_apprise_gets_the_person_s_address_quoted_so_that_it_is_nothing_but_that(http: HttpReceiver) -> None:
    through = of("apprise", url="OTHER_TO")
    await send(message(through=through, to="+371 2000?a=b#c@d"), http)
    assert unquote(http.got[0].path) == "/to/+371 2000?a=b#c@d"
    with pytest.raises(Rejected) as caught:
        await send(message(through=through, to="../elsewhere"), http)
    assert caught.value.reason == AppriseFault.BAD_ADDRESS
    for wrong in (message(through=through), message(through=of("apprise", url="OTHER"), to="anna")):
        with pytest.raises(Rejected) as caught:
            await send(wrong, http)
        assert caught.value.reason == NO_ADDRESS


@pytest.mark.parametrize("secret", ["OTHER", "LOG"])
async def test_apprise_connects_to_a_host_that_we_cannot_check_only_where_private_ones_are_allowed(
    http: HttpReceiver, secret: str
) -> None:
    through = of("apprise", url=secret).model_copy(update={"private_addresses": False})
    with pytest.raises(Rejected) as caught:
        await send(message(through=through), http)
    assert caught.value.reason == AddressFault.PRIVATE
    assert http.got == []


@pytest.mark.parametrize(
    ("url", "brief"),
    [("tgram://123456789:abcdefg_hijklmnop/12315544/", False), ("sinch://{a}:{b}@15555555555/15555555556", True)],
)
def test_a_service_whose_host_apprise_knows_is_public_and_one_that_is_paid_by_the_word_gets_few(
    url: str, brief: bool
) -> None:
    url = url.replace("{a}", "a" * 32).replace("{b}", "b" * 32)
    one = message(through=of("apprise", url="OTHER").model_copy(update={"private_addresses": False}))
    assert one.receiver.apprise is not None
    service = AppriseChannel(one.receiver.apprise, Secrets({"SQM_SECRET_OTHER": url}), 10_000)._service(one)
    assert not service.redirects
    assert body_for(service, one.texts) == (one.texts.short if brief else one.texts.long)


async def test_apprise_follows_no_redirect_even_where_its_url_asks_for_it(http: HttpReceiver) -> None:
    async with http_receiver() as inside:
        http.answers = [Answer(307, {"Location": inside.url})]
        with pytest.raises(Rejected) as caught:
            await send(message(through=of("apprise", url="OTHER")), http)
    assert caught.value.reason == PostFault.REDIRECTED
    assert inside.got == []


@pytest.mark.parametrize(("status", "error"), [(400, Rejected), (500, Transient), (429, Overloaded)])
async def test_what_the_service_answers_apprise_decides(
    http: HttpReceiver, status: int, error: type[Exception]
) -> None:
    http.answers = [Answer(status)]
    with pytest.raises(error, match=str(status)):
        await send(message(through=of("apprise", url="OTHER")), http)


async def test_a_service_that_apprise_cannot_reach_may_be_reached_later(free_port: int) -> None:
    nobody = HttpReceiver()
    nobody.port = free_port
    with pytest.raises(Transient, match="could not deliver"):
        await send(message(through=of("apprise", url="OTHER")), nobody)


async def test_a_url_that_apprise_does_not_know_is_refused_and_shown_to_nobody(
    http: HttpReceiver, logged: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Rejected) as caught:
        await send(message(through=of("apprise", url="NONE")), http)
    assert caught.value.reason == AppriseFault.BAD_ADDRESS
    captured = capsys.readouterr()
    assert "secretsecret" not in str(caught.value) + logged() + captured.out + captured.err


async def test_no_channel_tells_what_it_knows_in_a_log(http: HttpReceiver, logged: Callable[[], str]) -> None:
    for through in (hook(http), pagerduty(http), of("apprise", url="OTHER_TO")):
        await send(message(through=through, to=None if through.apprise is None else "secret-number"), http)
    logging.getLogger("somebody").debug("says something")
    assert "says something" in logged()
    for secret in (NEW, ROUTING, "secret-number"):
        assert secret not in logged()
