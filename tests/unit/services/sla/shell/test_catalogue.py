"""
What one more publication does to the catalogue, and what is objected to.
"""

from typing import Any

from schemas.retirements import Retirement
from schemas.standards import DOCUMENTS, Published
from services.sla.engine import Publication
from services.sla.shell.catalogue import Catalogue, differences, readable

NOW = 1_790_000_000_000


def published(
    version: int = 1, *, limit: str = "20s", title: str = "Answered", effective: str = "2026-01-01T00:00:00Z"
) -> Published:
    document: dict[str, Any] = {
        "apiVersion": "sqm/v1",
        "kind": "Standard",
        "metadata": {
            "id": "wait",
            "version": version,
            "title": title,
            "owner": "quality",
            "why": "people wait",
            "effective_from": effective,
        },
        "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": limit},
        "objective": {"metric": "sl_all_offered", "target": "80%"},
    }
    return Published(document=DOCUMENTS.validate_python(document), published_at=NOW, published_by="test")


def calendar(*holidays: str, title: str = "Shop", effective: str = "2026-01-01T00:00:00Z") -> Published:
    metadata = {"id": "shop", "version": 1, "title": title, "owner": "q", "zone": "UTC", "effective_from": effective}
    document: dict[str, Any] = {
        "apiVersion": "sqm/v1",
        "kind": "Calendar",
        "metadata": metadata,
        "hours": {"monday": [{"from": "09:00", "until": "18:00"}]},
        "exceptions": [{"date": day, "name": "holiday", "closed": True} for day in holidays],
    }
    return Published(document=DOCUMENTS.validate_python(document), published_at=NOW, published_by="test")


def test_the_meaning_of_a_calendar_stands_as_that_of_a_standard_does() -> None:
    catalogue = Catalogue()
    late = calendar("2026-12-24", effective="2026-09-21T13:14:19.999Z")
    assert "a minute ahead" in (catalogue.objection(late, backdate=False) or "")
    assert catalogue.apply(calendar("2026-12-24")) is Publication.ADDED
    assert catalogue.apply(calendar("2026-12-24", title="Our shop")) is Publication.REVISED
    more = calendar("2026-12-23", "2026-12-24", title="Our shop")
    assert catalogue.apply(more) is Publication.CONTRADICTS
    objection = catalogue.objection(more, backdate=True)
    assert objection is not None
    assert "exceptions[2026-12-23].name: nothing → holiday" in objection
    assert "2026-12-24" not in objection
    assert "publish this as version 2" in objection


def retirement(name: str = "wait", at: str = "2026-10-01T00:00:00Z", why: str = "over") -> Published:
    meta = {"id": name, "retired_at": at, "owner": "quality", "why": why}
    document = DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Retirement", "metadata": meta})
    return Published(document=document, published_at=NOW, published_by="Ada")


def test_a_long_text_that_differs_is_cut_with_a_mark() -> None:
    held, longer = published().document, published(title="an hour or so " * 9).document
    (line,) = differences(held, longer, of_wording=True)
    assert line == "metadata.title: Answered → " + ("an hour or so " * 9)[:59] + "…"


def test_the_first_publication_is_new_the_same_again_unchanged_other_words_a_revision() -> None:
    catalogue = Catalogue()
    assert catalogue.apply(published()) is Publication.ADDED
    assert catalogue.apply(published()) is Publication.UNCHANGED
    assert catalogue.apply(published(title="Answered soon")) is Publication.REVISED
    assert catalogue.revision("Standard/wait/1") == 2


def test_another_meaning_under_a_published_version_is_refused_and_says_what_differs() -> None:
    catalogue = Catalogue([published()])
    objection = catalogue.objection(published(limit="30s"), backdate=True)
    assert objection is not None
    assert "clock.limit: 20s → 30s" in objection
    assert "version 2" in objection


def test_another_meaning_that_reached_the_topic_all_the_same_changes_nothing() -> None:
    catalogue = Catalogue([published(), published(limit="30s")])
    assert catalogue.standing["Standard/wait/1"].document == published().document


def test_a_new_version_must_lie_a_minute_ahead_unless_it_is_backdated() -> None:
    catalogue = Catalogue()
    past = published(effective="2026-01-01T00:00:00Z")
    assert "a minute ahead" in (catalogue.objection(past, backdate=False) or "")
    assert catalogue.objection(past, backdate=True) is None
    assert "a minute ahead" in (
        catalogue.objection(published(effective="2026-09-21T13:14:19.999Z"), backdate=False) or ""
    )
    assert catalogue.objection(published(effective="2026-09-21T14:14:20Z"), backdate=False) is None


def test_a_revision_of_wording_needs_no_notice() -> None:
    catalogue = Catalogue([published()])
    assert catalogue.objection(published(title="Answered soon"), backdate=False) is None


def test_a_retirement_names_a_published_standard() -> None:
    catalogue = Catalogue([published()])
    assert catalogue.objection(retirement(), backdate=False) is None
    assert "did you mean 'wait'?" in (catalogue.objection(retirement("wiat"), backdate=True) or "")
    assert "`sqm standards list` shows" in (Catalogue().objection(retirement(), backdate=True) or "")


def test_a_retirement_lies_a_minute_ahead_unless_it_is_backdated() -> None:
    catalogue = Catalogue([published()])
    soon = retirement(at="2026-09-21T13:14:19.999Z")
    said = catalogue.objection(soon, backdate=False) or ""
    assert "not a minute ahead" in said
    assert "set 2026-09-21T14:14:20.000Z or later" in said
    assert catalogue.objection(soon, backdate=True) is None
    assert catalogue.objection(retirement(at="2026-09-21T14:14:20Z"), backdate=False) is None


def test_a_retirement_ends_something() -> None:
    later = published(2, effective="2026-11-01T00:00:00Z")
    catalogue = Catalogue([later])
    said = catalogue.objection(retirement(), backdate=True) or ""
    assert "no version of wait begins before 2026-10-01T00:00:00.000Z" in said
    assert "retire it after 2026-11-01T00:00:00.000Z" in said
    both = Catalogue([later, published()])
    assert [one.metadata.version for one in both.standards("wait")] == [1, 2]
    held = retirement().document
    assert isinstance(held, Retirement)
    assert both.ended_by(held.metadata) == [1]


def test_the_first_retirement_stands_and_other_words_for_it_are_a_revision() -> None:
    catalogue = Catalogue([published(), retirement()])
    said = catalogue.objection(retirement(at="2026-12-01T00:00:00Z"), backdate=True) or ""
    assert "wait is retired from 2026-10-01T00:00:00.000Z on, as Ada published" in said
    assert catalogue.objection(retirement(), backdate=False) is None
    reworded = retirement(why="over, and for good")
    assert catalogue.objection(reworded, backdate=False) is None
    assert catalogue.apply(reworded) is Publication.REVISED


def test_an_action_is_about_a_standard_that_is_published_or_about_complaints() -> None:
    def action(**about: object) -> Published:
        metadata = {"id": "desk", "title": "A desk", "owner": "Ada", "due": "2026-10-01T00:00:00Z"}
        document = DOCUMENTS.validate_python({
            "apiVersion": "sqm/v1", "kind": "CorrectiveAction", "metadata": metadata, "applies_to": about,
            "action": "Another desk.", "review": {"planned_at": "2026-11-01T00:00:00Z"},
        })  # fmt: skip
        return Published(document=document, published_at=NOW, published_by="test")

    catalogue = Catalogue([published()])
    said = catalogue.objection(action(standard="wiat"), backdate=False) or ""
    assert said == "no standard is published as 'wiat'; did you mean 'wait'?"
    assert catalogue.objection(action(standard="wait"), backdate=False) is None
    assert catalogue.objection(action(complaints=["c1"]), backdate=False) is None
    assert catalogue.apply(action(standard="wait")) is Publication.ADDED
    assert catalogue.apply(action(standard="wait", site="a")) is Publication.REVISED


def test_durations_and_shares_are_written_as_people_write_them() -> None:
    dumped = {"limit": "240000ms", "warn_at": ["75.00%", "99.50%", "99.95%", "100.00%"], "title": "5.00% off"}
    assert readable(dumped) == {"limit": "4m", "warn_at": ["75%", "99.5%", "99.95%", "100%"], "title": "5.00% off"}
