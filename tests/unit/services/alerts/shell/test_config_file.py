"""
The file of the configuration: what is sound is published when it changes, what is broken is named and changes nothing.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.alerting import Alerting
from services.alerts.shell.config_file import ConfigFile, read_alerting
from services.runtime.errors import Misconfigured
from services.runtime.logs import logger
from tests.e2e.alerts_line import alerting
from tests.fakes.alerts_office import until

SOUND = alerting({"floor": "http://127.0.0.1:1/hook"})


class Place:
    """
    A file and what was published of it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "alerting.yaml"
        self.published: list[Alerting] = []

    async def publish(self, said: Alerting) -> None:
        self.published.append(said)

    def write(self, said: Mapping[str, Any] | str) -> None:
        self.path.write_text(said if isinstance(said, str) else yaml.safe_dump(dict(said)), encoding="utf-8")

    def file(self) -> ConfigFile:
        return ConfigFile(self.path, self.publish, logger("test"), look_seconds=0)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_a_service_does_not_start_on_a_broken_file(place: Place) -> None:
    with pytest.raises(Misconfigured, match=r"alerting\.yaml"):
        await place.file().load()
    place.write(SOUND | {"route": {"receivers": ["nobody"]}})
    with pytest.raises(Misconfigured, match=r"alerting\.yaml:\d+.*route\.receivers\[0\]"):
        await place.file().load()
    assert place.published == []


async def test_what_has_changed_is_published_and_what_only_was_written_again_is_not(place: Place) -> None:
    place.write(SOUND)
    file = place.file()
    await file.load()
    following = asyncio.create_task(file.follow())
    place.write("# the same\n" + yaml.safe_dump(SOUND))
    place.write(SOUND | {"metadata": {"id": "others", "owner": "tests"}})
    await until(lambda: len(place.published) == 2)
    assert [said.metadata.id for said in place.published] == ["tests", "others"]
    following.cancel()
    await asyncio.wait([following])


@pytest.mark.parametrize("broken", ["{", "a: 1\n---\nb: 2\n", "kind: Alerting\n", None], ids=str)
async def test_a_change_that_breaks_it_is_named_until_it_is_mended(place: Place, broken: str | None) -> None:
    place.write(SOUND)
    file = place.file()
    await file.load()
    following = asyncio.create_task(file.follow())
    if broken is None:
        place.path.unlink()
    else:
        place.write(broken)
    await until(lambda: file.fault is not None)
    assert "alerting.yaml" in (file.fault or "")
    assert len(place.published) == 1
    place.write(SOUND | {"metadata": {"id": "mended", "owner": "tests"}})
    await until(lambda: file.fault is None and len(place.published) == 2)
    following.cancel()
    await asyncio.wait([following])


def test_sense_is_checked_too_with_the_line(place: Place) -> None:
    silence = {
        "id": "never", "match": {"site": ["s1"]}, "from": "2026-01-01T00:00:00Z", "author": "a", "reason": "r",
        "again": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "zone": "UTC", "duration": "1h"},
    }  # fmt: skip
    place.write(SOUND | {"silences": [silence]})
    with pytest.raises(Misconfigured, match=r"alerting\.yaml:\d+: silences\[0\]"):
        read_alerting(place.path)
