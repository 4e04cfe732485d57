"""
Laws of objectives: rows in any order, more than once and in pieces come to the same sums, those of a slow count; and
where a state is cut, written and read back, nothing that is said changes.
"""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from domain.aims import Aim, missed
from schemas.base import DAY_MS, MINUTE_MS
from schemas.standards import DOCUMENTS
from services.sla.engine import Attainment, Book, Objectives, Violation
from services.sla.engine.objectives import advance, take
from tests.properties.drawing import BASE_MS, HOUR, book, standard

SITES = (("harbour", "north/city"), ("coast", "north"), ("island", None))
WINDOWS = [
    {"rolling": "7m"},
    {"rolling": "3d"},
    {"calendar": "hour"},
    {"calendar": "day", "zone": "Australia/Lord_Howe"},
]
OBJECTIVE = {
    "metric": "sl_all_offered", "target": "80%", "minimum_n": 3, "windows": WINDOWS,
    "scopes": ["queue", "site", "region", "organisation"], "burn_alerts": "auto", "no_data": "bad",
}  # fmt: skip


class Row(NamedTuple):
    minute: int
    site: str
    queue: str | None
    revision: int
    good: int
    total: int


def site_document(ident: str, region: str | None) -> Any:  # noqa: ANN401 - a document
    metadata = {"id": ident, "title": ident, "region": region, "zone": "Europe/Riga"}
    return DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Site", "metadata": metadata})


def exclusion() -> Any:  # noqa: ANN401 - a document
    metadata = {"id": "cut", "reason": "r", "author": "a", "entered_at": "2026-03-02T00:00:00Z"}
    return DOCUMENTS.validate_python(
        {"apiVersion": "sqm/v1", "kind": "Exclusion", "metadata": metadata, "applies_to": {"region": "north/*"},
         "from": "2026-03-02T10:00:00Z", "until": "2026-03-02T10:20:00Z"}
    )  # fmt: skip


WAIT = standard("wait", clock={"expires_after": "2h"}, objective=OBJECTIVE)
SITES_OF = [site_document(*one) for one in SITES]
PLAIN, EXCLUDING = book(WAIT, *SITES_OF), book(WAIT, *SITES_OF, exclusion())


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Rows as a topic would hold them: of each site, queue and minute some revisions."""
    found: list[Row] = []
    for number in range(draw(st.integers(1, 12))):
        total = draw(st.integers(0, 6))
        found.append(
            Row(
                draw(st.sampled_from((0, 1, 2, 5, 6, 7, 8, 59, 60, 61, 75, 119, 120))),
                draw(st.sampled_from([name for name, _ in SITES])),
                draw(st.sampled_from((None, "till"))),
                number,
                draw(st.integers(0, total)),
                total,
            )
        )
    return found


def outcome(row: Row) -> Attainment:
    minute = BASE_MS + row.minute * MINUTE_MS
    return Attainment(
        f"a:wait@1:{minute}:{row.site}:{row.queue or ''}", "wait", 1, row.revision, row.revision, row.site, row.queue,
        minute, "sl_all_offered", row.good, row.total, row.total, row.good, 0, 0, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip


def slow(rows: list[Row], begin: int, end: int, scope: str) -> tuple[int, int, int, int]:
    """Count what a window holds from the last revision of each row, one by one."""
    last: dict[tuple[int, str, str | None], Row] = {}
    for row in rows:
        held = last.get(row[:3])
        if held is None or held.revision < row.revision:
            last[row[:3]] = row
    regions = dict(SITES)
    found = [0, 0, 0, 0]
    for row in last.values():
        at, region = BASE_MS + row.minute * MINUTE_MS, regions[row.site] or ""
        paths = [f"region:{region[:cut]}" for cut in range(1, len(region) + 1) if f"{region}/"[cut] == "/"]
        names = [f"site:{row.site}", "organisation", *paths, *([f"queue:{row.site}/{row.queue}"] if row.queue else [])]
        if begin <= at < end and scope in names:
            out = region.startswith("north/") and BASE_MS + 60 * MINUTE_MS <= at < BASE_MS + 80 * MINUTE_MS
            for place, value in enumerate((0 if out else row.good, 0 if out else row.total, row.good, row.total)):
                found[place] += value
    return found[0], found[1], found[2], found[3]


@given(rows=histories(), order=st.permutations(range(24)), now=st.integers(121, 200), late=st.integers(0, 120))
def test_the_order_and_the_repetition_of_rows_change_no_standing(
    rows: list[Row], order: list[int], now: int, late: int
) -> None:
    twice = [*rows, *rows]
    mixed = [twice[place] for place in order if place < len(twice)]
    half = len(mixed) // 2
    state = Objectives(DAY_MS)
    # Time has begun before the first of them.
    advance(state, EXCLUDING, BASE_MS)
    take(state, [outcome(row) for row in mixed[:half]], PLAIN)
    advance(state, PLAIN, BASE_MS + late * MINUTE_MS)
    take(state, [outcome(row) for row in mixed[half:]], EXCLUDING)
    until = BASE_MS + now * MINUTE_MS
    advance(state, EXCLUDING, until)
    stood = state.standings()
    for one in stood:
        end = until if one.end is None else min(one.end, until)
        assert (one.good, one.total, one.all_good, one.all_total) == slow(rows, one.begin, end, one.scope)
    assert {one.scope for one in stood} >= {f"site:{row.site}" for row in rows}


@given(rows=histories(), cuts=st.sets(st.integers(0, 12)), step=st.integers(1, 40))
def test_cutting_anywhere_and_asking_more_often_changes_no_verdict(rows: list[Row], cuts: set[int], step: int) -> None:
    def run(*, cut: bool) -> tuple[list[Violation], bytes]:
        state, said = Objectives(DAY_MS), []
        advance(state, EXCLUDING, BASE_MS)
        for place, row in enumerate(sorted(rows, key=lambda one: (one.minute, one.revision))):
            at = BASE_MS + row.minute * MINUTE_MS
            between = range(state.now or 0, at, step * MINUTE_MS) if cut else ()
            for moment in (*between, at):
                said += advance(state, EXCLUDING, moment).violations
            take(state, [outcome(row)], EXCLUDING)
            if cut and place in cuts:
                state = Objectives.decode(state.encode(), EXCLUDING)
        said += advance(state, EXCLUDING, BASE_MS + 5 * HOUR).violations
        return said, state.encode()

    assert run(cut=False) == run(cut=True)


@given(rows=histories())
def test_a_violation_is_open_while_the_figure_misses_and_at_no_other_time(rows: list[Row]) -> None:
    """At each boundary, of the rolling window without exclusions, told from the sums of a slow count."""
    state, aim = Objectives(DAY_MS), Aim.of("sl_all_offered", 8_000, 3)
    held: Book = PLAIN
    advance(state, held, BASE_MS)
    take(state, [outcome(row) for row in rows], held)
    open_now: set[str] = set()
    for minute in range(1, 140):
        now = BASE_MS + minute * MINUTE_MS
        for one in advance(state, held, now).violations:
            if one.window == "rolling:7m" and one.kind == "objective" and one.scope:
                (open_now.add if one.state == "opened" else open_now.discard)(one.scope)
        for scope in ("site:harbour", "organisation", "region:north"):
            *_, good, total = slow(rows, now - 7 * MINUTE_MS, now, scope)
            if total >= aim.minimum_n:
                assert (scope in open_now) == missed(aim, good, total)
            elif total:
                assert scope not in open_now
