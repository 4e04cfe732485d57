"""
A worker publishes what its files say and the topic does not, once, and refuses what would contradict the topic.
"""

from pathlib import Path

import pytest
import yaml

from schemas.standards import PUBLISHED, Published
from services.runtime.errors import Misconfigured
from services.sla.shell.seeding import PUBLISHER, seed
from tests.e2e.sla_line import standard

NOW_MS = 1_800_000_000_000


class FakeProducer:
    """
    Keeps what is put, and shows it only once it is flushed.
    """

    def __init__(self) -> None:
        self._put: list[Published] = []
        self.sent: list[Published] = []

    def put(self, topic: str, key: bytes | None, value: bytes | None) -> None:
        assert topic == "standards"
        assert value is not None
        one = PUBLISHED.validate_json(value)
        assert key == f"Standard/{one.document.metadata.id}/1".encode()
        self._put.append(one)

    async def flush(self) -> None:
        self.sent += self._put


def written(folder: Path, *documents: object) -> Path:
    path = folder / "standards.yaml"
    path.write_text(yaml.safe_dump_all(documents))
    return path


async def test_an_empty_topic_gets_all_of_the_files_even_what_began_in_the_past(tmp_path: Path) -> None:
    producer = FakeProducer()
    path = written(tmp_path, standard("wait"), standard("talk"))
    assert await seed([path], [], producer, "standards", now_ms=NOW_MS) == 2
    assert [(one.document.metadata.id, one.published_by) for one in producer.sent] == [
        ("wait", PUBLISHER),
        ("talk", PUBLISHER),
    ]


async def test_a_second_start_publishes_nothing(tmp_path: Path) -> None:
    first, second = FakeProducer(), FakeProducer()
    path = written(tmp_path, standard("wait"))
    await seed([path], [], first, "standards", now_ms=NOW_MS)
    assert await seed([path], first.sent, second, "standards", now_ms=NOW_MS) == 0
    assert second.sent == []


async def test_another_meaning_under_a_taken_version_stops_the_worker_and_names_the_place(tmp_path: Path) -> None:
    first = FakeProducer()
    await seed([written(tmp_path, standard("wait"))], [], first, "standards", now_ms=NOW_MS)
    path = written(tmp_path, standard("wait", limit="30s"))
    with pytest.raises(Misconfigured, match=rf"{path}:1: version 1 of wait .*clock.limit"):
        await seed([path], first.sent, FakeProducer(), "standards", now_ms=NOW_MS)


async def test_a_standard_added_later_must_begin_a_minute_ahead(tmp_path: Path) -> None:
    first = FakeProducer()
    await seed([written(tmp_path, standard("wait"))], [], first, "standards", now_ms=NOW_MS)
    path = written(tmp_path, standard("wait"), standard("talk"))
    with pytest.raises(Misconfigured, match="not a minute ahead"):
        await seed([path], first.sent, FakeProducer(), "standards", now_ms=NOW_MS)


async def test_a_faulty_file_stops_the_worker(tmp_path: Path) -> None:
    path = written(tmp_path, standard("wait", limit="20"))
    with pytest.raises(Misconfigured, match=r"clock\.limit"):
        await seed([path], [], FakeProducer(), "standards", now_ms=NOW_MS)


async def test_a_path_that_is_not_there_names_the_setting_that_asked_for_it(tmp_path: Path) -> None:
    path = tmp_path / "absent"
    with pytest.raises(Misconfigured, match=rf"SQM_SLA_STANDARDS: {path}: there is no such file or folder"):
        await seed([path], [], FakeProducer(), "standards", now_ms=NOW_MS)
