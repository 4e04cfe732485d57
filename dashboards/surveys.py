"""
What surveys say: scores with how sure they are, through time and answer by answer.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.attainment import HOURS, grain
from dashboards.fields import BAND, Column, Frame, Line
from dashboards.figures import standing, state
from dashboards.layout import WIDE
from dashboards.links import TO_STANDARD
from dashboards.queries import over_time, table
from dashboards.scores import SCORE_STANDARDS, scores

__all__ = ["distribution", "recommendation", "satisfaction", "scored"]

_PLACES: Final = standing("region", "site", "queue")
_HOURS: Final = f"{_PLACES} AND $__timeFilter(hour)"
_NO_ANSWERS: Final = "Nobody answered a survey in this time."


def scored() -> model.Panel:
    return panels.grid(
        Frame(
            "Scores",
            "Of answers given in this time: csat_top2 is the share (in percent) of the two best answers, nps promoters "
            "less detractors in points, csat_mean and ces means on the scale of the survey. Standard error, interval "
            "(95 %: Wilson's of a share, Student's of a mean), and how many of all visits at the sites where anybody "
            "answered were answered for: those who answer may differ from those who do not.",
            WIDE,
            5,
            _NO_ANSWERS,
        ),
        [
            table(
                f"""
                WITH visits AS (
                    SELECT site, count() AS came FROM standing_events
                    WHERE type = 'sqm.journey.arrived' AND {_PLACES} AND $__timeFilter(occurred_at) GROUP BY site
                )
                SELECT a_score.standard AS "Standard", a_score.metric AS "Metric", n AS "Answers",
                    n / nullIf(came, 0) AS "Answered for", figure * if(metric = 'csat_top2', 100, 1) AS "Score",
                    error * if(metric = 'csat_top2', 100, 1) AS "Standard error",
                    low * if(metric = 'csat_top2', 100, 1) AS "Likely from",
                    high * if(metric = 'csat_top2', 100, 1) AS "Likely to",
                    target * if(metric = 'csat_top2', 100, 1) AS "Target",
                    {state(figure="figure", low="ifNull(low, figure)", high="ifNull(high, figure)", n="n")}
                        AS "Verdict"
                FROM {scores("standard, metric", f"(SELECT * FROM {HOURS} WHERE {SCORE_STANDARDS} AND {_HOURS})")}
                    AS a_score
                INNER JOIN (
                    SELECT id AS standard, argMax(target, version) AS target, argMax(minimum_n, version) AS minimum_n,
                        any(at_most) AS at_most
                    FROM standing_standards GROUP BY id
                ) AS a_promise ON a_promise.standard = a_score.standard
                LEFT JOIN (
                    SELECT standard, sum(came) AS came
                    FROM (SELECT DISTINCT standard, site FROM {HOURS} WHERE {SCORE_STANDARDS} AND {_HOURS} AND n > 0)
                        AS asked
                    INNER JOIN visits ON visits.site = asked.site
                    GROUP BY standard
                ) AS a_visit ON a_visit.standard = a_score.standard
                ORDER BY a_score.metric, a_score.standard
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Answers": Column(units.Number, 0),
            "Answered for": Column(units.PercentUnit, 1),
            "Verdict": Column(coloured=True),
            **{
                name: Column(units.Number, 1)
                for name in ("Score", "Standard error", "Likely from", "Likely to", "Target")
            },
        },
    )


def satisfaction() -> model.Panel:
    return _score_curve(
        "Satisfied, through time",
        "Share of the two best answers (csat_top2) by when they were given; the band is where it lies with 95 % "
        "confidence (Wilson's). Few answers make a wide band.",
        "metric = 'csat_top2'",
        units.PercentUnit,
        low=0,
        high=1,
    )


def recommendation() -> model.Panel:
    return _score_curve(
        "Net promoter score, through time",
        "Promoters (9 and 10) less detractors (0 to 6) of 100 answers by when they were given; the band is 1.96 "
        "standard errors to either side.",
        "metric = 'nps'",
        units.Number,
        low=-100,
        high=100,
    )


def _score_curve(title: str, says: str, which: str, unit: str, *, low: float, high: float) -> model.Panel:
    rows = f"(SELECT *, {grain('hour')} AS time FROM {HOURS} WHERE {which} AND {_HOURS})"
    return panels.curves(
        Frame(title, says, 8, 9, _NO_ANSWERS),
        [
            over_time(
                f"""
                SELECT time, figure AS "Score", low AS "Likely from", high AS "Likely to"
                FROM {scores("time, metric", rows)} AS some ORDER BY time
                """
            )
        ],
        unit,
        {
            "Score": Line("blue"),
            **BAND,
        },
        low=low,
        high=high,
    )


def distribution() -> model.Panel:
    return panels.bar_chart(
        Frame(
            "Answers, from worst to best",
            "How many gave each answer, those of both surveys on their own scale: csat from 1 to 5, nps from 0 to 10, "
            "ces on that of the survey.",
            8,
            9,
            _NO_ANSWERS,
        ),
        [
            table(
                f"""
                SELECT toString(score) AS "Answer", countIf(instrument = 'csat') AS "CSAT",
                    countIf(instrument = 'nps') AS "NPS", countIf(instrument = 'ces') AS "CES"
                FROM standing_feedback
                WHERE type = 'sqm.feedback.received' AND score IS NOT NULL AND instrument IN ('csat', 'nps', 'ces')
                    AND {_PLACES} AND $__timeFilter(occurred_at)
                GROUP BY score ORDER BY score
                """
            )
        ],
        units.Number,
        "Answer",
        {"CSAT": "green", "NPS": "blue", "CES": "purple"},
        stacked=False,
    )
