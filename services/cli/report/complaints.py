"""
The report of complaints: how many, of how many visits, what about, what came of them, and how far the standards were
kept that begin when a complaint is opened.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.standards import Standard
from services.cli.report import canvas, charts
from services.cli.report.asking import Asking, Wish
from services.cli.report.columns import by_columns, by_values
from services.cli.report.grids import figure_cells, figure_titles, limited
from services.cli.report.judging import wished
from services.cli.report.paper import Cell, Chart, Grid, Section, Table, Tile
from services.cli.report.pictures import MOST_DRAWN, count_axis
from services.cli.report.splits import refuse_people
from services.cli.report.times import place_of, step_name, walked
from services.cli.report.wording import DASH, Words
from services.history.engine import By, Complaints, TallyQuestion, Topic

__all__ = ["complaints"]

_BEGINS: Final = "complaint.opened"
_PER: Final = 1_000


def complaints(asking: Asking, words: Words, wish: Wish) -> tuple[list[Section], dict[str, Table]]:
    """
    Ask for them, and put them on paper. Raises Rejected for a split by employees.
    """
    refuse_people(wish)
    question = TallyQuestion(None, wish.by, wish.period.from_ms, wish.period.until_ms, wish.period.zone.key)
    whole = asking.complaints(question._replace(by=()))
    groups = asking.complaints(question) if wish.by else []
    about = asking.topics(question)
    step, through = walked(lambda step: asking.complaints(question._replace(by=(step,))), wish.period.length_ms)
    before = None
    if wish.against is not None:
        other = question._replace(by=(), from_ms=wish.against.from_ms, until_ms=wish.against.until_ms)
        before = asking.complaints(other)[0]
    numbers = Complaints._fields[1:]
    columns = (
        *by_columns(wish), *((name, "Int64") for name in numbers), ("per_1000", "Nullable(Float64)"),
    )  # fmt: skip
    rows = [[*by_values(wish, one.by), *one[1:], _per_1000(one)] for one in (*whole, *groups)]
    topics = Table((("topic", "Nullable(String)"), ("severity", "Nullable(String)"), ("n", "Int64")), about)
    tables = {"complaints": Table(columns, rows), "topics": topics}
    if not whole or not (whole[0].opened or whole[0].visits):
        return [], tables
    pictures = [_trend(words, through, step), _topics(words, about)]
    grids = [_groups(words, wish, groups)] if groups else []
    if about:
        grids.append(_topic_grid(words, about))
    overview = Section(
        words("title", kind="complaints"),
        tiles=tuple(_tiles(words, whole[0], before)),
        charts=tuple(one for one in pictures if one is not None),
        grids=tuple(grids),
        notes=(words("how-complaints"),),
    )
    return [overview, _standards(asking, words, wish)], tables


def _per_1000(one: Complaints) -> float | None:
    return _PER * one.opened / one.visits if one.visits else None


def _tiles(words: Words, whole: Complaints, before: Complaints | None) -> Iterator[Tile]:
    was = "" if before is None else words("before", before=words.count(before.opened))
    yield Tile(words("complaints-tile"), words.count(whole.opened), was)
    said = words("complaints-visits", visits=words.count(whole.visits))
    if before is not None:
        said += "; " + words("before", before=_figure(words, before))
    yield Tile(words("complaints-per-1000"), _figure(words, whole), said)
    tone = "misses" if whole.open else "holds"
    yield Tile(words("complaints-open"), words.count(whole.open), words("complaints-open-says"), tone)
    yield Tile(words("complaints-escalated"), words.count(whole.escalated), words("complaints-escalated-says"))
    for name in ("answered", "resolved", "reopened", "withdrawn"):
        yield Tile(words(f"column-{name}"), words.count(getattr(whole, name)), "")


def _figure(words: Words, one: Complaints) -> str:
    return words.figure("complaints_per_1000", _PER * one.opened, one.visits)


def _trend(words: Words, through: Sequence[Complaints], step: By) -> Chart | None:
    held = [(at, one) for one in through if (at := one.by[step]) is not None]
    if not any(one.opened for _, one in held):
        return None
    name = words("complaints-tile")
    bars = [charts.Bar(place_of(step, at), step_name(step, at, words), name, one.opened) for at, one in held]
    most_at, most = max(held, key=lambda pair: pair[1].opened)
    up = count_axis(words, most.opened)
    says = words(
        "complaints-trend-chart", unit=words("unit", unit=str(step)), most=words.count(most.opened),
        most_at=step_name(step, most_at, words),
    )  # fmt: skip
    return Chart(words("complaints-trend"), says, charts.bars(bars, up, {name: canvas.ACCENT}))


def _topics(words: Words, found: Sequence[Topic]) -> Chart | None:
    counted: dict[str, int] = {}
    for one in found:
        name = one.topic or words("not-said")
        counted[name] = counted.get(name, 0) + one.n
    rows = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_DRAWN]
    if len(rows) < 2:  # noqa: PLR2004 - one alone is nothing to compare
        return None
    up = count_axis(words, rows[0][1])
    says = words("complaints-topics-chart", worst=rows[0][0], most=words.count(rows[0][1]))
    return Chart(words("complaints-topics"), says, charts.lengths(rows, up))


def _topic_grid(words: Words, found: Sequence[Topic]) -> Grid:
    shown, notes = limited(found, words)
    rows = [
        [Cell(one.topic or words("not-said")), Cell(one.severity or DASH), Cell(words.count(one.n))] for one in shown
    ]
    titles = (words("column-topic"), words("column-severity"), words("column-count"))
    return Grid(titles, rows, words("complaints-topics"), left=frozenset({1}), notes=notes)


def _groups(words: Words, wish: Wish, found: Sequence[Complaints]) -> Grid:
    columns = ("answered", "resolved", "withdrawn", "open", "reopened", "escalated")
    titles = (
        *(words.title(by) for by in wish.by), words("column-count"), words("column-visits"), words("column-per-1000"),
        *(words(f"column-{name}") for name in columns),
    )  # fmt: skip
    ordered = sorted(found, key=lambda one: (-one.opened, words.group(one.by)))
    shown, notes = limited(ordered, words)
    rows = [
        [*(Cell(text) for text in words.group(one.by)), Cell(words.count(one.opened)), Cell(words.count(one.visits)),
         Cell(_figure(words, one)), *(Cell(words.count(getattr(one, name))) for name in columns)]
        for one in shown
    ]  # fmt: skip
    return Grid(titles, rows, words("complaints-by", by=words.titles(wish.by)), names=len(wish.by), notes=notes)


def _standards(asking: Asking, words: Words, wish: Wish) -> Section:
    rows = []
    for held in asking.held(()):
        if held.standard is None or not _is_about_complaints(held.standard):
            continue
        rows += [
            [Cell(held.standard.metadata.title), Cell(words.metric(one.metric)), Cell(words.target(held.standard)),
             *figure_cells(words, one, against=wish.against is not None)]
            for one in wished(asking, held, wish, ())
        ]  # fmt: skip
    heading = words("complaints-standards")
    if not rows:
        return Section(heading, (words("complaints-standards-none"),))
    titles = (
        words("column-standard"), words("column-held-to"), words("column-target"),
        *figure_titles(words, against=wish.against is not None),
    )  # fmt: skip
    return Section(heading, grids=(Grid(titles, rows, heading, left=frozenset({1, 2})),))


def _is_about_complaints(standard: Standard) -> bool:
    """
    Tell whether a standard begins its clock with a complaint, or counts complaints.
    """
    begins = standard.clock.start if standard.clock is not None else standard.rate.count if standard.rate else ()
    return any(one.event.endswith(_BEGINS) for one in begins)
