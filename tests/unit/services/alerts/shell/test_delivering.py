"""
Delivering: messages go out by the configuration that holds then, and whoever must know hears what became of each.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.wording import LANGUAGES
from schemas.alerting import ALERTINGS, Alerting
from schemas.alerts import Delivery
from services.alerts.engine import Sent
from services.alerts.engine.ack_links import AckLink, signed
from services.alerts.shell.books import Books
from services.alerts.shell.delivering import Delivering, Made
from services.runtime.kafka import Headers
from services.runtime.logs import logger
from services.runtime.tracing import TRACEPARENT, UNTRACED, Tracing
from tests.e2e.alerts_line import SECRET, alerting
from tests.fakes.alerts_api import KEY, LINK_KEY
from tests.fakes.alerts_office import NOON, FakeTopics, OfficeBench, waits
from tests.fakes.alerts_office import until as until_soon
from tests.fakes.catalogues import catalogue
from tests.fakes.clock import ManualClock
from tests.fakes.http_receiver import Answer, HttpReceiver, client_context, http_receiver
from tests.fakes.topic_records import TopicRecord
from tests.fakes.tracing import CARRIED, RecordedTracing
from tests.fakes.waiting import until

DAY = 86_400_000
ENVIRONMENT = {"SQM_SECRET_HOOK": SECRET}


@pytest.fixture
async def room() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as receiver:
        yield receiver


def configured(**receivers: str) -> Alerting:
    return ALERTINGS.validate_python(alerting(receivers))


class Bench:
    """
    What delivers, with a book of its own, and what it told of.
    """

    def __init__(
        self,
        said: Alerting,
        *,
        keys: tuple[bytes, ...] = (LINK_KEY,),
        templates: Path | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self.topics = FakeTopics()
        self.books = Books(self.topics, self.topics, ("standards", "alerting"), logger("test"))
        self.publish(said)
        made = Made(
            catalogues={language: catalogue(language) for language in LANGUAGES},
            templates=templates,
            environment=ENVIRONMENT,
            public_url="https://sqm.example",
            dashboards_url=None,
            keys=keys,
        )
        self.delivering = Delivering(
            self.books,
            made,
            clock=ManualClock(NOON),
            draw=lambda n: n - n,
            tls=client_context(),
            log=logger("test"),
            tracing=tracing,
        )
        self.outcomes: list[Delivery] = []
        self.done: list[str] = []
        self.delivering.report_to([self.outcomes.append], self.done.append)

    def publish(self, said: Alerting) -> None:
        self.topics.append("alerting", said.model_dump_json(by_alias=True).encode())

    async def start(self) -> None:
        await self.books.load()
        self.delivering.start()


async def decided(said: Alerting) -> Sent:
    """
    The message that an office decides on by a configuration.
    """
    office = OfficeBench(said)
    async with office.owner():
        office.happen(waits("a"))
        await until_soon(lambda: office.delivering.taken != [])
    return office.delivering.taken[0]


async def test_a_message_arrives_with_its_link_and_whoever_must_hears_of_it(room: HttpReceiver) -> None:
    said = configured(room=room.url)
    bench = Bench(said)
    await bench.start()
    message = await decided(said)
    bench.delivering.put(message)
    assert bench.delivering.waiting == 1
    await until(lambda: bench.done != [])
    name = message.notification.id
    (got,) = room.got
    link = signed(AckLink(KEY, "receiver:room", NOON + DAY), LINK_KEY)
    links: Mapping[str, Any] = got.json["alerts"][0]["links"]
    assert got.headers["idempotency-key"] == name
    assert links["acknowledge"] == f"https://sqm.example/a/{link}"
    assert [(one.notification, one.outcome) for one in bench.outcomes] == [(name, "delivered")]
    assert bench.done == [name]
    assert bench.delivering.delivered_at is not None
    await bench.delivering.forget()
    await bench.delivering.forget()


async def test_without_a_key_there_are_no_links(room: HttpReceiver) -> None:
    said = configured(room=room.url)
    bench = Bench(said, keys=())
    await bench.start()
    bench.delivering.put(await decided(said))
    await until(lambda: bench.done != [])
    assert "acknowledge" not in room.got[0].json["alerts"][0]["links"]
    await bench.delivering.forget()


async def test_what_is_refused_for_good_needs_nobody_any_more(room: HttpReceiver) -> None:
    room.answers = [Answer(410)]
    said = configured(room=room.url)
    bench = Bench(said)
    await bench.start()
    bench.delivering.put(await decided(said))
    await until(lambda: bench.done != [])
    assert [one.outcome for one in bench.outcomes] == ["given_up"]
    assert bench.delivering.delivered_at is None
    await bench.delivering.forget()


async def test_a_message_to_a_receiver_that_is_gone_is_given_up(room: HttpReceiver) -> None:
    bench = Bench(configured(floor=room.url))
    await bench.start()
    message = await decided(configured(room=room.url))
    bench.delivering.put(message)
    assert bench.done == [message.notification.id]
    assert room.got == []
    await bench.delivering.forget()


async def test_what_waits_is_forgotten_and_can_be_handed_in_again(room: HttpReceiver) -> None:
    room.hangs = True
    said = configured(room=room.url)
    bench = Bench(said)
    await bench.start()
    message = await decided(said)
    bench.delivering.put(message)
    await until(lambda: len(room.got) == 1)
    await bench.delivering.forget()
    assert bench.delivering.waiting == 0
    assert bench.done == []
    room.hangs = False
    room.release()
    bench.delivering.put(message)
    await until(lambda: bench.done == [message.notification.id])
    assert len({one.headers["idempotency-key"] for one in room.got}) == 1
    await bench.delivering.forget()


async def test_a_receiver_that_moves_gets_its_messages_where_it_is_then(room: HttpReceiver) -> None:
    said = configured(room=room.url)
    bench = Bench(said)
    await bench.start()
    watching = asyncio.create_task(bench.delivering.watch())
    message = await decided(said)
    async with http_receiver() as elsewhere:
        bench.publish(configured(room=elsewhere.url))
        await bench.books.load()
        # It is looked for twice a second; until then messages go to the old address.
        async with asyncio.timeout(20):
            while not elsewhere.got:
                bench.delivering.put(message)
                await until(lambda: bench.delivering.waiting == 0)
    watching.cancel()
    await asyncio.wait([watching])
    await bench.delivering.forget()


async def test_a_template_that_does_not_work_is_named_and_the_message_goes_out(
    room: HttpReceiver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "title.j2").write_text("{{ nothing }}")
    (tmp_path / "body.j2").write_text("")
    said = configured(room=room.url)
    bench = Bench(said, templates=tmp_path)
    await bench.start()
    bench.delivering.put(await decided(said))
    await until(lambda: bench.done != [])
    told = capsys.readouterr().out
    assert "body.j2: is read by nobody" in told
    assert "title.j2: UndefinedError" in told
    await bench.delivering.forget()


async def test_before_the_start_nothing_is_taken_and_nothing_waits(room: HttpReceiver) -> None:
    bench = Bench(configured(room=room.url))
    message = await decided(configured(room=room.url))
    assert bench.delivering.waiting == 0
    await bench.delivering.forget()
    with pytest.raises(AssertionError):
        bench.delivering.put(message)
    with pytest.raises(AssertionError):
        await bench.delivering.watch()


async def test_the_span_of_a_message_leads_to_the_violations_that_it_is_about(room: HttpReceiver) -> None:
    tracing = RecordedTracing()
    said = configured(room=room.url)
    bench = Bench(said, tracing=tracing)
    carried: list[Headers] = []
    bench.delivering.report_to([lambda _: carried.append(tracing.carried())], bench.done.append)
    await bench.start()
    message = await decided(said)
    (name,) = message.alerts[0].violations
    bench.delivering.origins.saw(name, TopicRecord(0, b"", headers=[(TRACEPARENT, b"of the violation")]))
    bench.delivering.put(message)
    await until(lambda: bench.done != [])
    facts = {"sqm.delivery.outcome": "delivered", "sqm.delivery.attempts": 1}
    assert tracing.spans == [("send message", [b"of the violation"], facts)]
    assert carried == [(CARRIED,)]
    await bench.delivering.forget()
