"""
`sqm history action`: whether a corrective action helped, by the figures before and after it.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.cli.examples import examples
from services.cli.history_door import Door, open_door
from services.cli.history_options import Url
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from domain.effects import Share
    from schemas.corrective_actions import CorrectiveAction
    from services.history.engine import Figure

app = typer.Typer()

__all__ = ["app"]

_DAY_MS: Final = 86_400_000
_WEEK: Final = 7
_MOST_DAYS: Final = 56
_FEW: Final = 30
"""Of fewer journeys before or after, nothing is said, whatever the standard's own minimum."""
_ACTIONS_SQL: Final = (
    "SELECT raw FROM standards FINAL WHERE kind = 'CorrectiveAction' "
    "ORDER BY recorded_at DESC, topic_offset DESC LIMIT 1 BY key"
)
_LAST_SQL: Final = (
    "SELECT toUnixTimestamp64Milli(max(minute)) AS at FROM standing_attainment WHERE standard = {standard:String}"
)


@app.command(epilog=examples("sqm history action shorter-form"))
def action(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a corrective action.", show_default=False)],
    *,
    url: Url = None,
) -> None:
    """
    Whether a corrective action helped: how far its standard was kept before and after it, over spans of equal length,
    beside the sites where nothing was done.

    The spans are whole weeks, at most eight, or whole days where history has less than a week after it. What rose
    among the others as well is not put down to the action. Agreed outages are left out.
    """
    from domain.catalogue import CATALOGUE  # noqa: PLC0415  (help must be quick)
    from schemas.base import to_millis  # noqa: PLC0415  (as above)

    with open_door(url) as door:
        actions = _actions(door)
        one = _pick(actions, name)
        standard = one.applies_to.standard
        if standard is None or one.taken_at is None:
            missing = "names no standard" if standard is None else "was not taken yet"
            raise Rejected("not_measured", f"{name} {missing}, so there is no figure before and after it")
        taken_at = to_millis(one.taken_at)
        days = _days(door, standard, taken_at)
        before = _figures(door, standard, taken_at - days * _DAY_MS, taken_at)
        after = _figures(door, standard, taken_at, taken_at + days * _DAY_MS)
        least = max([_FEW, *_least(door, standard)])
    if not before or not after:
        raise Rejected("too_few", f"history has no figures of {standard} before and after {name}: too few to judge")
    aim = before[0].metric
    metric = CATALOGUE[aim]
    if metric.unit != "share":
        raise Rejected("no_such_figure", f"{standard} is held to {aim}, which is no share; `sqm report` compares it")
    elsewhere = [
        other
        for other in actions
        if other is not one and other.applies_to.standard == standard and other.taken_at is not None
        and abs(to_millis(other.taken_at) - taken_at) < days * _DAY_MS
    ]  # fmt: skip
    sums = _split(one, elsewhere, before, after)
    sign = 1 if metric.better == "higher" else -1
    sys.stdout.write("".join(f"{line}\n" for line in _told(one, (aim, days), sums, (least, sign))))


def _actions(door: Door) -> "list[CorrectiveAction]":
    from schemas.corrective_actions import CorrectiveAction  # noqa: PLC0415  (help must be quick)
    from services.cli.told_history import documents_of  # noqa: PLC0415  (as above)

    return [one for one in documents_of(door, _ACTIONS_SQL) if isinstance(one, CorrectiveAction)]


def _pick(actions: "Sequence[CorrectiveAction]", name: str) -> "CorrectiveAction":
    from schemas.spelling import meant  # noqa: PLC0415  (help must be quick)

    found = {one.metadata.id: one for one in actions}
    if name not in found:
        hint = meant(name, found, f"it has {', '.join(sorted(found)) or 'none'}")
        raise Rejected("unknown", f"history holds no corrective action {name[:80]!r}; {hint}")
    return found[name]


def _days(door: Door, standard: str, taken_at: int) -> int:
    """
    How many days are looked at on either side: whole weeks, so that each weekday counts alike.
    """
    last = max([taken_at, *(int(row["at"]) for row in door.rows(_LAST_SQL, {"standard": standard}))])
    days = min((last - taken_at) // _DAY_MS, _MOST_DAYS)
    if days < 1:
        raise Rejected("too_few", "history has less than a day after the action: too few to judge")
    return days - days % _WEEK if days >= _WEEK else days


def _least(door: Door, standard: str) -> list[int]:
    from services.cli.told_history import publications_of  # noqa: PLC0415  (help must be quick)
    from services.sla.shell.catalogue import Catalogue  # noqa: PLC0415  (as above)

    versions = Catalogue(publications_of(door, standard)).standards(standard)
    return [one.objective.minimum_n for one in versions[-1:]]


def _figures(door: Door, standard: str, from_ms: int, until_ms: int) -> "list[Figure]":
    """
    Each site and queue by the metric that the standard is held to.
    """
    from services.cli.told_history import agreements_of  # noqa: PLC0415  (help must be quick)
    from services.history.engine import By, Question, figures, sql_of  # noqa: PLC0415  (as above)

    question = Question(standard=standard, by=(By.SITE, By.QUEUE), from_ms=from_ms, until_ms=until_ms)
    rows = door.rows(*sql_of(question))
    agreements = agreements_of(door, question)
    left_out = agreements.left_out(door.rows(*agreements.sql())) if agreements.exclusions else {}
    return [one for one in figures(question, rows, (), left_out) if one.metric == one.aim]


def _split(
    one: "CorrectiveAction", elsewhere: "Sequence[CorrectiveAction]", before: "list[Figure]", after: "list[Figure]"
) -> "tuple[tuple[Share, Share], tuple[Share, Share], int]":
    """
    The sums where it was taken, those of other sites where nothing was done, before and after, and how many these are.
    """
    from domain.effects import Share, summed  # noqa: PLC0415  (help must be quick)

    def shares(wanted: "Callable[[str], bool]") -> "tuple[Share, Share]":
        first, second = ([one for one in side if wanted(str(one.by["site"]))] for side in (before, after))
        return summed(Share(one.good, one.total) for one in first), summed(Share(one.good, one.total) for one in second)

    before, after = (
        [figure for figure in side if _fits(one.applies_to.queue, figure.by["queue"])] for side in (before, after)
    )
    sites = {str(figure.by["site"]) for figure in before} & {str(figure.by["site"]) for figure in after}
    alone = [site for site in sorted(sites) if not any(_fits(each.applies_to.site, site) for each in (one, *elsewhere))]
    here = shares(lambda site: _fits(one.applies_to.site, site))
    return here, shares(lambda site: site in alone), len(alone)


def _fits(wanted: tuple[str, ...] | None, name: object) -> bool:
    from domain.patterns import compile_globs  # noqa: PLC0415  (help must be quick)

    return wanted is None or (name is not None and bool(compile_globs(wanted)(str(name))))


def _told(
    one: "CorrectiveAction", asked: tuple[str, int],
    sums: "tuple[tuple[Share, Share], tuple[Share, Share], int]", judging: tuple[int, int],
) -> Iterator[str]:  # fmt: skip
    from domain.effects import effect_of  # noqa: PLC0415  (help must be quick)
    from schemas.base import format_instant, to_millis  # noqa: PLC0415  (as above)

    (aim, days), (least, sign), (here, rest, number) = asked, judging, sums
    taken_at = one.taken_at
    since = "" if taken_at is None else format_instant(to_millis(taken_at))
    yield f"{one.metadata.title} ({one.metadata.owner}), in effect since {since}"
    yield f"{one.applies_to.standard} by {aim}, {days} days before and {days} after"
    yield f"where it was taken: {_share(here[0])} before, {_share(here[1])} after"
    compared = min(one.total for one in rest) >= least
    if compared:
        names = "1 other site" if number == 1 else f"{number} other sites"
        yield f"{names}, where nothing was done: {_share(rest[0])} before, {_share(rest[1])} after"
    effect = effect_of(*here, rest if compared else None)
    if effect is None or min(one.total for one in here) < least:
        yield f"too few to judge: fewer than {least} before or after"
        return
    low, high = sorted((sign * effect.interval.low, sign * effect.interval.high))
    points = f"{abs(effect.rise) * 100:.1f} points"
    likely = f"({low * 100:+.1f} to {high * 100:+.1f}, better is above zero)"
    if not effect.sure:
        yield f"no effect that chance does not explain: {sign * effect.rise * 100:+.1f} points {likely}"
    else:
        yield f"{'helped by' if sign * effect.rise > 0 else 'worse by'} {points} {likely}"
    if not compared:
        yield "there was nothing to compare it with: whatever else changed meanwhile is in it"


def _share(share: "Share") -> str:
    from domain.statistics import share_interval  # noqa: PLC0415  (help must be quick)

    interval = share_interval(*share)
    if interval is None:
        return "nothing"
    return f"{share.good / share.total:.1%} ({interval.low:.1%} to {interval.high:.1%} of {share.total:,})"
