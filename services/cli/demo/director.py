"""
Directs the demo: starts the line, shows it until it is over, brings it to rest and sums it up.
"""

import asyncio
import functools
from collections.abc import Coroutine
from pathlib import Path
from typing import Final, Protocol

import httpx

from services.alerts.shell.config_file import read_alerting
from services.cli.demo.alert_scene import AlertScene
from services.cli.demo.answering import Answering, Keyboard
from services.cli.demo.line import Line, alerting_file
from services.cli.demo.receiver import Receiver
from services.cli.demo.scene import Scene
from services.cli.demo.settling import Settling
from services.cli.demo.status import Status
from services.cli.demo.summary import Summary
from services.cli.demo.watching import Watch
from services.cli.stopping import on_signals
from services.runtime.clock import Clock
from services.runtime.errors import ServiceError, first_of

__all__ = ["Director", "Plan", "Stage"]

_SHOW_SECONDS: Final = 0.25
_SERVICES: Final = ("ingest", "sla", "alerts", "history", "simulator")


class Stage(Protocol):
    """
    What shows the demo: a live screen, or lines of text.
    """

    def say(self, words: str) -> None: ...

    def show(self, status: Status) -> None: ...


def _first(several: BaseExceptionGroup) -> BaseException:
    """
    Of errors that came together, tell the one that says most: ours before those of libraries.
    """
    ours, others = several.split(ServiceError)
    return first_of(ours or others or several)


class Plan:
    """
    What is to be played: for how long (None: until interrupted), with which seed, after how much of a past.
    """

    def __init__(self, *, seconds: int | None, seed: int, backlog: str, documents: Path) -> None:
        self.seconds = seconds
        self.seed = seed
        self.backlog = backlog
        self.documents = documents


class Director:
    """
    Runs one demo on a line. A first signal ends the play and sums up; a second one ends everything at once.
    """

    def __init__(self, line: Line, plan: Plan, stage: Stage, clock: Clock, broker: str) -> None:
        self._line = line
        self._plan = plan
        self._stage = stage
        self._clock = clock
        self._broker = broker
        self._stop = asyncio.Event()
        self._live_at: int | None = None
        self._answering: Answering | None = None
        self._phase = "settling"
        self._hint = ""

    async def run(self) -> Summary:
        """
        Play, settle and return the summary. Whatever happens, the processes are gone when this returns or raises.
        """
        task = asyncio.current_task()

        def asked() -> None:
            if self._stop.is_set() and task is not None:
                task.cancel()
            self._stop.set()

        with on_signals(asked):
            try:
                async with httpx.AsyncClient(timeout=10.0) as client:
                    return await self._play(client)
            except BaseExceptionGroup as several:
                # Also where Ctrl-C is in the group: what happened first is what the caller must see.
                raise _first(several) from several
            finally:
                await asyncio.to_thread(self._line.close)

    async def _play(self, client: httpx.AsyncClient) -> Summary:
        line, say = self._line, self._stage.say
        alerts = AlertScene(read_alerting(alerting_file())[0])
        async with Receiver(line.webhook_secret, self._clock, alerts.arrive) as receiver:
            say("publishing the standards")
            standards = await line.prepare(self._plan.documents, receiver.url)
            say("starting ingest, worker, alerts and history")
            line.start_services()
            await self._unless_stopped(line.until_ready(client, asyncio.sleep))
            watch = Watch(line.connection, Scene(standards), alerts, self._clock)
            line.start_simulator(self._plan.seed, self._plan.backlog)
            answering = self._answering = Answering(client, line.url("alerts"), line.operator_token, alerts)
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(watch.run(client, line.url("ingest"), line.url("sla")))
                with Keyboard(answering.press) as keyboard:
                    self._hint = "press a to acknowledge the top one" if keyboard.there else ""
                    await self._until_over(watch)
                    self._hint = ""
                showing = tasks.create_task(self._keep_showing(watch))
                say_settling = functools.partial(self._settle, watch)
                settling = Settling(line, watch, answering, client, self._clock, say_settling)
                summary = await settling.summary()
                watching.cancel()
                showing.cancel()
        return summary

    async def _unless_stopped(self, work: Coroutine[object, object, None]) -> None:
        """
        Do something that takes a while, unless the demo is told to stop before it has begun.
        """
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            raise KeyboardInterrupt
        task.result()

    async def _until_over(self, watch: Watch) -> None:
        while not self._stop.is_set():
            self._line.check()
            if self._live_at is None and watch.figures.accepted:
                # Loading the simulator takes seconds on a busy machine; they are not part of the play.
                self._live_at = self._clock.monotonic_ms()
            self._stage.show(self._status(watch, "waiting for customers" if self._live_at is None else "live"))
            if self._plan.seconds is not None and self._live_seconds() >= self._plan.seconds:
                return
            try:
                await asyncio.wait_for(self._stop.wait(), _SHOW_SECONDS)
            except TimeoutError:
                continue

    def _settle(self, watch: Watch, words: str) -> None:
        self._phase = words
        self._stage.show(self._status(watch, words))
        self._stage.say(words)

    async def _keep_showing(self, watch: Watch) -> None:
        while True:
            self._stage.show(self._status(watch, self._phase))
            await asyncio.sleep(_SHOW_SECONDS)

    def _live_seconds(self) -> int:
        return 0 if self._live_at is None else (self._clock.monotonic_ms() - self._live_at) // 1_000

    def _status(self, watch: Watch, phase: str) -> Status:
        scene, figures, now = watch.scene, watch.figures, self._clock.now_ms()
        children = self._line.children
        running = [(name, children[name].status is None) for name in _SERVICES if name in children]
        return Status(
            phase=phase,
            broker=self._broker,
            now_ms=now,
            live_seconds=self._live_seconds(),
            of_seconds=self._plan.seconds,
            services=(("broker", True), *running),
            accepted=figures.accepted,
            refused=figures.refused,
            decided=figures.decided,
            lag=figures.lag,
            events_per_second=figures.rate(2),
            open_journeys=figures.open_journeys,
            oldest_seconds=figures.oldest_seconds,
            expected_seconds=figures.expected_seconds,
            measurements=len(scene.measurements),
            waiting_too_long=scene.open_count("journey"),
            at_risk=scene.open_count("at_risk"),
            rows=tuple(scene.rows(now)),
            recent=tuple(reversed(scene.recent)),
            alerts=tuple(watch.alerts.rows()),
            happenings=tuple(watch.alerts.happenings),
            hint=(self._answering and self._answering.problem) or self._hint,
        )
