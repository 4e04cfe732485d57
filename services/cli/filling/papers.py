"""
What is published in a season: the documents that come with the product, a promise that is tightened half-way, an
outage that was agreed on afterwards, and an action against the decay, which does not help.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from schemas.alerting import Alerting
from schemas.base import from_millis
from schemas.corrective_actions import ActionMetadata, ActionScope, CorrectiveAction, Review, ReviewResult
from schemas.exclusions import ExcludedScope, Exclusion, ExclusionMetadata
from schemas.standards import AnyDocument, Standard
from services.alerts.shell.config_file import read_alerting
from services.cli.season import Season
from services.cli.shipped import shipped_folder
from services.sla.shell.documents import read_documents_of, require

__all__ = ["Papers", "published_later", "season_papers"]

_TIGHTENED: Final = "till-wait"
_TIGHTER_MS: Final = 180_000
_AHEAD_DAYS: Final = 3
"""How long before it begins a version is published."""
_TAKEN, _REVIEWED = 0.6, 0.85
"""What share of the season is over when the action is taken, and when it is reviewed."""


class Papers(NamedTuple):
    """
    What is in force from the beginning of a season, and how alerts are raised.
    """

    documents: tuple[AnyDocument, ...]
    alerting: Alerting


def season_papers() -> Papers:
    """
    Read what comes with the product: the documents of the demo, and those of the further sites.
    """
    further = shipped_folder("demo-history")
    found = require(read_documents_of([shipped_folder("demo"), further]))
    return Papers(tuple(one.document for one in found), read_alerting(further / "alerting.yaml")[0])


def published_later(season: Season, documents: Iterable[AnyDocument]) -> dict[int, tuple[AnyDocument, ...]]:
    """
    What is published in between, by the number of the day at whose beginning it is.
    """
    half = season.days // 2
    tightened = next(one for one in documents if isinstance(one, Standard) and one.metadata.id == _TIGHTENED)
    after_outage = (season.outage_on - season.begins).days + 1
    taken = int(season.days * _TAKEN)
    reviewed = max(int(season.days * _REVIEWED), taken + 1)
    later: defaultdict[int, tuple[AnyDocument, ...]] = defaultdict(tuple)
    later[max(0, half - _AHEAD_DAYS)] += (_tighter(tightened, season, half),)
    later[after_outage] += (_agreed(season),)
    later[taken] += (_action(season, taken, reviewed),)
    later[reviewed + 1] += (_found_wanting(_action(season, taken, reviewed)),)
    return later


def _tighter(standard: Standard, season: Season, half: int) -> Standard:
    metadata = standard.metadata.model_copy(
        update={
            "version": standard.metadata.version + 1,
            "effective_from": _midnight(season, half),
            "title": "At the till within three minutes",
            "why": "Four minutes were kept nearly always, and customers still complained of waiting.",
        }
    )
    assert standard.clock is not None  # noqa: S101  (it is a wait)
    clock = standard.clock.model_copy(update={"limit": _TIGHTER_MS})
    return standard.model_copy(update={"metadata": metadata, "clock": clock})


def _agreed(season: Season) -> Exclusion:
    outage = season.planted.outage
    begin, until = (from_millis(at) for at in season.outage)
    metadata = ExclusionMetadata(
        id="exchange-renewed", reason=f"Agreed: {outage.says}.", author="Customer care",
        approved_by="Quality management", entered_at=until + timedelta(hours=4),
    )  # fmt: skip
    return Exclusion(
        apiVersion="sqm/v1", kind="Exclusion", metadata=metadata, applies_to=ExcludedScope(site=(outage.site,)),
        begin=begin, until=until,
    )  # fmt: skip


def _action(season: Season, taken: int, reviewed: int) -> CorrectiveAction:
    decay = season.planted.decay
    taken_at, planned_at = (_midnight(season, day) for day in (taken, reviewed))
    metadata = ActionMetadata(
        id="shorter-form", title="A shorter form at the counter", owner="Branch operations", due=taken_at,
    )  # fmt: skip
    return CorrectiveAction(
        apiVersion="sqm/v1", kind="CorrectiveAction", metadata=metadata,
        applies_to=ActionScope(standard=decay.standard, site=(decay.site,), queue=(decay.queue,)),
        contained="The manager of the branch opened a counter herself at noon.",
        root_cause="Whoever serves fills in a form of four pages with each customer.",
        similar_cases="The other branches use the same form; none of them is slower for it.",
        action="The form has one page, and customers get it while they wait.",
        taken_at=taken_at, review=Review(planned_at=planned_at),
    )  # fmt: skip


def _found_wanting(action: CorrectiveAction) -> CorrectiveAction:
    done = ReviewResult(
        at=action.review.planned_at, by="Quality management", worked=False,
        why="Serving still takes longer from week to week; the form was not the cause.",
    )  # fmt: skip
    return action.model_copy(update={"review": action.review.model_copy(update={"done": done})})


def _midnight(season: Season, day: int) -> datetime:
    return datetime.combine(season.begins + timedelta(days=day), time(), UTC)
