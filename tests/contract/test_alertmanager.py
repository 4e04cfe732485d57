"""
A real Alertmanager takes our alerts, and its own tool sees them as we mean them.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schemas.alerts import Alert
from services.alerts.shell.notifiers import Channels, Particulars, Secrets, system_resolve
from services.runtime.clock import SystemClock
from tests.fakes.alert_messages import alert, message, receiver
from tests.fakes.alertmanager import RunningAlertmanager, running_alertmanager
from tests.fakes.http_receiver import HttpReceiver, client_context, http_receiver
from tests.fakes.waiting import until

ABOUT = Particulars(
    standard="Served within five minutes",
    do="Open a counter.",
    runbook="https://wiki.example/w",
    dashboard="https://grafana.example/d/sqm-violation?var-violation=v",
)


@pytest.fixture
async def hook() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as server:
        yield server


@pytest.fixture
async def alertmanager(tmp_path: Path, hook: HttpReceiver) -> AsyncIterator[RunningAlertmanager]:
    starting = running_alertmanager(tmp_path, hook.url)
    running = await asyncio.to_thread(starting.__enter__)
    yield running
    await asyncio.to_thread(starting.__exit__, None, None, None)


async def tell(running: RunningAlertmanager, *alerts: Alert) -> None:
    through = receiver({"alertmanager": {"url": running.url}})
    channels = Channels(secrets=Secrets({}), clock=SystemClock(), resolve=system_resolve, context=client_context())
    await channels.of(through).send(message(*alerts, through=through, about=ABOUT), set())
    await channels.close()


def fresh(**different: object) -> Alert:
    """An alert that began a minute ago by the machine's clock, since Alertmanager has no other."""
    begun = SystemClock().now_ms() - 60_000
    return alert(begun_at=begun, id=f"a@{begun}", **different)


async def test_amtool_sees_what_fires_with_its_labels_and_what_to_do(alertmanager: RunningAlertmanager) -> None:
    one = fresh()
    await tell(alertmanager, one)
    await tell(alertmanager, one)
    (seen,) = alertmanager.active()
    ours = {str(name): text for name, text in one.labels.items()}
    assert seen["labels"] == ours | {"alertname": "waiting", "key": one.key, "severity": "page"}
    assert seen["annotations"]["do"] == "Open a counter."
    assert seen["annotations"]["runbook_url"] == "https://wiki.example/w"
    assert seen["annotations"]["dashboard_url"] == ABOUT.dashboard
    assert seen["annotations"]["summary"].startswith("Urgent: Served within five minutes")


async def test_an_alert_that_becomes_graver_is_still_one_alert(alertmanager: RunningAlertmanager) -> None:
    one = fresh(severity="ticket")
    await tell(alertmanager, one)
    await tell(alertmanager, one.model_copy(update={"severity": "page", "seq": 2}))
    assert [seen["labels"]["severity"] for seen in alertmanager.active()] == ["page"]


async def test_its_webhook_says_firing_and_then_resolved_when_we_say_so(
    alertmanager: RunningAlertmanager, hook: HttpReceiver
) -> None:
    one = fresh()
    await tell(alertmanager, one, fresh(key="waiting/site:mill", labels={"standard": "waiting", "site": "mill"}))
    await until(lambda: len(hook.got) == 2)
    assert {got.json["status"] for got in hook.got} == {"firing"}
    ended = one.model_copy(update={"state": "resolved", "ended_at": SystemClock().now_ms(), "seq": 2})
    await tell(alertmanager, ended)
    await until(lambda: len(hook.got) == 3)
    assert hook.got[2].json["status"] == "resolved"
    assert hook.got[2].json["alerts"][0]["labels"]["key"] == one.key
    assert [seen["labels"]["site"] for seen in alertmanager.active()] == ["mill"]


async def test_hostile_names_are_taken_as_text(alertmanager: RunningAlertmanager) -> None:
    name = 'a"b\\c{{ .Labels }}<script>'
    await tell(alertmanager, fresh(labels={"standard": "waiting", "queue": name}))
    assert [seen["labels"]["queue"] for seen in alertmanager.active()] == [name]
