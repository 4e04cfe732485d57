"""
`sqm history action`: whether a corrective action helped, by the figures before and after it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from schemas.base import DAY_MS
from services.cli.examples import examples
from services.cli.forms import Form, Output
from services.cli.history_door import Door, open_door
from services.cli.history_options import Url
from services.runtime.errors import Rejected

if TYPE_CHECKING:
    from domain.effects import Effect, Share
    from schemas.corrective_actions import CorrectiveAction
    from services.history.engine import Figure

app = typer.Typer()

__all__ = ["app"]

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


@app.command(epilog=examples("sqm history action shorter-form", "sqm history action shorter-form --format json"))
def action(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a corrective action.", show_default=False)],
    *,
    form: Output = Form.TEXT,
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
        before = _figures(door, standard, taken_at - days * DAY_MS, taken_at)
        after = _figures(door, standard, taken_at, taken_at + days * DAY_MS)
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
        and abs(to_millis(other.taken_at) - taken_at) < days * DAY_MS
    ]  # fmt: skip
    sums = _split(one, elsewhere, before, after)
    sign = 1 if metric.better == "higher" else -1
    judged = Judged(one, aim, days, *sums, least, sign)
    if form is Form.JSON:
        sys.stdout.write(json.dumps(judged.document(), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in judged.lines()))


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
    days = min((last - taken_at) // DAY_MS, _MOST_DAYS)
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
    from services.cli.told_history import agreements_of, left_out_of  # noqa: PLC0415  (help must be quick)
    from services.history.engine import By, Question, figures, sql_of  # noqa: PLC0415  (as above)

    question = Question(standard=standard, by=(By.SITE, By.QUEUE), from_ms=from_ms, until_ms=until_ms)
    rows = door.rows(*sql_of(question))
    agreements = agreements_of(door, question)
    left_out = left_out_of(door, agreements)
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


class Judged(NamedTuple):
    """
    What came of an action, in words and for programs.
    """

    action: "CorrectiveAction"
    metric: str
    days: int
    """How many days are looked at on either side."""
    here: "tuple[Share, Share]"
    """Where it was taken, before and after."""
    others: "tuple[Share, Share]"
    """The same of other sites where nothing was done."""
    other_sites: int
    least: int
    sign: int
    """1 where a higher figure is better, else -1."""

    @property
    def compared(self) -> bool:
        return min(one.total for one in self.others) >= self.least

    @property
    def effect(self) -> "Effect | None":
        """
        By how much it is better since; None: of too few.
        """
        from domain.effects import Effect, effect_of  # noqa: PLC0415  (help must be quick)
        from domain.statistics import Interval  # noqa: PLC0415  (as above)

        found = effect_of(*self.here, self.others if self.compared else None)
        if found is None or min(one.total for one in self.here) < self.least:
            return None
        low, high = sorted((self.sign * found.interval.low, self.sign * found.interval.high))
        return Effect(self.sign * found.rise, Interval(low, high))

    @property
    def since(self) -> str:
        from schemas.base import format_instant, to_millis  # noqa: PLC0415  (help must be quick)

        return "" if self.action.taken_at is None else format_instant(to_millis(self.action.taken_at))

    def document(self) -> dict[str, object]:
        """
        All of it for programs: shares from 0 to 1 with their likely range (95 %), `better_by` above zero is better.
        """
        effect, scope = self.effect, self.action.applies_to
        verdict = "too_few"
        if effect is not None:
            verdict = "no_effect" if not effect.sure else "helped" if effect.rise > 0 else "worse"
        return {
            "action": self.action.metadata.id, "title": self.action.metadata.title,
            "owner": self.action.metadata.owner, "taken_at": self.since, "standard": scope.standard,
            "metric": self.metric, "days": self.days, "minimum_n": self.least, "verdict": verdict,
            "better_by": None if effect is None else {"value": effect.rise, **effect.interval._asdict()},
            "where_taken": {"before": _document(self.here[0]), "after": _document(self.here[1])},
            "compared": self.compared,
            "elsewhere": {
                "sites": self.other_sites, "before": _document(self.others[0]), "after": _document(self.others[1]),
            },
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """
        The same in words.
        """
        said, effect = self.action.metadata, self.effect
        yield f"{said.title} ({said.owner}), in effect since {self.since}"
        yield f"{self.action.applies_to.standard} by {self.metric}, {self.days} days before and {self.days} after"
        yield f"where it was taken: {_share(self.here[0])} before, {_share(self.here[1])} after"
        if self.compared:
            names = "1 other site" if self.other_sites == 1 else f"{self.other_sites} other sites"
            yield f"{names}, where nothing was done: {_share(self.others[0])} before, {_share(self.others[1])} after"
        if effect is None:
            yield f"too few to judge: fewer than {self.least} before or after"
            return
        low, high = effect.interval
        likely = f"({low * 100:+.1f} to {high * 100:+.1f}, better is above zero)"
        if not effect.sure:
            yield f"no effect that chance does not explain: {effect.rise * 100:+.1f} points {likely}"
        else:
            yield f"{'helped by' if effect.rise > 0 else 'worse by'} {abs(effect.rise) * 100:.1f} points {likely}"
        if not self.compared:
            yield "there was nothing to compare it with: whatever else changed meanwhile is in it"


def _document(share: "Share") -> dict[str, object]:
    from domain.statistics import share_interval  # noqa: PLC0415  (help must be quick)

    interval = share_interval(*share)
    likely = {"low": None, "high": None} if interval is None else interval._asdict()
    return {"good": share.good, "total": share.total, "value": share.good / share.total if interval else None, **likely}


def _share(share: "Share") -> str:
    from domain.statistics import share_interval  # noqa: PLC0415  (help must be quick)

    interval = share_interval(*share)
    if interval is None:
        return "nothing"
    return f"{share.good / share.total:.1%} ({interval.low:.1%} to {interval.high:.1%} of {share.total:,})"
