"""
**Team**: how teams and those in them serve, fairly: with how sure each figure is, and without names where there is
little.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels, variables
from dashboards.attainment import grain
from dashboards.fields import Column, Frame
from dashboards.figures import standing
from dashboards.layout import WIDE, Board, Row
from dashboards.people import alone, grouped, named_first, on_duty, set_apart, who
from dashboards.queries import over_time, table
from dashboards.scores import error_of_mean, mean_bounds
from dashboards.sources import history_choice

__all__ = ["team"]

_CHOSEN: Final = standing("region", "site", "team")
_SERVED: Final = f"""(
        SELECT ifNull(team, '') AS team, ifNull(employee, '') AS employee, assumeNotNull(met) AS met, value_ms,
            arrived_at, (site, queue, service) AS alike
        FROM standing_measurements
        WHERE kind = 'clock' AND met IS NOT NULL AND ended_by = 'stopped' AND team IS NOT NULL
            AND {standing("standard")}
            AND {_CHOSEN} AND $__timeFilter(arrived_at)
    )"""
"""Journeys that somebody of a team served, of the standard that was chosen."""
_NOBODY: Final = "Nobody was served by these teams in this time."
_FIGURES: Final = {
    "Journeys": Column(units.Number, 0),
    "Within the limit": Column(units.PercentUnit, 1),
    "Likely from": Column(units.PercentUnit, 1),
    "Likely to": Column(units.PercentUnit, 1),
    "Expected": Column(units.PercentUnit, 1),
    "Compared": Column(coloured=True),
}
_TOGETHER: Final = (
    "Who has fewer journeys than chosen above (never fewer than ten) is in the last row, together and without a name; "
    "where that would be one alone, the next smallest too, for the rest would tell its figure."
)


def team() -> Board:
    return Board(
        uid="sqm-team",
        title="Team",
        says="How teams serve, how sure that is, and what is expected of the work they have. Not a ranking.",
        variables=[
            history_choice(),
            variables.timed_standard_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.team_choice(),
            variables.least_choice(),
            variables.grain_choice(),
            variables.zone_choice(),
        ],
        begins="now-28d",
        rows=[
            Row("Teams", [_whole(), _teams()]),
            Row("Through time", [_through_time(), _present()]),
            Row("How long it takes, and what customers say", [_times(), _answers()]),
            Row("Those who serve", [_employees()]),
        ],
    )


def _whole() -> model.Panel:
    return panels.figures(
        Frame(
            "All of them together",
            "Journeys of the standard that somebody of these teams served in this time, the share of them within the "
            "limit, and how many teams and employees served them. Who left before being served is on no one's account.",
            WIDE,
            4,
            _NOBODY,
        ),
        [
            table(
                f"""
                SELECT avg(met) AS "Within the limit", count() AS "Journeys", uniqExact(team) AS "Teams",
                    uniqExactIf(employee, employee != '') AS "Employees"
                FROM {_SERVED} HAVING count() > 0
                """
            )
        ],
        units.Number,
        {"Within the limit": Column(units.PercentUnit, 1)},
        decimals=0,
    )


def _teams() -> model.Panel:
    groups = set_apart(grouped("team", _SERVED), "team", "tuple()")
    return panels.grid(
        Frame(
            "Teams",
            "Share of journeys within the limit with its interval (95 %, Wilson's), beside that of all of them "
            "together. Teams have different customers and different numbers of staff, so a difference is not yet a "
            f"merit. {_TOGETHER}",
            WIDE,
            7,
            _NOBODY,
        ),
        [
            table(
                named_first(
                    groups,
                    "if(unnamed, '', team)",
                    f"""
                    {who("team")} AS "Team", sum(all_n) AS "Journeys", {alone("figure")} AS "Within the limit",
                    {alone("low")} AS "Likely from", {alone("high")} AS "Likely to", any(whole) AS "All together"
                    """,
                    '"Team"',
                )
            )
        ],
        {**_FIGURES, "All together": Column(units.PercentUnit, 1)},
    )


def _through_time() -> model.Panel:
    of_time = (
        f"(SELECT {grain('arrived_at')} AS time, team, avg(met) AS figure, count() AS all_n "
        f"FROM {_SERVED} GROUP BY time, team)"
    )
    return panels.curves(
        Frame(
            "Within the limit, by team",
            "Each team's share of journeys within the limit; no point where it served fewer than chosen "
            "above, or the fewest of the others where only one did.",
            14,
            9,
            "No team served as many as that in any of these times.",
        ),
        [
            over_time(
                f"""
                SELECT time, team, figure FROM {set_apart(of_time, "team", "time")} WHERE NOT unnamed
                ORDER BY time, team
                """
            )
        ],
        units.PercentUnit,
        low=None,
        high=1,
    )


def _present() -> model.Panel:
    return panels.grid(
        Frame(
            "Time on duty, and how many were served in it",
            "Hours that those of a team together were there to serve (neither off nor on a break, by what they "
            "reported; without another word for a day at most), customers of any standard whom they served, and how "
            "many that is in an hour of one of them.",
            10,
            9,
            "No team reports when its staff come and go.",
        ),
        [
            table(
                f"""
                SELECT team AS "Team", sum(staff) AS "Hours", sum(done) AS "Served", sum(done) / nullIf(sum(staff), 0)
                    AS "Served in an hour"
                FROM (
                    SELECT team, sum(seconds) / 3600 AS staff, 0 AS done
                    FROM {on_duty(_CHOSEN)} AS present GROUP BY team
                    UNION ALL
                    SELECT ifNull(team, '–'), 0, count() FROM standing_events
                    WHERE type = 'sqm.service.completed' AND team IS NOT NULL AND {_CHOSEN}
                        AND $__timeFilter(occurred_at)
                    GROUP BY 1
                )
                GROUP BY team HAVING sum(staff) > 0 ORDER BY team
                """
            )
        ],
        {
            "Hours": Column(units.Number, 0),
            "Served": Column(units.Number, 0),
            "Served in an hour": Column(units.Number, 1),
        },
    )


def _times() -> model.Panel:
    error = error_of_mean("n", "sum(toFloat64(value_ms))", "sum(pow(toFloat64(value_ms), 2))")
    groups = set_apart(
        "(SELECT team, count() AS n, avg(value_ms) AS mean, medianExactLow(value_ms) AS half, "
        f"{error} AS error FROM {_SERVED} GROUP BY team)",
        "team",
        "tuple()",
        "n",
    )
    low, high = mean_bounds("n", "mean", "error")
    return panels.grid(
        Frame(
            "How long it took, by team",
            "Mean of the standard's times with Student's interval (95 %), and how long half of the journeys took at "
            f"the most. {_TOGETHER}",
            12,
            9,
            _NOBODY,
        ),
        [
            table(
                named_first(
                    groups,
                    "if(unnamed, '', team)",
                    f"""
                    {who("team")} AS "Team", sum(n) AS "Journeys", {alone("mean")} AS "Mean",
                    {alone(low)} AS "Likely from", {alone(high)} AS "Likely to", {alone("half")} AS "Half within"
                    """,
                    '"Team"',
                )
            )
        ],
        {"Journeys": Column(units.Number, 0)}
        | {name: Column(units.Milliseconds, 1) for name in ("Mean", "Likely from", "Likely to", "Half within")},
    )


def _answers() -> model.Panel:
    rows = (
        "(SELECT ifNull(team, '') AS team, ifNull(instrument, '–') AS instrument, assumeNotNull(score) AS score "
        "FROM standing_feedback WHERE type = 'sqm.feedback.received' AND team IS NOT NULL AND score IS NOT NULL "
        f"AND {_CHOSEN} AND $__timeFilter(occurred_at))"
    )
    groups = set_apart(
        "(SELECT team, instrument, count() AS n, avg(score) AS mean, "
        f"{error_of_mean('n', 'sum(score)', 'sum(score * score)')} AS error FROM {rows} GROUP BY team, instrument)",
        "team",
        "instrument",
        "n",
    )
    low, high = mean_bounds("n", "mean", "error")
    return panels.grid(
        Frame(
            "What customers answer, by team",
            "Mean answer with Student's interval (95 %), on the scale on which it was asked; what is asked is the "
            "survey. Of those who answer, who may differ from those who do not. "
            "Where fewer answered than chosen above, how many teams, together, and never one alone.",
            12,
            9,
            "No customer of these teams answered in this time.",
        ),
        [
            table(
                named_first(
                    groups,
                    "instrument, if(unnamed, '', team)",
                    f"""
                    {who("team")} AS "Team", instrument AS "Survey", sum(n) AS "Answers",
                    {alone("mean")} AS "Mean answer", {alone(low)} AS "Likely from", {alone(high)} AS "Likely to"
                    """,
                    '"Survey", "Team"',
                )
            )
        ],
        {"Answers": Column(units.Number, 0)}
        | {name: Column(units.Number, 2) for name in ("Mean answer", "Likely from", "Likely to")},
    )


def _employees() -> model.Panel:
    groups = f"(SELECT * FROM {grouped('team, employee', _SERVED)} WHERE employee != '')"
    known = set_apart(groups, "employee", "team")
    return panels.grid(
        Frame(
            "Employees",
            "By pseudonym, in no order of merit: share of journeys within the limit with its interval (95 %, "
            "Wilson's), and what all together reach with the same work (site, queue, service). Below or above only "
            "where the whole interval lies on one side of what is expected, which by chance alone happens to one in "
            f"twenty. Waits are made by how many serve, not by who does. {_TOGETHER}",
            WIDE,
            11,
            _NOBODY,
        ),
        [
            table(
                named_first(
                    known,
                    "if(unnamed, ('', ''), (team, employee))",
                    f"""
                    if(unnamed, '–', any(team)) AS "Team", {who("employee")} AS "Employee", sum(all_n) AS "Journeys",
                    {alone("figure")} AS "Within the limit", {alone("low")} AS "Likely from",
                    {alone("high")} AS "Likely to", {alone("expected")} AS "Expected",
                    if(unnamed, '–', any(compared)) AS "Compared"
                    """,
                    '"Team", "Employee"',
                )
            )
        ],
        _FIGURES,
    )
