"""
The director of the demo in this process, on the broker in memory: the whole course from start to summary.
"""

from io import StringIO
from pathlib import Path

from rich.console import Console

from services.cli.demo.director import Director, Plan
from services.cli.demo.line import Line, demo_folder
from services.cli.demo.stages import LineStage
from services.runtime.broker import BrokerKind, BrokerOptions, start_broker
from services.runtime.clock import SystemClock


async def test_a_play_is_prepared_shown_settled_and_summed_up(tmp_path: Path) -> None:
    clock, console = SystemClock(), Console(file=StringIO(), width=200)
    with start_broker(BrokerOptions(kind=BrokerKind.MEMORY), clock) as broker:
        line = Line(tmp_path, broker.bootstrap_servers, clock)
        plan = Plan(seconds=2, seed=3, backlog="2m", documents=demo_folder())
        summary = await Director(line, plan, LineStage(console, clock), clock, "in memory").run()
    assert summary.differences() == []
    assert summary.decided == summary.records > 0
    assert summary.lag == 0
    assert all(child.status == 0 for child in line.children.values())
    assert isinstance(console.file, StringIO)
    assert summary.alerts.at_rest
    assert "waiting until everybody is told" in console.file.getvalue()
    assert "waiting for history to catch up" in console.file.getvalue()
