"""
A worker that is given files of standards judges by them, and has put them on their topic for everybody else.
"""

import json
from pathlib import Path

import yaml

from schemas.standards import PUBLISHED
from schemas.topics import MEASUREMENTS, STANDARDS
from tests.e2e.sla_line import Line, event, now_ms, standard


async def test_a_worker_starts_from_the_standards_in_its_files(kafka: str, tmp_path: Path) -> None:
    file = tmp_path / "standards.yaml"
    file.write_text(yaml.safe_dump(standard("from-a-file")))
    async with Line(kafka, "worker-standards.", tmp_path) as line:
        worker = line.worker(SQM_SLA_STANDARDS=json.dumps([str(file)]))
        await worker.ready()
        arrived = now_ms()
        await line.send(
            [("s1", event("journey.arrived", "j1", arrived)), ("s1", event("journey.called", "j1", arrived + 5))]
        )
        await line.drained()
        assert [one["standard"] for one in await line.outcomes(MEASUREMENTS.name)] == ["from-a-file"]
        published = [PUBLISHED.validate_json(record.value) for record in await line.records(STANDARDS.name)]
        assert [one.document.metadata.id for one in published] == ["from-a-file"]
