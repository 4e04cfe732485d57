"""
**Alerts and on-call**: what is raised, who is woken by it, how soon somebody has it, and whether it was worth it.
"""

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import on_call, panels, variables
from dashboards.choices import ZONE
from dashboards.episodes import DURATIONS, MTTA, MTTR, ON_TIME, PLACES, QUIET, RAISED, SHARES, TOLD
from dashboards.fields import BAD, GOOD, INSTANT, UNSURE, Column, Frame, Line
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_SITE, TO_STANDARD, TO_VIOLATION
from dashboards.queries import now, over_time, table
from dashboards.sources import history_choice, metrics_choice

__all__ = ["alerts"]


def alerts() -> Board:
    return Board(
        uid="sqm-alerts",
        title="Alerts and on-call",
        says="What is open, how soon alerts are taken on and over, whom they reach and burden, and which are worth it.",
        variables=[
            history_choice(),
            metrics_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.zone_choice(),
        ],
        begins="now-7d",
        refresh="1m",
        rows=[
            Row("Now", [_open(), _alive(), _silences()]),
            Row("How alerts are dealt with", [_measures(), _raised(), _hours()]),
            Row("Who is woken", [on_call.people(), on_call.shifts()]),
            Row("Which are worth it", [on_call.rules(), on_call.marks()]),
            Row("Do messages arrive?", [_receivers(), _given_up()]),
            Row("Single alerts", [_latest()]),
        ],
    )


def _open() -> model.Panel:
    return panels.figures(
        Frame(
            "Open, by severity",
            "Alerts raised whenever that are neither resolved nor retracted at the end of the time shown, by the "
            "gravest severity they had, and how many of them nobody has taken on.",
            9,
            4,
            "No alert is open.",
        ),
        [
            table(
                f"""
                SELECT countIf(severity = 'page') AS "Page", countIf(severity = 'ticket') AS "Ticket",
                    countIf(severity = 'info') AS "Info", countIf(acknowledged_at IS NULL) AS "Nobody has it"
                FROM alert_episodes
                WHERE fired_at <= $__toTime AND ifNull(ended_at > $__toTime, true) AND {PLACES}
                """
            )
        ],
        units.Number,
        {
            "Page": Column(steps=((None, GOOD), (1, BAD))),
            "Nobody has it": Column(steps=((None, GOOD), (1, UNSURE))),
        },
        decimals=0,
    )


def _alive() -> model.Panel:
    return panels.figures(
        Frame(
            "Does alerting itself live?",
            "Whether the watchdog of the product's own rules fires (1; it always should), whether exactly one process "
            "leads, how long ago that finished a round, and how many messages wait to be delivered. From metrics.",
            15,
            4,
            "No metrics of alerting.",
        ),
        [
            now('count(ALERTS{alertname="SqmWatchdog", alertstate="firing"}) or vector(0)', "Watchdog", "A"),
            now("sum(sqm_alerts_leads) or vector(0)", "Leading", "B"),
            now("max(sqm_alerts_round_age_seconds)", "Last round", "C"),
            now("sum(sqm_alerts_waiting_messages)", "Messages waiting", "D"),
        ],
        units.Number,
        {
            "Watchdog": Column(steps=((None, BAD), (1, GOOD))),
            "Leading": Column(steps=((None, BAD), (1, GOOD), (2, BAD))),
            "Last round": Column(unit=units.Seconds, decimals=0, steps=((None, GOOD), (60, BAD))),
        },
        decimals=0,
    )


def _silences() -> model.Panel:
    return panels.grid(
        Frame(
            "Silences",
            "Silences by command that were in force at any time shown, by when they end: what they match, who asked "
            "for it and why. One with the id of another replaces it. Those in the file of alerting are not in it "
            "(`sqm alerts silences` lists all).",
            WIDE,
            4,
            "Nobody silenced anything in this time.",
        ),
        [
            table(
                """
                SELECT silence_id AS "Silence", matches AS "Matches", begins AS "From",
                    if(isNull(stopped), ends, stopped) AS "Until",
                    if(isNull(repeats) OR repeats = '', 'once', 'again and again') AS "Comes", author AS "Asked for by",
                    reason AS "Why", if("From" <= $__toTime AND ifNull("Until" > $__toTime, true), 'in force', 'over')
                        AS "State"
                FROM (
                    SELECT JSONExtractString(said, 'id') AS silence_id, JSONExtractRaw(said, 'match') AS matches,
                        parseDateTime64BestEffortOrNull(JSONExtractString(said, 'from'), 3, 'UTC') AS begins,
                        parseDateTime64BestEffortOrNull(JSONExtractString(said, 'until'), 3, 'UTC') AS ends,
                        JSONExtractRaw(said, 'again') AS repeats, JSONExtractString(said, 'author') AS author,
                        JSONExtractString(said, 'reason') AS reason
                    FROM (
                        SELECT argMax(assumeNotNull(silence), at) AS said FROM standing_alert_commands
                        WHERE action = 'silence' AND silence IS NOT NULL GROUP BY JSONExtractString(silence, 'id')
                    )
                ) AS asked
                LEFT JOIN (
                    SELECT assumeNotNull(ends) AS silence_id, maxOrNull(at) AS stopped FROM standing_alert_commands
                    WHERE action = 'unsilence' AND ends IS NOT NULL GROUP BY silence_id
                ) AS ended USING (silence_id)
                WHERE begins <= $__toTime AND ifNull(if(isNull(stopped), ends, stopped) >= $__fromTime, true)
                ORDER BY "State", "Until" DESC, silence_id LIMIT 50
                """
            )
        ],
        {
            "From": INSTANT,
            "Until": INSTANT,
            "State": Column(coloured=True),
        },
    )


def _measures() -> model.Panel:
    return panels.figures(
        Frame(
            "Alerts raised in this time",
            "How many; mean time until somebody took one on (MTTA, of those that somebody did) and until it was over "
            "(MTTR, of those resolved, retracted ones left out); share taken on before the escalation went on, of "
            "those that asked somebody; share of the marks that say useful. The same as `sqm history alerts`.",
            WIDE,
            4,
            QUIET,
        ),
        [
            table(
                f"""
                SELECT count() AS "Alerts", avgOrNullIf({MTTA}, acknowledged_at IS NOT NULL) AS "MTTA",
                    avgOrNullIf({MTTR}, state = 'resolved') AS "MTTR", {ON_TIME} AS "In time",
                    any(useful) AS "Useful", countIf(state = 'retracted') / count() AS "Retracted"
                FROM {RAISED} AS raised
                CROSS JOIN (
                    SELECT countIf(verdict = 'useful') / nullIf(count(), 0) AS useful FROM alert_feedback
                    WHERE alert IN (SELECT id FROM {RAISED})
                ) AS marks
                HAVING count() > 0
                """
            )
        ],
        units.Number,
        {**DURATIONS, **SHARES},
        decimals=0,
    )


def _raised() -> model.Panel:
    return panels.curves(
        Frame(
            "Alerts raised, by severity",
            "How many were raised in each interval, by the gravest severity that they came to have.",
            14,
            8,
            QUIET,
        ),
        [
            over_time(
                f"""
                SELECT $__timeInterval(fired_at) AS time, countIf(severity = 'page') AS "Page",
                    countIf(severity = 'ticket') AS "Ticket", countIf(severity = 'info') AS "Info"
                FROM {RAISED} GROUP BY time ORDER BY time
                """
            )
        ],
        units.Number,
        {
            "Ticket": Line("orange", 1, bars=True),
            "Page": Line("red", 1, bars=True),
            "Info": Line("blue", 1, bars=True),
        },
        least_step="1h",
    )


def _hours() -> model.Panel:
    return panels.bar_chart(
        Frame(
            "When alerts are raised",
            "Alerts of this time by hour of the day, in the time zone chosen, by the gravest severity they had: what "
            "comes at night wakes somebody.",
            10,
            8,
            QUIET,
        ),
        [
            table(
                f"""
                SELECT leftPad(toString(toHour(fired_at, {ZONE})), 2, '0') AS "Hour",
                    countIf(severity = 'page') AS "Page", countIf(severity != 'page') AS "Ticket or info"
                FROM {RAISED} GROUP BY "Hour" ORDER BY "Hour"
                """
            )
        ],
        units.Number,
        "Hour",
        {"Page": "red", "Ticket or info": "orange"},
    )


def _receivers() -> model.Panel:
    return panels.grid(
        Frame(
            "Messages by receiver",
            "Messages that told of alerts of this time: delivered, given up, attempts that failed, and the time from "
            "the decision to the first arrival.",
            14,
            6,
            "No message was sent in this time.",
        ),
        [
            table(
                f"""
                SELECT receiver AS "Receiver", count() AS "Messages", countIf(delivered) AS "Delivered",
                    countIf(given_up) AS "Given up", countIf(given_up) / count() AS "Given up of all",
                    sum(attempts - delivered) AS "Failed attempts",
                    quantileExactIf(0.5)(took_ms, delivered) AS "Half within",
                    quantileExactIf(0.99)(took_ms, delivered) AS "99 % within"
                FROM message_outcomes WHERE notification IN (SELECT notification FROM {TOLD})
                GROUP BY receiver ORDER BY receiver
                """
            )
        ],
        {
            "Given up": Column(units.Number, 0, steps=((None, "transparent"), (1, BAD))),
            **{name: Column(units.Number, 0) for name in ("Messages", "Delivered", "Failed attempts")},
            "Given up of all": Column(units.PercentUnit, 2),
            **DURATIONS,
        },
    )


def _given_up() -> model.Panel:
    return panels.grid(
        Frame(
            "Given up, the latest first",
            "Messages of this time that never arrived, and what was the matter at last.",
            10,
            6,
            "Every message arrived.",
        ),
        [
            table(
                """
                SELECT at AS "Given up at", receiver AS "Receiver", ifNull(person, '–') AS "Person",
                    attempts AS "Attempts", ifNull(problem, '–') AS "Problem"
                FROM standing_deliveries
                WHERE outcome = 'given_up' AND $__timeFilter(at) ORDER BY at DESC, notification LIMIT 50
                """
            )
        ],
        {"Given up at": INSTANT, "Attempts": Column(units.Number, 0, 80)},
    )


def _latest() -> model.Panel:
    return panels.grid(
        Frame(
            "Alerts, the latest first",
            "Alerts raised in this time: who took them on and after how long, how long until they were over, how many "
            "violations they saw, and one of these, which leads to what it rests on.",
            WIDE,
            10,
            QUIET,
        ),
        [
            table(
                f"""
                SELECT fired_at AS "Raised", severity AS "Severity", rule AS "Rule", standard AS "Standard",
                    site AS "Site",
                    state AS "State", ifNull(acknowledged_by, 'nobody') AS "Taken on by", {MTTA} AS "Taken on after",
                    if(state IN ('resolved', 'retracted'), {MTTR}, NULL) AS "Over after", seen AS "Violations",
                    violation AS "Violation"
                FROM {RAISED} AS raised
                LEFT JOIN (
                    SELECT id, argMinIf(JSONExtractString(violations, 1), seq, violations != '[]') AS violation
                    FROM standing_alerts GROUP BY id
                ) AS its ON its.id = raised.id
                ORDER BY fired_at DESC, raised.id LIMIT 100
                """
            )
        ],
        {
            "Raised": INSTANT,
            "Standard": Column(link=TO_STANDARD),
            "Site": Column(link=TO_SITE),
            "State": Column(coloured=True),
            "Taken on after": Column(units.Milliseconds, 0, 120),
            "Over after": Column(units.Milliseconds, 0, 110),
            "Violations": Column(units.Number, 0, 85),
            "Violation": Column(width=250, link=TO_VIOLATION),
        },
    )
