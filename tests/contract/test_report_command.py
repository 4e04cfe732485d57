"""
`sqm report` out of a real history: every report in every form and language, with names that break careless pages.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from schemas.base import parse_instant
from schemas.spelling import meant
from services.cli import main
from services.runtime.clickhouse import ClickHouseSettings, Database
from tests.fakes.databases import DRIVERS, opened, place_of, settings_for
from tests.fakes.report_history import HOSTILE, fill
from tests.fakes.stored_replay import put
from tests.fakes.topic_records import as_json, attainment

KINDS = ("attainment", "waits", "violations", "complaints", "scorecard")
VOID = {"meta", "link", "br", "img"}


class Reader(HTMLParser):
    """
    Reads a page as strictly as its tags allow: each is closed by its own, and ids are there once.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    """
    Read a page, and see that it can do no harm.
    """
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert not reader.tags & {"script", "img", "iframe", "object", "link", "foreignobject", "image", "use"}
    assert all(link.startswith("#") and link[1:] in reader.ids for link in reader.links)
    assert not any(name.startswith("on") or name in {"src", "style", "xlink:href"} for name, _ in reader.attributes)
    policies = [value or "" for name, value in reader.attributes if name == "content" and "src" in (value or "")]
    assert [one.startswith("default-src 'none'; style-src 'sha256-") for one in policies] == [True]
    return reader


@pytest.fixture(scope="module", params=DRIVERS)
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ClickHouseSettings:
    return settings_for(request.param, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def history(settings: ClickHouseSettings) -> Iterator[Database]:
    for database in opened(settings):
        fill(database)
        yield database


class Desk:
    """
    Somebody who asks for reports.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def asks(self, *words: str, status: int = 0) -> str:
        assert main(["report", *words]) == status
        said = self._capsys.readouterr()
        return said.err if status else said.out

    def rows(self, *words: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.asks(*words, "--format", "csv"))))


@pytest.fixture
def desk(
    history: Database,
    settings: ClickHouseSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    place = place_of(settings, monkeypatch.setenv)
    monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", place)
    monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", "9")
    return Desk(capsys)


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_is_a_page_that_needs_nothing_and_escapes_what_sources_said(desk: Desk, kind: str) -> None:
    said = read(desk.asks(kind, "--format", "html", "--period", "2026-03", "--language", "en"))
    # The title of a site, as text; what would be markup was read as text by a reader of markup.
    assert HOSTILE[3] in said.text
    assert "2026-03: 1 March 2026 to 31 March 2026" in said.text
    assert "Europe/Riga" in said.text
    assert ("svg" in said.tags, "table" in said.tags) == (True, True)


@pytest.mark.parametrize("kind", ["violations", "complaints", "waits"])
def test_two_weeks_of_all_that_history_holds_are_walked_through_day_by_day(desk: Desk, kind: str) -> None:
    said = read(desk.asks(kind, "--format", "html", "--language", "en")).text
    assert ("each day" in said, "each month" in said) == (True, False)


@pytest.mark.parametrize(("kind", "language"), list(zip(KINDS, ("ru", "lv", "ru", "lv", "lv"), strict=True)))
def test_every_report_is_written_in_every_language(desk: Desk, kind: str, language: str) -> None:
    words = (kind, "--language", language, "--by", "queue")
    said = desk.asks(*words)
    assert ("Период" in said, "Periods" in said) == (language == "ru", language == "lv")
    document = json.loads(desk.asks(*words, "--format", "json"))
    assert document["facts"]
    assert document[kind]


@pytest.mark.parametrize("by", ["region", "hour", "weekday", "site,queue", ""])
def test_every_split_adds_up_to_the_whole(desk: Desk, by: str) -> None:
    rows = desk.rows("attainment", "--standard", "wait", "--by", by)
    whole = next(row for row in rows if row["metric"] == "sl_all_offered")
    names = by.split(",") if by else []
    parts = [row for row in rows if names and row["metric"] == "sl_all_offered"][1:]
    if names:
        assert sum(int(row["good"] or 0) for row in parts) == int(whole["good"])
        assert sum(int(row["total"]) for row in parts) == int(whole["total"])
    assert whole["excluded_by"] == "cut"
    assert int(whole["total_with_excluded"]) > int(whole["total"])


@pytest.mark.parametrize("kind", KINDS)
def test_programs_get_hours_as_instants_from_every_report(desk: Desk, kind: str) -> None:
    hours = {row["hour"] for row in desk.rows(kind, "--by", "hour", "--period", "2026-03-02")} - {""}
    assert hours
    assert all(parse_instant(hour) % 3_600_000 == 0 for hour in hours)


def test_people_of_whom_there_is_little_have_no_name_and_counts_rate_nobody(desk: Desk) -> None:
    words = ("attainment", "--standard", "wait", "--by", "employee", "--period", "2026-03-02")
    assert {row["employee"] for row in desk.rows(*words)} <= {""}
    page = read(desk.asks(*words, "--format", "html", "--language", "en"))
    assert "others, too few to be shown" in page.text
    assert "e1" not in page.text.split()
    assert {"e0", "e1", "e2"} <= {row["employee"] for row in desk.rows(*words[:5])}
    waits = desk.rows("waits", "--standard", "wait", "--by", "employee", "--period", "2026-03-02")
    assert {row["employee"] for row in waits} <= {""}
    assert "counts by employee say nothing" in desk.asks("complaints", "--by", "site,employee", status=1)


def test_a_score_is_not_split_by_what_only_clocks_say(desk: Desk) -> None:
    assert "csat is counted in sums of site, queue and minute" in desk.asks(
        "attainment", "--standard", "csat", "--by", "team", status=1
    )
    said = desk.asks("scorecard", "--by", "team", "--language", "en")
    assert "Not shown, since what is counted or scored is not split that way: csat, visits" in said
    assert "csat" not in {row["standard"] for row in desk.rows("attainment", "--by", "team")}


def test_another_period_stands_beside_it(desk: Desk) -> None:
    rows = desk.rows("attainment", "--standard", "wait", "--period", "2026-W11", "--against", "before")
    (aimed,) = [row for row in rows if row["metric"] == "sl_all_offered" and not row["site"]]
    assert (aimed["n_before"] != "", aimed["trend"]) == (True, "same")
    first = desk.rows("scorecard", "--period", "2026-W10", "--by", "")
    assert {row["trend"] for row in first} == {"none"}
    said = desk.asks("complaints", "--period", "2026-W11", "--against", "2026-W10", "--language", "en")
    assert "before: " in said


def test_nothing_is_said_in_words(desk: Desk) -> None:
    for kind in KINDS:
        said = desk.asks(kind, "--period", "2001-01", "--language", "en")
        assert "no good news and no bad news" in said, kind
        assert len(desk.rows(kind, "--period", "2001-01")) <= 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("attainment", "--period", "yesteryear"), "'yesteryear' is no period; write it like 2026, 2026-Q1"),
        (("attainment", "--period", "2026-13"), "'2026-13' is no period"),
        (("attainment", "--period", "2026", "--from", "2026-01-01T00:00:00Z"), "say one or the other"),
        (("attainment", "--against", "before"), "nothing is before a period without a beginning"),
        (("attainment", "--by", "colour"), "--by 'colour' is none of site, region"),
        (("waits", "--against", "before"), "--against: `sqm report waits` has no use for it"),
        (("complaints", "--standard", "wait"), "--standard: `sqm report complaints` has no use for it"),
        (("violations", "--minimum-n", "5"), "--minimum-n: `sqm report violations` has no use for it"),
        (("attainment", "--format", "parquet"), "name a file with --out"),
        (("attainment", "--zone", "Mars/Base"), "no such time zone"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_write(desk: Desk, words: tuple[str, ...], problem: str) -> None:
    assert problem in desk.asks(*words, status=2)


def test_a_standard_that_history_has_not_is_named(desk: Desk) -> None:
    said = desk.asks("attainment", "--standard", "weit", status=1)
    assert "no outcomes of a standard 'weit'" in said
    assert meant("weit", ["wait"], "") in said


def test_a_span_and_a_file_may_be_named(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    span = ("--from", "2026-03-02T00:00:00Z", "--until", "2026-03-02T12:00:00Z")
    desk.asks("attainment", *span, "--out", str(file), "--language", "en", "--minimum-n", "3", "--zone", "UTC")
    said = file.read_text(encoding="utf-8")
    assert "2026-03-02 00:00 to 2026-03-02 12:00" in said
    assert "Too few below: 3" in said
    assert HOSTILE[0] in said


def test_a_file_is_written_as_its_name_ends_unless_a_format_is_said(desk: Desk, tmp_path: Path) -> None:
    beginnings = {"a.csv": "standard,", "a.JSON": "{", "a.html": "<!doctype html>", "a.txt": "How far", "a": "How far"}
    for name, begins in beginnings.items():
        desk.asks("attainment", "--out", str(tmp_path / name), "--language", "en")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins), name
    desk.asks("attainment", "--out", str(tmp_path / "b.csv"), "--format", "json")
    assert (tmp_path / "b.csv").read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize(
    ("kind", "absent"),
    [
        ("waits", ("--against",)),
        ("violations", ("--against", "--minimum-n", "employee")),
        ("complaints", ("--standard", "employee")),
    ],
)
def test_help_does_not_offer_what_is_refused(desk: Desk, kind: str, absent: tuple[str, ...]) -> None:
    options = desk.asks(kind, "--help").split("Examples")[0]
    assert [name for name in absent if name in options] == []
    assert "--against" in desk.asks("attainment", "--help")


def test_ten_thousand_sites_make_a_page_that_can_be_read(history: Database, desk: Desk) -> None:
    rows = [
        attainment(site=f"site-{n:05}", standard="many", id=f"a:many:{n}", answered=9, answered_within=n % 10)
        for n in range(10_000)
    ]
    put(history, "sqm.attainment.v1", [as_json(one) for one in rows])
    try:
        page = desk.asks("attainment", "--standard", "many", "--format", "html", "--language", "en")
        assert "9,800 more rows are not shown here" in read(page).text
        assert "history does not hold the text of this standard" in page
        assert len(page) < 600_000
        assert len(desk.rows("attainment", "--standard", "many")) > 10_000
    finally:
        history.command("DELETE FROM attainment WHERE standard = 'many'")
