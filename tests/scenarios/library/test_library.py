"""
The library of standards: every document fit to be taken as it is, played through a day, and told in docs/library.md.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from schemas.events import EVENTS, ObservationFacts
from schemas.standards import DOCUMENTS, Published, Standard
from services.cli import main
from services.cli.scenarios import run_file
from services.cli.scenarios.checking import differences
from services.cli.scenarios.model import Step
from services.cli.scenarios.playing import play
from services.cli.scenarios.reading import read_scenario
from services.sla.shell.documents import read_documents_of, require
from tests.project import PROJECT

HERE = Path(__file__).parent
LIBRARY = PROJECT / "deploy/standards"
FORMS = PROJECT / "deploy/checklists"
CHECKLISTS = sorted(file.stem for file in FORMS.glob("*.json"))
PAGE = (PROJECT / "docs/library.md").read_text("utf-8")
FOLDERS = sorted(path for path in LIBRARY.iterdir() if path.is_dir())
SECTORS: Final = (
    "bank-branch", "city-service", "complaint-handling", "contact-centre", "hotel", "restaurant", "retail",
    "service-desk",
)  # fmt: skip
MEANT: Final = {
    "complaint-handling": (
        "warning [window_outlives_topic] objective.window.rolling:",
        "warning [measured_twice] applies_to:",
    )
}
"""What the lint says and the page explains: eight weeks need a long window, and payments have a second limit."""
BEGUN: Final = "2026-01-01T00:00:00+00:00"
FRIENDLY: Final = (
    "eye contact", "smile", "name", "prompt answer", "attention", "explaining", "listening", "offer of help",
    "warm farewell",
)  # fmt: skip
_SENTENCES = re.compile(r"[A-Z0-9“].{40,}\.", re.DOTALL)
_EXAMPLE = re.compile(r"examples? to adapt")
_FIRST = re.compile(r"(.+?[.?])(?: (?=[A-Z0-9])|$)")
_SOURCE = re.compile(r"Source: (.+)\.$")


def standards_of(sector: str) -> list[Standard]:
    found = require(read_documents_of([LIBRARY / sector]))
    return [one.document for one in found if isinstance(one.document, Standard)]


def checklist(name: str) -> ObservationFacts:
    facts = getattr(EVENTS.validate_json((FORMS / f"{name}.json").read_bytes()), "data", None)
    assert isinstance(facts, ObservationFacts)
    return facts


def faults_of(standard: Standard) -> Iterator[str]:
    """
    What keeps a standard from being taken: why it exists and where its figures come from, said in full sentences.
    """
    meta = standard.metadata
    why = meta.why.strip()
    if not _SENTENCES.fullmatch(why):
        yield f"{meta.id}: why is no full sentence"
    if not _EXAMPLE.search(why) and not _SOURCE.search(why):
        yield f"{meta.id}: why says neither a source nor that its figures are an example to adapt"
    if meta.effective_from.isoformat() > BEGUN:
        yield f"{meta.id}: begins after {BEGUN}"


def row_of(standard: Standard) -> str:
    """
    The row that docs/library.md has of a standard.
    """
    meta = standard.metadata
    why = " ".join(meta.why.split())
    said = _SOURCE.search(why)
    sources = [said[1]] if said else []
    source = "; ".join(sources + ["example to adapt"] * bool(_EXAMPLE.search(why)))
    told = meta.title if meta.agreement == "customer" else f"{meta.title} ({meta.agreement})"
    first = _FIRST.match(why)
    purpose = first[1] if first else why
    return f"| `{meta.id}` | {standard.kind_of} | {told} | {purpose} | {source} |"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_is_valid_and_lint_finds_nothing_but_what_is_meant(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meant = MEANT.get(folder.name, ())
    assert main(["standards", "lint", "--strict", str(folder)]) == bool(meant)
    assert tuple(re.findall(r"(?:error|warning) \[[a-z_]+\] \S+", capsys.readouterr().out)) == meant


def test_the_whole_library_can_be_published_together() -> None:
    assert require(read_documents_of([LIBRARY]))
    assert main(["standards", "lint", str(LIBRARY)]) == 0


@pytest.mark.parametrize("sector", SECTORS)
def test_every_standard_says_why_it_exists_and_where_its_figures_come_from(sector: str) -> None:
    assert [fault for standard in standards_of(sector) for fault in faults_of(standard)] == []


def test_a_standard_that_says_too_little_is_found() -> None:
    (plain, *_) = standards_of("retail")
    raw = plain.model_dump(mode="json", by_alias=True)
    raw["metadata"] |= {"id": "wait", "why": "people wait", "effective_from": "2026-02-01T00:00:00Z"}
    silent = DOCUMENTS.validate_python(raw)
    assert isinstance(silent, Standard)
    assert list(faults_of(silent)) == [
        "wait: why is no full sentence",
        "wait: why says neither a source nor that its figures are an example to adapt",
        f"wait: begins after {BEGUN}",
    ]
    assert row_of(silent) not in PAGE


@pytest.mark.parametrize("sector", SECTORS)
def test_every_standard_has_its_row_on_the_page(sector: str) -> None:
    assert [row for row in map(row_of, standards_of(sector)) if row not in PAGE] == []


def test_the_page_tells_of_no_standard_that_does_not_exist() -> None:
    known = {standard.metadata.id for sector in SECTORS for standard in standards_of(sector)}
    told = re.findall(r"^\| `([a-z0-9.-]+)` \| (?:clock|rate|score|sequence|presence) ", PAGE, re.MULTILINE)
    assert set(told) == known


@pytest.mark.parametrize("sector", SECTORS)
def test_the_day_of_a_sector_comes_out_and_judges_by_every_standard(sector: str) -> None:
    scenario, _ = read_scenario(HERE / f"{sector}.yaml")
    assert scenario.files == (f"../../../deploy/standards/{sector}",)
    expected = scenario.expect
    named = {one.standard for one in expected.attainment} | {one.standard for one in expected.presence or ()}
    assert {standard.metadata.id for standard in standards_of(sector)} - named == set()
    assert run_file(HERE / f"{sector}.yaml") == []


@pytest.mark.parametrize("sector", SECTORS)
def test_a_restart_before_every_step_of_a_day_changes_nothing(sector: str) -> None:
    scenario, _ = read_scenario(HERE / f"{sector}.yaml")
    found = require(read_documents_of([LIBRARY / sector]))
    played = play(scenario, [Published(document=one.document, published_at=0, published_by="test") for one in found])
    for step in scenario.timeline:
        played.do(Step(restart="clean"))
        played.do(step)
    played.finish()
    assert differences(played, scenario.expect) == []


@pytest.mark.parametrize("sector", SECTORS)
def test_every_kind_of_standard_of_a_sector_is_seen_broken_in_its_day(sector: str) -> None:
    expected = read_scenario(HERE / f"{sector}.yaml")[0].expect
    broken = {one.standard for one in (*(expected.violations or ()), *(expected.presence or ()))}
    kinds = {one.kind_of for one in standards_of(sector) if one.metadata.id in broken}
    assert kinds >= {one.kind_of for one in standards_of(sector)} - {"rate"}


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_checklist_is_an_event_to_be_filled_in(name: str) -> None:
    facts = checklist(name)
    assert facts.checklist == name
    assert {item.result for item in facts.items} == {"not_applicable"}
    assert [item.id for item in facts.items if f"| {item.id} |" not in PAGE] == []
    assert all(item.category == "safety" for item in facts.items if item.critical)


def test_the_friendliness_checklist_asks_for_all_nine() -> None:
    assert tuple(item.id for item in checklist("friendliness").items) == FRIENDLY


def test_every_checklist_that_a_standard_names_exists() -> None:
    of = [one for sector in SECTORS for standard in standards_of(sector) if standard.score for one in standard.score.of]
    named = {name for one in of if one.where is not None for name in one.where.checklist or ()}
    assert named == set(CHECKLISTS)
