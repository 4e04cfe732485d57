"""
**Standard**: one standard through time, for the one who owns it.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels, variables
from dashboards.annotations import CORRECTIONS, NOTES, OUTAGES, VERSIONS
from dashboards.attainment import CHOSEN, HOURS, counted, grain, judged
from dashboards.choices import ZONE, chosen_one
from dashboards.fields import BAD, BAND, GOOD, INSTANT, Column, Frame, Line
from dashboards.figures import VARIANTS, WITHIN, bounds, local, share, standing
from dashboards.layout import WIDE, Board, Row
from dashboards.lists import SHARES, violations, worst_sites
from dashboards.queries import over_time, table
from dashboards.sources import history_choice
from dashboards.weeks import week_map

__all__ = ["standard"]

_ARRIVALS: Final = f"kind = 'clock' AND {standing(*WITHIN, 'arrivals')} AND $__timeFilter(arrived_at)"
_BY_TIME: Final = f"{grain('hour')} AS time"


def standard() -> Board:
    return Board(
        uid="sqm-standard",
        title="Standard",
        says="One standard through time: whether it is kept, where and when it is not, and what was done about it.",
        variables=[
            history_choice(),
            variables.standard_choice(),
            variables.version_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.queue_choice(),
            variables.day_part_choice(),
            variables.grain_choice(),
            variables.zone_choice(),
        ],
        annotations=[VERSIONS, CORRECTIONS, NOTES, OUTAGES],
        rows=[
            Row("Is it kept?", [_attainment(), _verdict(), _counts(), _budget()]),
            Row("Through time", [_through_time(), _variants(), _budget_left(), _burn()]),
            Row("How long people wait, and when", [_distribution(), _weekdays()]),
            Row("Where and for whom", [worst_sites(13, 9), _kinds_of_journeys()]),
            Row("What was promised, and what went wrong", [_versions(), violations(WIDE, 9)]),
        ],
    )


def _attainment() -> model.Panel:
    return panels.figures(
        Frame(
            "Attainment",
            "Good of all journeys that arrived in this time (sums over sums, by the standard's own metric), the "
            "interval in which it lies with 95 % confidence (Wilson's), and the target of the latest version.",
            10,
            4,
        ),
        [
            table(
                f"""
                SELECT figure AS "Attainment", low AS "Likely from", high AS "Likely to", target AS "Target"
                FROM {judged()}
                """
            )
        ],
        units.PercentUnit,
        decimals=1,
    )


def _verdict() -> model.Panel:
    return panels.figures(
        Frame(
            "Verdict",
            "Kept or missed where the whole interval lies on one side of the target; perhaps, where chance alone may "
            "have put it there; too few, where fewer journeys came than the standard asks for (minimum_n).",
            4,
            4,
        ),
        [table(f'SELECT verdict AS "Verdict" FROM {judged()}')],
        units.String,
        {"Verdict": Column(coloured=True)},
    )


def _counts() -> model.Panel:
    return panels.figures(
        Frame("Counted", "How many journeys the figure is of, and how many of them went wrong.", 5, 4),
        [table(f'SELECT all_n AS "Journeys", missed AS "Went wrong" FROM {judged()}')],
        units.Number,
    )


def _budget() -> model.Panel:
    return panels.figures(
        Frame(
            "Budget",
            "What went wrong against what the targets of the versions allow to go wrong in this time. Burn 1 spends "
            "the budget exactly and can be 1/(1 - target) at most: for a target of 80 % that is 5.",
            5,
            4,
            "Nobody came in this time, or nothing may go wrong.",
        ),
        [
            table(
                f"""
                SELECT 1 - missed / nullIf(allowed_n, 0) AS "Left",
                    missed / nullIf(allowed_n, 0) AS "Burn"
                FROM {judged()}
                """
            )
        ],
        units.PercentUnit,
        {"Left": Column(steps=((None, BAD), (0, GOOD))), "Burn": Column(unit=units.Number, decimals=2)},
        decimals=0,
    )


def _through_time() -> model.Panel:
    return panels.curves(
        Frame(
            "Attainment through time",
            "Good of all journeys by when they arrived; the band is where the figure lies with 95 % confidence, the "
            "dashed line the target in force. Marks: versions, corrective actions, agreed outages (their journeys are "
            "in these figures).",
            16,
            9,
        ),
        [
            over_time(
                f'SELECT time, figure AS "Attainment", low AS "Likely from", high AS "Likely to", target AS "Target" '
                f"FROM {judged(_BY_TIME)} ORDER BY time"
            )
        ],
        units.PercentUnit,
        {
            "Attainment": Line("blue", 2),
            **BAND,
            "Target": Line("orange", 2, dashed=True, stepped=True),
        },
        low=None,
    )


def _variants() -> model.Panel:
    figures = ", ".join(f"('{name}', {share(good, total)})" for name, (good, total) in VARIANTS.items())
    return panels.scale(
        Frame(
            "The same journeys, by every service level",
            "How the figure would read by each way of counting those who left: all offered counts them all against us, "
            "answered only none of them. Which one is promised is said by the standard's metric.",
            8,
            9,
            "Only standards with a clock have service levels.",
        ),
        [
            table(
                f"""
                SELECT variant.1 AS "Counted as", variant.2 AS "Figure"
                FROM (
                    SELECT [{figures}] AS variants
                    FROM {HOURS} WHERE {CHOSEN} HAVING sum(answered + abandoned) > 0
                )
                ARRAY JOIN variants AS variant
                """
            )
        ],
        units.PercentUnit,
        high=1,
    )


def _budget_left() -> model.Panel:
    return panels.curves(
        Frame(
            "Budget left of this time",
            "What the target allows to go wrong among all journeys of this time, less what had gone wrong until then. "
            "Below zero the target is missed, whatever comes.",
            12,
            8,
        ),
        [
            over_time(
                f"""
                SELECT time, 1 - sum(missed) OVER (ORDER BY time) / nullIf(sum(allowed_n) OVER (), 0) AS "Left"
                FROM {judged(_BY_TIME)} ORDER BY time
                """
            )
        ],
        units.PercentUnit,
        {"Left": Line("purple", 2, fill=10)},
        low=None,
    )


def _burn() -> model.Panel:
    return panels.curves(
        Frame(
            "Burn rate",
            "Share that went wrong by share that may: above 1 the budget is spent faster than it lasts.",
            12,
            8,
        ),
        [over_time(f'SELECT time, missed / nullIf(allowed_n, 0) AS "Burn" FROM {judged(_BY_TIME)} ORDER BY time')],
        units.Number,
        {"Burn": Line("orange", 1, bars=True)},
        limit=1,
    )


def _distribution() -> model.Panel:
    return panels.bar_chart(
        Frame(
            "How long it took, against the limit",
            "Clocks that ended, in eighths of the limit of the journey; the bars to the left of 100 % are within it. "
            "Those who left are counted by how long they had waited.",
            WIDE,
            8,
            "Only standards with a clock measure times.",
        ),
        [
            table(
                f"""
                SELECT if(step = 24, 'more', concat(toString((step + 1) * 12.5), ' %')) AS "Up to, of the limit",
                    countIf(ended_by = 'stopped' AND value_ms <= limit_ms) AS "within the limit",
                    countIf(ended_by = 'stopped' AND value_ms > limit_ms) AS "beyond the limit",
                    countIf(ended_by = 'abandoned') AS "left"
                FROM (
                    SELECT *, toUInt8(least(intDiv(greatest(value_ms * 8, 1) - 1, greatest(limit_ms, 1)), 24)) AS step
                    FROM standing_measurements
                    WHERE {_ARRIVALS} AND validity = 'plausible' AND ended_by IN ('stopped', 'abandoned')
                )
                GROUP BY step ORDER BY step
                """
            )
        ],
        units.Number,
        "Up to, of the limit",
        {"within the limit": "green", "beyond the limit": "red", "left": "gray"},
    )


def _weekdays() -> model.Panel:
    figure, by = share("good_n", "all_n"), f"toDayOfWeek(hour, 0, {ZONE}) AS weekday, {local('hour')} AS day_hour"
    return week_map(
        Frame(
            "Above and below the target, by weekday and hour",
            "Attainment less the target, in percentage points, by when people arrived (in the time zone chosen); above "
            "zero is better, also of figures that should be low. Empty where nobody came.",
            WIDE,
            8,
        ),
        "points",
        f"""(
                    SELECT weekday, day_hour,
                        toNullable(if(at_most, target - {figure}, {figure} - target) * 100) AS points
                    FROM {counted(by)} AS some
                )""",
        ((-100, "dark-red"), (-20, "red"), (-5, "orange"), (0, "green"), (5, "dark-green")),
    )


def _kinds_of_journeys() -> model.Panel:
    low, high = bounds("good_n", "all_n")
    return panels.grid(
        Frame(
            "By channel, service and segment",
            "Share of journeys within the limit (goal_met: those that were served in time, of all with a verdict), "
            "which may differ from the standard's own metric. From single measurements.",
            11,
            9,
            "Only standards with a clock have measurements.",
        ),
        [
            table(
                f"""
                SELECT ifNull(channel, '–') AS "Channel", ifNull(service, '–') AS "Service",
                    ifNull(segment, '–') AS "Segment", all_n AS "Journeys",
                    {share("good_n", "all_n")} AS "Within the limit", {low} AS "Likely from", {high} AS "Likely to"
                FROM (
                    SELECT channel, service, segment, countIf(met) AS good_n, countIf(met IS NOT NULL) AS all_n
                    FROM standing_measurements WHERE {_ARRIVALS} GROUP BY channel, service, segment
                )
                WHERE all_n > 0 ORDER BY all_n DESC LIMIT 50
                """
            )
        ],
        {"Journeys": Column(units.Number, 0), "Within the limit": Column(units.PercentUnit, 1), **SHARES},
    )


def _versions() -> model.Panel:
    return panels.grid(
        Frame(
            "Versions",
            "What each version promises, since when, and how it was kept by the journeys that arrived under it in this "
            "time.",
            WIDE,
            5,
            "Nothing was published.",
        ),
        [
            table(
                f"""
                SELECT a_promise.version AS "Version", effective_from AS "In force from", title AS "Promise",
                    a_promise.metric AS "Metric", a_promise.target AS "Target", limit_ms AS "Limit",
                    all_n AS "Journeys", figure AS "Attainment",
                    verdict AS "Verdict", why AS "Why"
                FROM (SELECT * FROM standing_standards WHERE id = {chosen_one("standard")}) AS a_promise
                LEFT JOIN {judged("version")} AS a_figure ON a_figure.version = a_promise.version
                ORDER BY a_promise.version DESC
                """
            )
        ],
        {
            "Version": Column(units.Number, 0, 80),
            "In force from": INSTANT,
            "Limit": Column(units.Milliseconds, 0, 90),
            "Journeys": Column(units.Number, 0, 90),
            "Why": Column(width=420),
            **SHARES,
        },
    )
