"""
Panels about those who are told of alerts, and whether it was worth it.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.choices import ZONE
from dashboards.episodes import DURATIONS, MTTA, ON_TIME, QUIET, RAISED, SHARES, TOLD, WENT_ON
from dashboards.fields import BAD, UNSURE, Column, Frame
from dashboards.links import TO_STANDARD
from dashboards.queries import table

__all__ = ["marks", "people", "rules", "shifts"]

_SHIFT: Final = f"intDiv(toHour(toTimeZone(at, {ZONE})), 8)"


def people() -> model.Panel:
    return panels.grid(
        Frame(
            "By person",
            "Alerts that somebody was told of or took on: how many of them they took on themselves and how soon "
            "(MTTA), and how many they were told of that had gone on to somebody else by then. Duty is shared, so "
            "this says how it is spread, not who is good at it.",
            12,
            5,
            "Nobody was told of an alert in this time.",
        ),
        [
            table(
                f"""
                SELECT who AS "Person", count() AS "Alerts", countIf(acknowledged_by = who) AS "Took on",
                    avgOrNullIf({MTTA}, acknowledged_by = who) AS "MTTA",
                    {WENT_ON} AS "Went on"
                FROM (
                    SELECT DISTINCT who, id FROM (
                        SELECT toString(person) AS who, alert AS id FROM {TOLD} WHERE person IS NOT NULL
                        UNION ALL
                        SELECT acknowledged_by AS who, id FROM {RAISED} WHERE acknowledged_by IS NOT NULL
                    )
                ) AS about
                INNER JOIN {RAISED} AS raised ON raised.id = about.id
                GROUP BY who ORDER BY who
                """
            )
        ],
        {**DURATIONS, **{name: Column(units.Number, 0) for name in ("Alerts", "Took on", "Went on")}},
    )


def shifts() -> model.Panel:
    parts = ", ".join(f'sumIf(n, shift = {at}) AS "{at * 8:02}:00 to {at * 8 + 8:02}:00"' for at in range(3))
    return panels.grid(
        Frame(
            "By shift and person",
            "Alerts that fired, counted once for each person and shift of eight hours in which the person was told of "
            "them (time zone chosen; history does not know the schedules): by part of the day, in the mean of shifts "
            "in which anything was told, and in the worst.",
            12,
            5,
            "Nobody was told of an alert in this time.",
        ),
        [
            table(
                f"""
                SELECT who AS "Person", {parts}, avg(n) AS "In a shift", max(n) AS "In the worst"
                FROM (
                    SELECT toString(person) AS who, toDate(at, {ZONE}) AS day, {_SHIFT} AS shift,
                        uniqExact(alert) AS n
                    FROM {TOLD} WHERE person IS NOT NULL AND state NOT IN ('resolved', 'retracted')
                    GROUP BY who, day, shift
                )
                GROUP BY who ORDER BY who
                """
            )
        ],
        {
            "In a shift": Column(units.Number, 1),
            "In the worst": Column(units.Number, 0, steps=((None, "transparent"), (25, UNSURE), (50, BAD))),
        },
        units.Number,
    )


def rules() -> model.Panel:
    return panels.grid(
        Frame(
            "The noisiest rules",
            "Rules and standards by how often they raised an alert: messages that told of them, what share turned out "
            "never to have been (retracted), was taken on in time, and what share of the marks says useful. What is "
            "often raised and seldom useful should be changed or deleted.",
            17,
            10,
            QUIET,
        ),
        [
            table(
                f"""
                SELECT raised.rule AS "Rule", raised.standard AS "Standard", count() AS "Alerts",
                    sum(a_telling.messages) AS "Messages", countIf(raised.state = 'retracted') / count() AS "Retracted",
                    avgOrNullIf({MTTA}, acknowledged_at IS NOT NULL) AS "MTTA", {ON_TIME} AS "In time",
                    sum(a_mark.marks) AS "Marks", sum(a_mark.useful) / nullIf(sum(a_mark.marks), 0) AS "Useful"
                FROM {RAISED} AS raised
                LEFT JOIN (SELECT alert, uniqExact(notification) AS messages FROM {TOLD} GROUP BY alert) AS a_telling
                    ON a_telling.alert = raised.id
                LEFT JOIN (
                    SELECT alert, count() AS marks, countIf(verdict = 'useful') AS useful FROM alert_feedback
                    GROUP BY alert
                ) AS a_mark ON a_mark.alert = raised.id
                GROUP BY raised.rule, raised.standard ORDER BY "Alerts" DESC, "Rule", "Standard" LIMIT 30
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            **{name: Column(units.Number, 0) for name in ("Alerts", "Messages", "Marks")},
            **DURATIONS,
            **SHARES,
        },
    )


def marks() -> model.Panel:
    return panels.scale(
        Frame(
            "What people thought of alerts",
            "The last mark of each person about each alert of this time.",
            7,
            10,
            "Nobody marked an alert of this time.",
        ),
        [
            table(
                f"""
                SELECT replaceAll(toString(verdict), '_', ' ') AS "Mark", count() AS "Marks" FROM alert_feedback
                WHERE alert IN (SELECT id FROM {RAISED}) GROUP BY verdict ORDER BY "Marks" DESC, "Mark"
                """
            )
        ],
        units.Number,
    )
