"""
The scorecard: every standard side by side, on the whole and for each site (or whatever it is split by), with target,
figure, range, trend and state.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.cli.report import canvas, charts
from services.cli.report.asking import Asking, Held, Wish
from services.cli.report.columns import COLUMNS, by_columns, by_values, rows_of
from services.cli.report.grids import figure_cells, figure_titles, group_cells, limited
from services.cli.report.judging import Judged, State, least_of, wished
from services.cli.report.naming import without_names
from services.cli.report.paper import Cell, Chart, Grid, Section, Table, Tile
from services.cli.report.pictures import brief
from services.cli.report.splits import has_split, require_splits
from services.cli.report.wording import Words

__all__ = ["scorecard"]

_DRAWN: Final = {"wide": 12, "narrow": 4}
_MISSED: Final = (State.MISSES, State.SURELY)
_JUDGED: Final = (State.HOLDS, *_MISSED)
_ORDER: Final = {state: place for place, state in enumerate((State.SURELY, State.MISSES, State.HOLDS))}
_STATES: Final = {
    State.HOLDS: canvas.RAMP[0], State.MISSES: canvas.RAMP[2], State.SURELY: canvas.RAMP[4], State.FEW: canvas.FEW,
    State.UNKNOWN: canvas.LINE, State.NONE: canvas.LINE,
}  # fmt: skip


class _Line(NamedTuple):
    """
    A standard with its figure on the whole, and one for each group.
    """

    held: Held
    whole: Judged
    groups: list[Judged]


def scorecard(asking: Asking, words: Words, wish: Wish) -> tuple[list[Section], dict[str, Table]]:
    """
    Ask for it, and put it on paper. Raises Rejected where a standard that was named is not split that way.
    """
    held = asking.held(wish.standards)
    require_splits(held, wish)
    if wish.against is None:
        # A scorecard without a trend is half of one.
        wish = wish._replace(against=wish.period.before())
    missing: list[str] = []
    lines: list[_Line] = []
    for one in held:
        if not has_split(one, wish):
            missing.append(one.title)
            continue
        line = _line(asking, wish, one)
        if line is not None:
            lines.append(line)
    columns = (("standard", "String"), ("version", "Int64"), *by_columns(wish), *COLUMNS)
    rows: list[list[object]] = []
    for found in lines:
        rows += [
            [found.held.id, found.held.version, *by_values(wish, one.by), *rows_of(one, found.held)]
            for one in (found.whole, *found.groups)
        ]
    table = {"scorecard": Table(columns, rows)}  # type: ignore[arg-type]
    return (_sections(words, wish, lines, missing) if lines else []), table


def _line(asking: Asking, wish: Wish, held: Held) -> _Line | None:
    whole = wished(asking, held, wish, ())
    if not whole:
        return None
    groups = wished(asking, held, wish, wish.by) if wish.by else []
    kept, _ = without_names(groups, wish.by, least_of(held, wish.by, wish.minimum_n))
    return _Line(held, whole[0], kept)


def _sections(words: Words, wish: Wish, lines: Sequence[_Line], missing: Sequence[str]) -> list[Section]:
    against = wish.against is not None
    ordered = sorted(lines, key=lambda one: (_ORDER.get(one.whole.state, len(_ORDER)), one.held.id))
    whole = Grid(
        (words("column-standard"), words("column-held-to"), words("column-target"),
         *figure_titles(words, against=against)),
        [[*_named(words, one.held, one.whole), *figure_cells(words, one.whole, against=against)] for one in ordered],
        words("scorecard-whole"),
        left=frozenset({1, 2}),
    )  # fmt: skip
    states = [words("state", state=state) + ": " + words("state-says", state=state) for state in State]
    notes = [words("how-scorecard"), words("how-state", states="; ".join(states)), words("how-likely")]
    if missing:
        notes.append(words("how-missing", standards=", ".join(missing)))
    picture = _picture(words, wish, ordered) if wish.by else None
    first = Section(
        words("scorecard-whole"), (words("scorecard-whole-says"),), tuple(_tiles(words, ordered)),
        (picture,) if picture else (), (whole,), notes=tuple(notes),
    )  # fmt: skip
    return [first, _groups(words, wish, ordered)] if wish.by and any(one.groups for one in ordered) else [first]


def _named(words: Words, held: Held, one: Judged) -> list[Cell]:
    target = "" if held.standard is None else words.target(held.standard)
    return [Cell(held.title), Cell(words.metric(one.metric)), Cell(target)]


def _tiles(words: Words, lines: Sequence[_Line]) -> Iterator[Tile]:
    states = [one.whole.state for one in lines]
    total = words("scorecard-tile-of", n=len(states))
    held = states.count(State.HOLDS)
    yield Tile(words("scorecard-tile-holds"), str(held), total, "holds" if held else "")
    surely = states.count(State.SURELY)
    yield Tile(words("scorecard-tile-missed"), str(surely), total, "surely" if surely else "")
    chance = states.count(State.MISSES)
    yield Tile(words("scorecard-tile-chance"), str(chance), total, "misses" if chance else "")
    few = sum(state not in _JUDGED for state in states)
    yield Tile(words("scorecard-tile-few"), str(few), total, "none")


def _picture(words: Words, wish: Wish, lines: Sequence[_Line]) -> Chart | None:
    missed: dict[tuple[str, ...], int] = {}
    judged_of: dict[tuple[str, ...], int] = {}
    held = [(line, group, words.group(dict(group.by))) for line in lines for group in line.groups]
    for _, group, name in held:
        missed[name] = missed.get(name, 0) + (group.state in _MISSED)
        judged_of[name] = judged_of.get(name, 0) + (group.state in _JUDGED)
    if not missed:
        return None
    ordered = sorted(missed, key=lambda name: (-missed[name], -judged_of[name], name))
    kinds = {state.value: (words("state", state=state), _STATES[state]) for state in State}
    specs = {}
    for width, most in _DRAWN.items():
        places = {name: str(place) for place, name in enumerate(ordered[:most])}
        columns = {place: words.brief(name) for name, place in places.items()}
        fields = [
            charts.Field(places[name], line.held.id + f"@{line.held.version}", group.state.value, brief(words, group))
            for line, group, name in held
            if name in places
        ]
        rows = {f"{line.held.id}@{line.held.version}": line.held.title for line in lines}
        specs[width] = charts.heat(fields, columns, rows, kinds, slanted=True)[width]
    by = words.titles(wish.by)
    says = words("scorecard-chart", by=by, missed=sum(missed.values()), judged=sum(judged_of.values()))
    if len(ordered) > _DRAWN["wide"]:
        says += " " + words("scorecard-cut", n=_DRAWN["wide"])
    return Chart(words("scorecard-title", by=by), says, specs)


def _groups(words: Words, wish: Wish, lines: Sequence[_Line]) -> Section:
    against = wish.against is not None
    found = [(line, group) for line in lines for group in line.groups]
    found.sort(
        key=lambda pair: (words.group(dict(pair[1].by)), _ORDER.get(pair[1].state, len(_ORDER)), pair[0].held.id)
    )
    shown, notes = limited(found, words)
    titles = (
        *(words.title(by) for by in wish.by), words("column-standard"), words("column-held-to"),
        words("column-target"), *figure_titles(words, against=against),
    )  # fmt: skip
    rows = [
        [*group_cells(words, group), *_named(words, line.held, group), *figure_cells(words, group, against=against)]
        for line, group in shown
    ]
    caption = words("scorecard-grid", by=words.titles(wish.by))
    width = len(wish.by)
    grid = Grid(titles, rows, caption, names=width, left=frozenset({width, width + 1, width + 2}), notes=notes)
    return Section(caption, grids=(grid,))
