"""
Runs history as its users do: a process of its own, its folder, and questions over HTTP.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from schemas.topics import TOPICS
from services.runtime.kafka import BatchProducer, Connection, ensure_topics, specs_of
from tests.e2e.service_process import ServiceProcess
from tests.fakes.waiting import wait_until


class HistoryProcess(ServiceProcess):
    """
    One history, its tables in a folder, and what can be asked of it.
    """

    def __init__(self, folder: Path, kafka: str, environment: Mapping[str, str]) -> None:
        settings = {
            "SQM_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "SQM_CLICKHOUSE__FOLDER": str(folder / "clickhouse"),
            "SQM_HISTORY_LINGER_MS": "50",
        }
        super().__init__("history", folder, {**settings, **environment})

    def ask(self, sql: str, **parameters: str) -> list[dict[str, Any]]:
        named = {f"param_{name}": value for name, value in parameters.items()}
        answer = httpx.post(f"{self.url}/v1/query", content=sql, params=named, timeout=30)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows

    def until(self, sql: str, value: object, within_seconds: float = 90) -> None:
        """
        Wait until the one value that the question asks for is this.
        """

        def holds() -> bool:
            self.check()
            return list(self.ask(sql)[0].values()) == [value]

        wait_until(holds, f"{sql} to be {value!r}", within_seconds)

    def post(self, sql: str, **headers: str) -> httpx.Response:
        return httpx.post(f"{self.url}/v1/query", content=sql, headers=headers, timeout=30)

    def metrics(self) -> str:
        return httpx.get(f"{self.url}/metrics", timeout=30).text


@contextmanager
def running_history(
    folder: Path, kafka: str, environment: Mapping[str, str], *, ready: bool = True
) -> Iterator[HistoryProcess]:
    history = HistoryProcess(folder, kafka, environment)
    try:
        if ready:
            history.until_ready()
        yield history
    finally:
        history.stop()


async def send(connection: Connection, topic: str, values: Sequence[bytes], key: Callable[[int], bytes]) -> None:
    """
    Put values on a topic that is made where it is missing.
    """
    await ensure_topics(connection, specs_of(TOPICS, partitions=4))
    producer = BatchProducer(connection)
    await producer.start([connection.name(topic)])
    for number, value in enumerate(values):
        producer.put(connection.name(topic), key(number), value)
        if producer.in_flight > 20_000:
            await producer.flush()
    await producer.stop()
