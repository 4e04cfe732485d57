"""
`sqm history` on a folder that no service holds: it makes the tables by itself and answers from them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.project import PROJECT, measured


def history(folder: Path, port: int, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "history", *words],
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            **measured(),
            "SQM_CLICKHOUSE__FOLDER": str(folder),
            "SQM_HISTORY_HTTP_PORT": str(port),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_tables_are_made_once_and_questions_answered_without_a_service(tmp_path: Path, free_port: int) -> None:
    folder = tmp_path / "clickhouse"
    nothing = history(folder, free_port, "query", "SELECT 1")
    assert nothing.returncode == 1
    assert f"there is no folder {folder}" in nothing.stderr

    first = history(folder, free_port, "migrate")
    assert (first.returncode, first.stderr) == (0, "")
    assert "applied    0001_tables.sql" in first.stdout

    shorter = history(folder, free_port, "migrate", SQM_HISTORY_KEEP_DAYS='{"events": 90, "attainment": 0}')
    assert "applied" not in shorter.stdout
    assert "events: 90 days" in shorter.stdout
    again = history(folder, free_port, "migrate", SQM_HISTORY_KEEP_DAYS='{"events": 90, "attainment": 0}')
    assert again.stdout == "nothing to do: the tables are as this version expects them\n"

    changed = history(folder, free_port, "query", "DROP TABLE events")
    assert changed.returncode == 2
    assert "ClickHouse: cannot answer a question" in changed.stderr
    asked = history(folder, free_port, "query", "SELECT count() AS n FROM standing_events", "--format", "json")
    assert json.loads(asked.stdout) == [{"n": 0}]
