"""
The report of violations: how many of which kind, through time, by what they are split by, why, the worst of them, and
what is still open. What was retracted is counted apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from domain.wording import told
from schemas.outcomes import Violation
from services.cli.explain import explained_of
from services.cli.report import canvas, charts
from services.cli.report.asking import Asking, Wish
from services.cli.report.columns import by_columns, by_values
from services.cli.report.grids import limited
from services.cli.report.paper import Cell, Chart, Detail, Grid, Section, Table, Tile
from services.cli.report.pictures import MOST_DRAWN, count_axis
from services.cli.report.splits import refuse_people
from services.cli.report.times import place_of, step_name, walked
from services.cli.report.wording import DASH, Words
from services.history.engine import By, Tally, TallyQuestion, Which

__all__ = ["violations"]

_RETRACTED: Final = "retracted"
_OPEN: Final = ("opened", "updated")
_JOURNEY, _AT_RISK = "journey", "at_risk"
_TONES: Final = {
    _JOURNEY: canvas.BAD, "objective": canvas.ACCENT, "presence": canvas.SECOND, "burn": canvas.MISS,
}  # fmt: skip
_TOLD: Final = 10
"""How many are told one by one, each with its explanation."""


def violations(asking: Asking, words: Words, wish: Wish) -> tuple[list[Section], dict[str, Table]]:
    """
    Ask for them, and put them on paper. Raises Rejected for a split by employees.
    """
    refuse_people(wish)
    names = list(wish.standards) or [None]  # type: ignore[list-item]
    if wish.standards:
        asking.held(wish.standards)
    found: list[Tally] = []
    worst: list[Violation] = []
    still: list[Violation] = []
    span = (wish.period.from_ms, wish.period.until_ms, wish.period.zone.key)
    questions = [TallyQuestion(name, wish.by, *span) for name in names]
    step, through = walked(
        lambda step: [one for question in questions for one in asking.tallies(question._replace(by=(step,)))],
        wish.period.length_ms,
    )
    for question in questions:
        found += asking.tallies(question)
        worst += asking.worst(question, Which.WORST, _TOLD)
        still += asking.worst(question, Which.OPEN, _TOLD)
    columns = (
        ("standard", "String"), ("version", "Int64"), *by_columns(wish), ("kind", "String"), ("state", "String"),
        ("reason", "String"), ("n", "Int64"), ("late", "Int64"),
    )  # fmt: skip
    rows = [[one.standard, one.version, *by_values(wish, one.by), *one[3:]] for one in found]
    table = Table(columns, rows)
    if not found:
        return [], {"violations": table}
    worst = sorted(worst, key=lambda one: -one.value_ms / one.limit_ms)[:_TOLD]
    still = sorted(still, key=lambda one: one.opened_at)[:_TOLD]
    sections = [_overview(words, wish, found, through, step)]
    sections += _one_by_one(asking, words, worst, "worst")
    sections += _one_by_one(asking, words, still, "open")
    return sections, {"violations": table}


def _overview(words: Words, wish: Wish, found: Sequence[Tally], through: Sequence[Tally], step: By) -> Section:
    pictures = [_trend(words, through, step), _by_group(words, wish, found)]
    grids = [_reasons(words, found)]
    if wish.by:
        grids.insert(0, _groups(words, wish, found))
    return Section(
        words("title", kind="violations"),
        tiles=tuple(_tiles(words, found)),
        charts=tuple(one for one in pictures if one is not None),
        grids=tuple(grids),
        notes=(words("how-violations"), words("how-risk")),
    )


def _tiles(words: Words, found: Sequence[Tally]) -> Iterator[Tile]:
    standing = Counter[str]()
    for one in found:
        if one.state != _RETRACTED:
            standing[one.kind] += one.n
    open_now = sum(one.n for one in found if one.state in _OPEN and one.kind != _AT_RISK)
    retracted = sum(one.n for one in found if one.state == _RETRACTED)
    yield Tile(
        words("violations-tile"), words.count(standing[_JOURNEY]), "", "surely" if standing[_JOURNEY] else "holds"
    )
    yield Tile(words("violations-open"), words.count(open_now), words("violations-open-says"))
    for kind in ("objective", "presence", "burn", _AT_RISK):
        if standing[kind]:
            yield Tile(words("kind", kind=kind), words.count(standing[kind]), "")
    yield Tile(words("violations-retracted"), words.count(retracted), words("violations-retracted-says"), "none")


def _trend(words: Words, through: Sequence[Tally], step: By) -> Chart | None:
    counted: Counter[tuple[str | int, str]] = Counter()
    for one in through:
        at = one.by[step]
        if one.state != _RETRACTED and one.kind != _AT_RISK and at is not None:
            counted[at, one.kind] += one.n
    if not counted:
        return None
    sums: Counter[str | int] = Counter()
    for (at, _), n in counted.items():
        sums[at] += n
    kinds = {kind: words("kind", kind=kind) for kind in _TONES if any(found == kind for _, found in counted)}
    bars = [
        charts.Bar(place_of(step, at), step_name(step, at, words), kinds[kind], n)
        for (at, kind), n in sorted(counted.items(), key=lambda pair: str(pair[0]))
    ]
    up = count_axis(words, max(sums.values()))
    most_at, most = sums.most_common(1)[0]
    says = words(
        "violations-trend-chart", unit=words("unit", unit=str(step)), most=words.count(most),
        most_at=step_name(step, most_at, words),
    )  # fmt: skip
    colours = {said: _TONES[kind] for kind, said in kinds.items()}
    return Chart(words("violations-trend"), says, charts.bars(bars, up, colours))


def _by_group(words: Words, wish: Wish, found: Sequence[Tally]) -> Chart | None:
    counted: Counter[tuple[str, ...]] = Counter()
    for one in found:
        if one.state != _RETRACTED and one.kind == _JOURNEY:
            counted[words.group(one.by)] += one.n
    if not wish.by or len(counted) < 2:  # noqa: PLR2004 - one alone is nothing to compare
        return None
    rows = [(" · ".join(names), n) for names, n in counted.most_common(MOST_DRAWN)]
    up = count_axis(words, rows[0][1])
    by = words.titles(wish.by)
    says = words("violations-groups-chart", worst=rows[0][0], most=words.count(rows[0][1]))
    return Chart(words("violations-groups", by=by), says, charts.lengths(rows, up))


def _groups(words: Words, wish: Wish, found: Sequence[Tally]) -> Grid:
    counted: dict[tuple[str, ...], Counter[str]] = {}
    kinds = [kind for kind in (*_TONES, _AT_RISK) if any(one.kind == kind for one in found)]
    for one in found:
        counts = counted.setdefault(words.group(one.by), Counter())
        counts[_RETRACTED if one.state == _RETRACTED else one.kind] += one.n
        counts["open"] += one.n if one.state in _OPEN and one.kind != _AT_RISK else 0
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1][_JOURNEY], pair[0]))
    shown, notes = limited(ordered, words)
    titles = (
        *(words.title(by) for by in wish.by), *(words("kind", kind=kind) for kind in kinds), words("column-open"),
        words("column-retracted"),
    )  # fmt: skip
    rows = [
        [*(Cell(text) for text in group), *(_count(words, counts[name]) for name in (*kinds, "open", _RETRACTED))]
        for group, counts in shown
    ]
    caption = words("violations-by", by=words.titles(wish.by))
    return Grid(titles, rows, caption, names=len(wish.by), notes=notes)


def _reasons(words: Words, found: Sequence[Tally]) -> Grid:
    counted: dict[tuple[str, int, str, str], Counter[str]] = {}
    for one in found:
        counts = counted.setdefault((one.standard, one.version, one.kind, one.reason), Counter())
        state = "open" if one.state in _OPEN else one.state
        counts[state] += one.n
        counts["late"] += one.late
    states = ("open", "closed", _RETRACTED, "late")
    titles = (
        words("column-standard"), words("column-kind"), words("column-reason"),
        *(words(f"column-{name}") for name in states),
    )  # fmt: skip
    rows = [
        [Cell(f"{standard}@{version}"), Cell(words("kind", kind=kind)), Cell(words("reason", reason=reason)),
         *(_count(words, counts[name]) for name in states)]
        for (standard, version, kind, reason), counts in sorted(counted.items())
    ]  # fmt: skip
    return Grid(titles, rows, words("violations-reasons"), names=1, left=frozenset({1, 2}))


def _count(words: Words, number: int) -> Cell:
    return Cell(words.count(number)) if number else Cell(DASH, "quiet")


def _one_by_one(asking: Asking, words: Words, found: Sequence[Violation], which: str) -> list[Section]:
    heading = words("violations-told", which=which)
    if not found:
        return [Section(heading, (words("violations-none-open"),))] if which == "open" else []
    titles = (
        words("column-journey"), words("column-where"), words("column-standard"), words("column-kind"),
        words("column-value"), words("column-limit"), words("column-times"), words("column-opened"),
        words("column-explain"),
    )  # fmt: skip
    rows, details = [], []
    for place, one in enumerate(found):
        ident = f"{which}-{place}"
        where = words.site(one.site) + (f" · {one.queue}" if one.queue else "")
        limit = one.limit_ms
        command = words("explain-command", id=one.id)
        rows.append([
            Cell(one.journey or one.scope or one.id), Cell(where), Cell(f"{one.standard}@{one.version}"),
            Cell(words("kind", kind=one.kind)),
            Cell(words.duration(one.value_ms) if limit else DASH), Cell(words.duration(limit) if limit else DASH),
            Cell(words.local(f"{one.value_ms / limit:.1f}×") if limit else DASH, "bad"),
            Cell(words.instant(one.opened_at)), Cell(command, link=ident),
        ])  # fmt: skip
        explanation = explained_of([one], asking.text(one.standard, one.version))
        details.append(Detail(ident, command, told(explanation, words.zone, words.spoken)))
    grid = Grid(titles, rows, heading, left=frozenset({1, 2, 3, 8}))
    return [Section(heading, (words("violations-told-says"),), grids=(grid,), details=tuple(details))]
