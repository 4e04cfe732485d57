"""
Reads a scenario file, plays it, and tells what is not as it should be.
"""

from pathlib import Path

from pydantic import ValidationError

from schemas.standards import Published
from services.cli.scenarios.checking import differences
from services.cli.scenarios.model import Scenario
from services.cli.scenarios.playing import play
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe
from services.runtime.yamlfile import Document, read_one_document
from services.sla.shell.documents import read_documents_of, require

__all__ = ["read_scenario", "run_file"]


def read_scenario(file: Path) -> tuple[Scenario, Document]:
    """
    Read one scenario. Raises Misconfigured with every fault by file, line and field.
    """
    document = read_one_document(file, "a scenario")
    try:
        return Scenario.model_validate(document.value), document
    except ValidationError as error:
        raise Misconfigured("\n  ".join(describe(error, document, Scenario))) from error


def run_file(file: Path) -> list[str]:
    """
    Play a scenario file; returns its differences as `file:line: what was expected, and what came`.
    """
    scenario, document = read_scenario(file)
    found = require(read_documents_of(file.parent / name for name in scenario.files))
    published = [Published(document=one.document, published_at=0, published_by="scenario") for one in found]
    try:
        played = play(scenario, published)
    except Misconfigured as error:
        raise Misconfigured(f"{file}:{document.locate(('standards',)) or 1}: {error}") from error
    differing: list[str] = []
    for number, step in enumerate(scenario.timeline):
        line = document.locate(("timeline", number)) or 0
        try:
            played.do(step)
        except Misconfigured as error:
            raise Misconfigured(f"{file}:{line}: timeline[{number}]: {error}") from error
        if step.expect is not None:
            differing += [f"{file}:{line}: {one}" for one in differences(played, step.expect)]
    played.finish()
    line = document.locate(("expect",)) or 0
    return differing + [f"{file}:{line}: {one}" for one in differences(played, scenario.expect)]
