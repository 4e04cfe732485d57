"""
The units of the commands that run for ever are sound, and give them what their help names.
"""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from services.cli import mqtt, tail
from tests.fakes.systemd import verified
from tests.project import PROJECT

COMMANDS = {"tail": tail.app, "mqtt": mqtt.app}


def unit_of(command: str) -> Path:
    return PROJECT / "deploy" / command / f"sqm-{command}.service"


@pytest.mark.parametrize("command", COMMANDS)
def test_systemd_finds_no_fault_in_the_unit_and_one_that_is_planted(tmp_path: Path, command: str) -> None:
    unit = unit_of(command)
    found = verified(tmp_path, unit.name, unit.read_text())
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert verified(tmp_path, unit.name, unit.read_text().replace("Restart=always", "Restart=allways")).stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_the_unit_gives_the_command_options_that_it_has_from_variables_that_are_set(command: str) -> None:
    text = unit_of(command).read_text()
    (line,) = re.findall(r"^ExecStart=.*? -m services\.cli (.*?)(?<!\\)$", text, re.MULTILINE | re.DOTALL)
    assert line.startswith(f"{command} ")
    known = {option for parameter in get_command(COMMANDS[command]).params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", line)) <= known
    set_there = re.findall(r"^([A-Z]+)=", (unit_of(command).parent / f"{command}.env").read_text(), re.MULTILINE)
    assert sorted(re.findall(r"\$\{([A-Z]+)\}", line)) == sorted(set_there)
