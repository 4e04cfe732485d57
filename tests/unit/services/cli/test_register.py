"""
The list of what is published, on terminals that are wide and narrow.
"""

import re
from io import StringIO

import pytest
from rich.console import Console

from schemas.standards import DOCUMENTS, Published
from services.cli import register
from services.runtime.errors import Rejected
from services.runtime.yamlfile import read_documents, read_yaml_file
from services.sla.shell.catalogue import Catalogue
from tests.project import PROJECT


def published() -> Catalogue:
    files = sorted((PROJECT / "deploy" / "demo" / "standards").glob("*.yaml"))
    documents = [DOCUMENTS.validate_python(one.value) for file in files for one in read_yaml_file(file)]
    return Catalogue([Published(document=one, published_at=0, published_by="test") for one in documents])


def calendar() -> Catalogue:
    files = [PROJECT / "deploy" / "standards" / "calendars" / "riga-branch.yaml"]
    documents = [DOCUMENTS.validate_python(one.value) for file in files for one in read_yaml_file(file)]
    return Catalogue([Published(document=one, published_at=0, published_by="test") for one in documents])


def listed(width: int, catalogue: Catalogue | None = None) -> str:
    stream = StringIO()
    register.show_all(catalogue or published(), 1_800_000_000_000, Console(file=stream, width=width))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_title_is_cut_on_a_narrow_terminal(width: int) -> None:
    words = set(listed(width).split())
    titles = [getattr(one.document.metadata, "title", "") for one in published().standing.values()]
    assert [title for title in titles if not words >= set(title.split())] == []


def test_where_there_is_room_each_standard_has_one_line_with_its_owner() -> None:
    lines = listed(400).splitlines()
    assert len(lines) == 1 + len(published().standing)
    assert any("Order taken within ninety seconds of arrival" in line and "Restaurant 3" in line for line in lines)


def test_the_list_says_of_a_promise_to_colleagues_or_by_a_supplier_that_it_is_one() -> None:
    (one, *_) = [held for held in published().standing.values() if held.document.kind == "Standard"]
    changed = one.document.model_dump(mode="json", by_alias=True)
    changed["metadata"] |= {"id": "repair", "title": "Repaired in a day", "agreement": "supplier"}
    catalogue = Catalogue([one, one.model_copy(update={"document": DOCUMENTS.validate_python(changed)})])
    (row,) = [line for line in listed(400, catalogue).splitlines() if line.startswith("repair@1")]
    assert "Repaired in a day (supplier)" in row
    assert "(customer)" not in listed(400, catalogue)


def retired_at(instant: str) -> Catalogue:
    meta = {"id": "counter-wait", "retired_at": instant, "owner": "Branch operations", "why": "The branch closes."}
    document = DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Retirement", "metadata": meta})
    return Catalogue(
        [*published().standing.values(), Published(document=document, published_at=0, published_by="test")]
    )


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2027-01-14T08:00:00Z", "ended 2027-01-14T08:00"),
        ("2027-01-16T08:00:00Z", "until 2027-01-16T08:00"),
        ("2025-01-01T00:00:00Z", "since 2026-01-01"),
    ],
    ids=["of old", "to come", "before it began"],
)
def test_the_list_says_when_a_retired_standard_ends(instant: str, said: str) -> None:
    (row,) = [line for line in listed(400, retired_at(instant)).splitlines() if line.startswith("counter-wait@1")]
    assert said in row


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("counter-wait@7", "counter-wait has no version '7'; published is version 1"),
        ("branch-07@1", "branch-07 has no version '1'; it is not versioned"),
        ("counter-wai@1", "nothing is published as 'counter-wai'; did you mean 'counter-wait'?"),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_way_out(name: str, said: str) -> None:
    sites = [one.value for one in read_yaml_file(PROJECT / "deploy" / "demo" / "sites.yaml")]
    documents = [DOCUMENTS.validate_python(one) for one in sites]
    known = [Published(document=one, published_at=0, published_by="test") for one in documents]
    with pytest.raises(Rejected, match=re.escape(said)):
        register.pick(Catalogue([*published().standing.values(), *known]), name)


def test_calendars_are_listed_with_their_zone_and_shown_as_their_owner_wrote_them() -> None:
    title, row = listed(400, calendar()).splitlines()
    assert title.split() == ["calendar", "zone", "in", "force", "title", "owner"]
    assert row.split()[:2] == ["riga-branch@1", "Europe/Riga"]
    catalogue = calendar()
    text = register.as_yaml(catalogue, register.pick(catalogue, "riga-branch"))
    (shown,) = [one.value for one in read_documents(text, "shown.yaml")]
    assert DOCUMENTS.validate_python(shown) == catalogue.standing["Calendar/riga-branch/1"].document


DUE, TAKEN = "2027-01-10T08:00:00Z", "2027-01-12T08:00:00Z"
REVIEW = {"at": "2027-01-15T08:00:00Z", "by": "Ada", "why": "Seen."}


@pytest.mark.parametrize(
    ("taken", "planned", "done", "state"),
    [
        (None, "2027-03-01T08:00:00Z", None, "due 2027-01-10, overdue"),
        (TAKEN, "2027-03-01T08:00:00Z", None, "review 2027-03-01"),
        (TAKEN, "2027-01-14T08:00:00Z", None, "review 2027-01-14, overdue"),
        (TAKEN, "2027-01-14T08:00:00Z", REVIEW | {"worked": True}, "worked"),
        (TAKEN, "2027-01-14T08:00:00Z", REVIEW | {"worked": False}, "did not work"),
    ],
)
def test_the_list_says_how_far_a_corrective_action_is(
    taken: str | None, planned: str, done: dict[str, object] | None, state: str
) -> None:
    document = DOCUMENTS.validate_python({
        "apiVersion": "sqm/v1", "kind": "CorrectiveAction", "taken_at": taken, "action": "Another desk.",
        "metadata": {"id": "desk", "title": "A desk", "owner": "Ada", "due": DUE}, "root_cause": "Few.",
        "similar_cases": "None.", "applies_to": {"standard": "wait"}, "review": {"planned_at": planned, "done": done},
    })  # fmt: skip
    catalogue = Catalogue([Published(document=document, published_at=0, published_by="test")])
    (_, row) = listed(400, catalogue).splitlines()
    assert re.split(r"\s{2,}", row.strip()) == ["desk", "wait", state, "A desk", "Ada"]
