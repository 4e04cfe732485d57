"""
What a draft of a calendar imports is written down day by day, and what cannot be looked up is told by its place.
"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.calendars import Calendar
from schemas.standards import DOCUMENTS
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import read_documents_of, require
from services.sla.shell.freezing import freeze, passed_over

YEARS = {"from": 2026, "to": 2027}

CLOSURES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:stock
SUMMARY:Stock-taking
DTSTART;VALUE=DATE:20250630
DTEND;VALUE=DATE:20250702
RRULE:FREQ=YEARLY;UNTIL=20270630T000000Z
EXDATE;VALUE=DATE:20260630
END:VEVENT
BEGIN:VEVENT
UID:training
SUMMARY:Training
DTSTART;VALUE=DATE:20260105
RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=1MO
RDATE;VALUE=DATE:20260901
END:VEVENT
BEGIN:VEVENT
UID:training
RECURRENCE-ID;VALUE=DATE:20260202
SUMMARY:Training\\, moved
DTSTART;VALUE=DATE:20260203
DURATION:P2D
END:VEVENT
BEGIN:VEVENT
UID:gone
STATUS:CANCELLED
SUMMARY:Called off
DTSTART;VALUE=DATE:20260401
END:VEVENT
BEGIN:VEVENT
UID:meeting
SUMMARY:A meeting at noon closes nothing
DTSTART:20260501T120000Z
END:VEVENT
BEGIN:VEVENT
UID:nameless
DTSTART;VALUE=DATE:20271231
DTEND;VALUE=DATE:20280103
END:VEVENT
END:VCALENDAR
"""


def draft(**parts: Any) -> Calendar:  # noqa: ANN401 - parts of a document
    metadata = {"id": "shop", "version": 1, "title": "Shop", "owner": "q", "zone": "Europe/Riga"}
    made = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Calendar",
            "metadata": {"effective_from": "2026-01-01T00:00:00Z", **metadata},
            "hours": {"monday": [{"from": "09:00", "until": "18:00"}]},
            **parts,
        }
    )
    assert isinstance(made, Calendar)
    return made


def days(calendar: Calendar) -> dict[str, str]:
    assert all(one.closed for one in calendar.exceptions)
    return {one.first.isoformat(): one.name for one in calendar.exceptions}


def holidays(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of an import
    return {"import_holidays": [{"country": "LV", "years": YEARS, **parts}]}


def test_public_holidays_are_written_down_in_the_language_of_the_country() -> None:
    frozen = freeze(draft(**holidays()), Path())
    assert frozen.frozen
    found = days(frozen)
    assert found["2026-11-18"].startswith("Latvijas Republikas Proklamēšanas diena")
    assert {"2026-06-23", "2026-06-24", "2027-12-24"} <= found.keys()
    assert list(found) == sorted(found)
    assert {day[:4] for day in found} == {"2026", "2027"}


def test_names_may_be_asked_for_in_another_language_and_holidays_of_a_part() -> None:
    assert days(freeze(draft(**holidays(language="en_US")), Path()))["2026-06-24"] == "Midsummer Day"
    bavaria = days(freeze(draft(**holidays(country="DE", subdivision="BY", language="de")), Path()))
    assert "2026-01-06" in bavaria
    assert "2026-01-06" not in days(freeze(draft(**holidays(country="DE")), Path()))


def test_what_the_owner_wrote_takes_precedence_over_what_is_imported() -> None:
    own = [
        {"name": "Open on the Eve", "date": "2026-06-23", "hours": [{"from": "09:00", "until": "12:00"}]},
        {"name": "Works", "from": "2026-12-20", "to": "2026-12-31", "closed": True},
    ]
    frozen = freeze(draft(exceptions=own, **holidays(language="en_US")), Path())
    names = [one.name for one in frozen.exceptions if one.first.year == YEARS["from"]]
    assert "Midsummer Eve" not in names
    assert "Christmas Day" not in names
    assert [one.day for one in frozen.exceptions if one.name == "Christmas Day"] == ["2027-12-25"]
    assert names.index("Open on the Eve") < names.index("Midsummer Day") < names.index("Works")


def test_what_is_frozen_stays_as_it_is() -> None:
    calendar = draft()
    assert freeze(calendar, Path()) is calendar
    frozen = freeze(draft(**holidays()), Path())
    assert freeze(frozen, Path()) is frozen


def test_all_day_events_close_also_where_they_come_again_move_or_last_longer(tmp_path: Path) -> None:
    (tmp_path / "closures.ics").write_text(CLOSURES.replace("\n", "\r\n"), newline="")
    imported = draft(import_ics=[{"file": "closures.ics", "years": YEARS}])
    assert days(freeze(imported, tmp_path)) == {
        "2026-01-05": "Training",
        "2026-02-03": "Training, moved",
        "2026-02-04": "Training, moved",
        "2026-03-02": "Training",
        "2026-09-01": "Training",
        "2027-06-30": "Stock-taking",
        "2027-07-01": "Stock-taking",
        "2027-12-31": "closed",
    }


@pytest.mark.parametrize(
    ("begins", "more", "years", "told"),
    [
        ("20260501T120000Z", "", YEARS, "1 event(s) at a time of day are passed over, like 'A meeting at noon"),
        ("20250501T120000Z", "", YEARS, ""),
        ("20250501T120000Z", "RRULE:FREQ=YEARLY", YEARS, "of 2025-05-01 12:00; where one changes the hours of a day"),
        ("20280501T120000Z", "RRULE:FREQ=YEARLY", YEARS, ""),
        ("20260501T120000Z", "STATUS:CANCELLED", YEARS, ""),
    ],
    ids=["within", "before", "comes again", "after", "cancelled"],
)
def test_an_event_at_a_time_of_day_is_told_for_nobody_guesses_what_it_means(
    tmp_path: Path, begins: str, more: str, years: dict[str, int], told: str
) -> None:
    text = CLOSURES.replace("DTSTART:20260501T120000Z", f"DTSTART:{begins}" + (f"\n{more}" if more else ""))
    (tmp_path / "closures.ics").write_text(text)
    said = passed_over(draft(import_ics=[{"file": "closures.ics", "years": years}]), tmp_path)
    assert len(said) == bool(told)
    assert all(one.startswith("closures.ics: ") and told in one for one in said)


def test_a_day_that_is_closed_twice_has_both_names(tmp_path: Path) -> None:
    text = CLOSURES.replace("20260901", "20261118")
    (tmp_path / "closures.ics").write_text(text)
    both = draft(import_ics=[{"file": "closures.ics", "years": YEARS}], **holidays(language="en_US"))
    assert days(freeze(both, tmp_path))["2026-11-18"] == "Republic of Latvia Proclamation Day; Training"


def test_a_long_name_is_cut_and_control_characters_are_left_out(tmp_path: Path) -> None:
    name = "a\\nb " + "very " * 40 + "long"
    (tmp_path / "closures.ics").write_text(CLOSURES.replace("SUMMARY:Training\r", "").replace("Stock-taking", name))
    told = days(freeze(draft(import_ics=[{"file": "closures.ics", "years": YEARS}]), tmp_path))["2027-06-30"]
    assert told.startswith("a b very")
    assert (len(told), told[-1]) == (128, "…")


@pytest.mark.parametrize(
    ("wanted", "place", "told"),
    [
        ({"country": "XX"}, "country", "correct its code, or write its days as exceptions"),
        ({"country": "DE", "subdivision": "ZZ"}, "subdivision", "known: Augsburg, BB, BE"),
        ({"subdivision": "ZZ"}, "subdivision", "leave it out"),
        ({"category": "lunar"}, "category", "known: public"),
        ({"language": "xx"}, "language", "known: en_US, lv"),
        (
            {"years": {"from": 1970, "to": 1970}},
            "years",
            "no holidays are known of these years; write its days as exceptions",
        ),
    ],
)
def test_holidays_that_cannot_be_looked_up_are_told_by_their_field(
    wanted: dict[str, Any], place: str, told: str
) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        freeze(draft(**holidays(**wanted)), Path())
    assert caught.value.errors()[0]["loc"] == ("Calendar", "import_holidays", 0, place)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        (b"no calendar", "no iCalendar file"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than 4 MiB"),
        (CLOSURES.replace("FREQ=YEARLY", "FREQ=HOURLY").encode(), "comes again hourly"),
        (CLOSURES.replace("20250702", "20950702").encode(), "more than 20000"),
    ],
    ids=["missing", "other", "huge", "hourly", "endless"],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "closures.ics").write_bytes(content)
    with pytest.raises(ValidationError, match=told) as caught:
        freeze(draft(import_ics=[{"file": "closures.ics", "years": {"from": 2026, "to": 2055}}]), tmp_path)
    assert caught.value.errors()[0]["loc"] == ("Calendar", "import_ics", 0, "file")


def test_documents_come_frozen_and_faults_of_imports_are_told_with_file_and_line(tmp_path: Path) -> None:
    text = """apiVersion: sqm/v1
kind: Calendar
metadata:
  {id: shop, version: 1, title: Shop, owner: q, zone: Europe/Riga, effective_from: "2026-01-01T00:00:00Z"}
hours:
  monday: [{from: "09:00", until: "18:00"}]
import_holidays:
  - country: LV
    years: {from: 2026, to: 2026}
"""
    file = tmp_path / "shop.yaml"
    file.write_text(text)
    (found,) = require(read_documents_of([file]))
    assert isinstance(found.document, Calendar)
    assert found.document.frozen
    assert found.key == "Calendar/shop/1"
    file.write_text(text.replace("LV", "XX"))
    with pytest.raises(Misconfigured, match=r"shop\.yaml:8: import_holidays\[0\]\.country: no holidays are known"):
        require(read_documents_of([file]))
