"""
**Site**: everything about one site, for whoever runs it.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import lists, panels, variables
from dashboards.annotations import CORRECTIONS, NOTES, OUTAGES, VERSIONS
from dashboards.attainment import HOURS, OF_SHARES, WORST_FIRST, counted, grain, judged
from dashboards.choices import ZONE, chosen_one
from dashboards.fields import BAD, BAND, INSTANT, UNSURE, Column, Frame, Line
from dashboards.figures import bounds, share, standing
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_ITS_SITE, TO_SOURCE, TO_STANDARD
from dashboards.live import lines
from dashboards.people import on_duty
from dashboards.queries import over_time, table
from dashboards.sources import history_choice, metrics_choice
from dashboards.weeks import week_map

__all__ = ["site"]

_LATELY: Final = f"{standing('site')} AND $__timeFilter(hour)"
_THE_STANDARD: Final = f"{standing('standard')} AND $__timeFilter(hour)"
_NEIGHBOURS: Final = (
    "site IN (SELECT id FROM standing_sites WHERE region != '' AND splitByChar('/', region)[1] IN "
    f"(SELECT splitByChar('/', region)[1] FROM standing_sites WHERE id = {chosen_one('site')}))"
)
"""Sites of the same region at its widest (`north` of `north/city`), this one among them."""
_HERE: Final = "{site=~`${site:regex}`}"
_EVENTS: Final = f"""(
                    SELECT * FROM standing_events
                    WHERE {standing("site")} AND source IN (SELECT source FROM events WHERE {standing("site")})
                )"""
"""Events of the site, found by those who send of it, for that is how they are ordered."""


def site() -> Board:
    return Board(
        uid="sqm-site",
        title="Site",
        says="One site: what is promised there and kept, when people wait, what went wrong, and what people say of it.",
        variables=[
            history_choice(),
            metrics_choice(),
            variables.one_site_choice(),
            variables.standard_choice(),
            variables.grain_choice(),
            variables.zone_choice(),
        ],
        annotations=[VERSIONS, CORRECTIONS, NOTES, OUTAGES],
        begins="now-28d",
        rows=[
            Row("Is everything kept here?", [_standards(), _means()]),
            Row("One standard here, and elsewhere", [_trend(), _rank()]),
            Row("When people wait", [_waits(), _queues_now(), _staff()]),
            Row("What went wrong", [_reasons(), _checklists(), lists.violations(WIDE, 9, standing("site"))]),
            Row("What people say", [_complaints()]),
            Row("How far this can be relied on", [_sources()]),
        ],
    )


def _standards() -> model.Panel:
    return panels.grid(
        Frame(
            "Standards against their targets",
            "Good of all that arrived here in this time, with the interval (95 %, Wilson's; none of a checklist), the "
            "target of the latest version, and the same figure of all other sites together.",
            15,
            9,
        ),
        [
            table(
                f"""
                SELECT here.standard AS "Standard", here.all_n AS "Counted", here.figure AS "Attainment",
                    here.low AS "Likely from", here.high AS "Likely to", here.target AS "Target",
                    here.verdict AS "Verdict", if(elsewhere.all_n = 0, NULL, elsewhere.figure) AS "Other sites"
                FROM {judged("standard", f"{_LATELY} AND {OF_SHARES}")} AS here
                LEFT JOIN {judged("standard", f"NOT ({standing('site')}) AND $__timeFilter(hour) AND {OF_SHARES}")}
                    AS elsewhere ON elsewhere.standard = here.standard
                ORDER BY indexOf({WORST_FIRST}, here.verdict), here.standard
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Counted": Column(units.Number, 0),
            "Other sites": Column(units.PercentUnit, 1),
            **lists.SHARES,
        },
    )


def _means() -> model.Panel:
    return panels.grid(
        Frame(
            "Standards that are not shares",
            "Durations in seconds, complaints for every 1,000 visits, and scores on their own scale. Chance is not "
            "taken into account here: see Complaints and feedback for how sure a score is.",
            9,
            9,
            "No standard here is held to a duration, a count or a score.",
        ),
        [
            table(
                f"""
                SELECT standard AS "Name", all_n AS "Counted",
                    good_n / all_n / multiIf(metric IN ('asa', 'aht'), 1000, metric IN ('csat_mean', 'ces'), 100, 1)
                        AS "Figure",
                    target / if(metric IN ('asa', 'aht'), 1000, 1) AS "Target",
                    multiIf(all_n < minimum_n, 'too few', at_most AND "Figure" > "Target"
                        OR NOT at_most AND "Figure" < "Target", 'missed', 'kept') AS "Verdict"
                FROM {counted("standard", f"{_LATELY} AND NOT ({OF_SHARES})")} AS some
                ORDER BY standard
                """
            )
        ],
        {
            "Name": Column(width=170),
            "Counted": Column(units.Number, 0),
            "Figure": Column(units.Number, 1),
            "Target": Column(units.Number, 1),
            "Verdict": Column(coloured=True),
        },
    )


def _trend() -> model.Panel:
    here = standing("site")
    low, high = bounds("good_here", "all_here")
    return panels.curves(
        Frame(
            "This site and the others of its region",
            "The standard chosen above: here, with the band in which the figure lies with 95 % confidence, beside all "
            "other sites of the same region together (north of north/city), and the target in force.",
            12,
            9,
        ),
        [
            over_time(
                f"""
                SELECT time, {share("good_here", "all_here")} AS "Here", {low} AS "Likely from", {high} AS "Likely to",
                    {share("good_there", "all_there")} AS "Others of the region", target AS "Target"
                FROM (
                    SELECT {grain("hour")} AS time, sumIf(good, {here}) AS good_here,
                        sumIf(total, {here}) AS all_here, sumIf(good, NOT ({here})) AS good_there,
                        sumIf(total, NOT ({here})) AS all_there, argMax(a_promise.target, version) AS target
                    FROM (SELECT * EXCEPT (metric) FROM {HOURS} WHERE {_THE_STANDARD} AND ({_NEIGHBOURS} OR {here}))
                        AS a_row
                    INNER JOIN (SELECT id AS standard, version, target FROM standing_standards) AS a_promise
                        USING (standard, version)
                    GROUP BY time HAVING all_here + all_there > 0
                )
                ORDER BY time
                """
            )
        ],
        units.PercentUnit,
        {
            "Here": Line("blue"),
            **BAND,
            "Others of the region": Line("gray"),
            "Target": Line("red", 1, dashed=True, stepped=True),
        },
        low=None,
        high=1,
    )


def _rank() -> model.Panel:
    return panels.grid(
        Frame(
            "Sites of the region",
            "The standard chosen above at each site of the region, the lowest first, this one marked. Sites whose "
            "intervals overlap may differ by chance alone.",
            12,
            9,
        ),
        [
            table(
                f"""
                SELECT concat(if(a_site.title = '', site, a_site.title), if({standing("site")}, ' (here)', ''))
                    AS "Site", site AS "Id", all_n AS "Journeys",
                    figure AS "Attainment", low AS "Likely from", high AS "Likely to", verdict AS "Verdict"
                FROM {judged("site", f"{_THE_STANDARD} AND ({_NEIGHBOURS} OR {standing('site')})")} AS a_figure
                LEFT JOIN standing_sites AS a_site ON a_site.id = a_figure.site
                ORDER BY figure, site LIMIT 50
                """
            )
        ],
        {
            "Site": Column(link=TO_ITS_SITE),
            "Id": Column(hidden=True),
            "Journeys": Column(units.Number, 0),
            **lists.SHARES,
        },
    )


def _waits() -> model.Panel:
    return week_map(
        Frame(
            "How long nine of ten waited, by weekday and hour",
            "The 90th percentile of the standard chosen above, in hundredths of its limit: up to 100 nine of ten were "
            "within it. Those who left are in it by how long they had waited; hours are those of arrival in the time "
            "zone chosen.",
            WIDE,
            8,
            "Only standards with a clock measure times.",
        ),
        "used",
        f"""(
                    SELECT toDayOfWeek(arrived_at, 0, {ZONE}) AS weekday, toHour(arrived_at, {ZONE})
                        AS day_hour,
                        toNullable(quantileExactInclusive(0.9)(value_ms / limit_ms) * 100) AS used
                    FROM standing_measurements
                    WHERE kind = 'clock' AND limit_ms > 0 AND validity = 'plausible'
                        AND ended_by IN ('stopped', 'abandoned')
                        AND {standing("standard", "site")} AND $__timeFilter(arrived_at)
                    GROUP BY weekday, day_hour
                )""",
        ((0, "dark-green"), (50, "green"), (80, "yellow"), (100, "orange"), (150, "red"), (250, "dark-red")),
    )


def _queues_now() -> model.Panel:
    return panels.joined(
        Frame(
            "Queues now",
            "Each line of this site: who waits, beyond the limit, longest wait, and service level of the last hour "
            "with those beyond the limit counted as missed. From the workers.",
            12,
            8,
            "No line of this site had anybody in it within the last hour.",
        ),
        lines("by (queue, standard)", _HERE),
        {
            "Beyond the limit": Column(steps=((None, "transparent"), (1, BAD))),
            "Standard": Column(link=TO_STANDARD),
            "Longest wait": Column(units.Seconds, 0),
            "Level now": Column(units.PercentUnit, 0),
        },
        labels=("queue", "standard"),
        most_first="Longest wait",
    )


def _staff() -> model.Panel:
    return panels.bar_chart(
        Frame(
            "Staff on duty, and customers for each of them",
            "By hour of the day, mean of the days on which somebody was on duty: how many served (not off, not on a "
            "break), and how many customers arrived in an hour for each of them. Whoever did not report again is held "
            "to be on duty for a day at most.",
            12,
            8,
            "Nobody here reports when staff come and go.",
        ),
        [
            table(
                f"""
                SELECT leftPad(toString(day_hour), 2, '0') AS "Hour", sum(staff) / days AS "On duty",
                    sum(came) / nullIf(sum(staff), 0) AS "Customers for each"
                FROM (
                    SELECT toHour(hour, {ZONE}) AS day_hour, sum(seconds) / 3600 AS staff, 0 AS came
                    FROM {on_duty(standing("site"))} AS present GROUP BY day_hour
                    UNION ALL
                    SELECT toHour(occurred_at, {ZONE}), 0, count()
                    FROM {_EVENTS} AS an_event
                    WHERE type = 'sqm.journey.arrived' AND $__timeFilter(occurred_at)
                    GROUP BY 1
                ) AS some
                CROSS JOIN (
                    SELECT greatest(uniqExact(toDate(hour, {ZONE})), 1) AS days
                    FROM {on_duty(standing("site"))} AS present
                ) AS all_days
                GROUP BY day_hour, days HAVING sum(staff) > 0 ORDER BY day_hour
                """
            )
        ],
        units.Number,
        "Hour",
        {"On duty": "blue", "Customers for each": "orange"},
        stacked=False,
    )


def _reasons() -> model.Panel:
    return panels.grid(
        Frame(
            "What went wrong, by standard and reason",
            "Journeys that missed a standard here, by the reason that the engine gives (ended late, left late, below "
            "the minimum …), and how far half of those with a limit went beyond it.",
            14,
            9,
            "No journey missed a standard in this time.",
        ),
        [
            table(
                f"""
                SELECT standard AS "Standard", replaceAll(reason, '_', ' ') AS "Reason", count() AS "Violations",
                    medianExactOrNullIf(toInt64(value_ms) - toInt64(limit_ms), value_ms > limit_ms AND limit_ms > 0)
                        AS "Half beyond by",
                    max(opened_at) AS "Last"
                FROM standing_violations
                WHERE kind = 'journey' AND {standing("site")} AND $__timeFilter(opened_at)
                GROUP BY standard, reason ORDER BY "Violations" DESC, standard, reason LIMIT 50
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Violations": Column(units.Number, 0),
            "Half beyond by": Column(units.Milliseconds, 0),
            "Last": INSTANT,
        },
    )


def _checklists() -> model.Panel:
    return lists.checklist_categories(10, 9, standing("site"))


def _complaints() -> model.Panel:
    return lists.complaints(WIDE, 9, standing("site"))


def _sources() -> model.Panel:
    delay = "dateDiff('millisecond', occurred_at, assumeNotNull(received_at))"
    gaps = "arrayMax(arrayDifference(arraySort(groupArray(toUnixTimestamp(occurred_at)))))"
    return panels.grid(
        Frame(
            "Systems that report from here",
            "Each source of this site: when it was last heard of before the end of the time shown, the longest that it "
            "was quiet in between, how late half of its events are received, and by how much its clock runs ahead at "
            "most. Silent: not heard of for an hour, and for longer than ever in this time; late: half of its events "
            "come after more than a minute.",
            WIDE,
            9,
            "No system reported from here in this time.",
        ),
        [
            table(
                f"""
                SELECT source AS "Source", count() AS "Events", max(occurred_at) AS "Last heard",
                    greatest(dateDiff('second', max(occurred_at), $__toTime), 0) AS "Ago",
                    toInt64({gaps}) AS "Longest quiet", medianExact({delay}) AS "Usually after",
                    greatest(-min({delay}), 0) AS "Ahead by",
                    multiIf(count() > 1 AND "Ago" > greatest(3600, "Longest quiet"), 'silent',
                        "Usually after" > 60000, 'late', 'heard') AS "State"
                FROM {_EVENTS} AS an_event
                WHERE $__timeFilter(occurred_at) AND received_at IS NOT NULL
                GROUP BY source ORDER BY indexOf(['silent', 'late', 'heard'], "State"), source LIMIT 100
                """
            )
        ],
        {
            "Source": Column(link=TO_SOURCE),
            "Events": Column(units.Number, 0),
            "Last heard": INSTANT,
            "Ago": Column(units.Seconds, 0),
            "Longest quiet": Column(units.Seconds, 0),
            "Usually after": Column(units.Milliseconds, 0),
            "Ahead by": Column(units.Milliseconds, 0, steps=((None, "transparent"), (2000, UNSURE), (60000, BAD))),
            "State": Column(coloured=True),
        },
    )
