"""
**Violation**: one violation and what its verdict rests on; where the ids on other dashboards lead.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import text, units

from dashboards import panels
from dashboards.choices import chosen_one
from dashboards.fields import INSTANT, Column, Frame
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_SITE, TO_SOURCE, TO_STANDARD
from dashboards.queries import table
from dashboards.sources import HISTORY, history_choice
from dashboards.variables import violation_choice

__all__ = ["violation"]

_THIS: Final = f"id = {chosen_one('violation')}"
_JOURNEY: Final = f"SELECT site, journey FROM violations FINAL WHERE {_THIS}"
_NONE: Final = "No violation has this id."


def violation() -> Board:
    return Board(
        uid="sqm-violation",
        title="Violation",
        says="One violation: what was promised, what happened, and every event that the verdict rests on.",
        variables=[history_choice(), violation_choice()],
        rows=[
            Row("What was promised and what happened", [_facts(), _promise(), _said()]),
            Row("What it rests on", [_trail(), _events(), _clock(), _words()]),
        ],
    )


def _facts() -> model.Panel:
    return panels.grid(
        Frame(
            "What happened",
            "The violation at its last revision. Times are those that the sources gave; it was noticed once the limit "
            "had passed and the line was sure.",
            WIDE,
            4,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT site AS "Site", ifNull(queue, '–') AS "Queue", kind AS "Kind", state AS "State",
                    replaceAll(reason, '_', ' ') AS "Reason", journey AS "Journey", opened_at AS "Since",
                    closed_at AS "Until", detected_at AS "Noticed", value_ms AS "Took",
                    limit_ms AS "Limit", good AS "Good", total AS "Of"
                FROM violations FINAL WHERE {_THIS}
                """
            )
        ],
        {
            "Site": Column(link=TO_SITE),
            "Since": Column(units.DatetimeLocal),
            "Until": Column(units.DatetimeLocal),
            "Noticed": Column(units.DatetimeLocal),
            "Took": Column(units.Milliseconds, 1),
            "Limit": Column(units.Milliseconds, 1),
        },
    )


def _promise() -> model.Panel:
    return panels.grid(
        Frame(
            "What was promised",
            "The version of the standard that was in force when the journey arrived.",
            WIDE,
            4,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT a_promise.id AS "Standard", a_promise.version AS "Version", title AS "Promise",
                    metric AS "Metric", target_text AS "Target", limit_ms AS "Limit", owner AS "Owner", why AS "Why"
                FROM standing_standards AS a_promise
                INNER JOIN (SELECT standard, version FROM violations FINAL WHERE {_THIS}) AS broken
                    ON broken.standard = a_promise.id AND broken.version = a_promise.version
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Limit": Column(units.Milliseconds, 0),
            "Why": Column(width=500),
        },
    )


def _said() -> model.Panel:
    return panels.grid(
        Frame(
            "What was said of it, and when",
            "Every revision of this violation, the first one first: that it opened, changed, was over, or was "
            "retracted because a later report showed that it never was. Nothing that was said is written over.",
            WIDE,
            5,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT recorded_at AS "Said", state AS "State", replaceAll(reason, '_', ' ') AS "Reason",
                    opened_at AS "Since", closed_at AS "Until", value_ms AS "Took", limit_ms AS "Limit"
                FROM violation_revisions FINAL
                WHERE (standard, version, site, id) IN (
                    SELECT standard, version, site, id FROM violations FINAL WHERE {_THIS}
                )
                ORDER BY revision LIMIT 100
                """
            )
        ],
        {
            "Said": INSTANT,
            "Since": INSTANT,
            "Until": INSTANT,
            "Took": Column(units.Milliseconds, 1),
            "Limit": Column(units.Milliseconds, 1),
        },
    )


def _trail() -> model.Panel:
    return panels.grid(
        Frame(
            "The trail",
            "Events in the order of time, each with its part in the verdict (start, stop, pause …). A violation of an "
            "objective rests on the figures of its window and has no trail.",
            12,
            8,
            "This verdict rests on the figures of its window, not on single events.",
        ),
        [
            table(
                f"""
                SELECT fromUnixTimestamp64Milli(JSONExtractInt(entry, 'at'), 'UTC') AS "At",
                    JSONExtractString(entry, 'role') AS "Part", JSONExtractString(entry, 'type') AS "Event",
                    JSONExtractString(entry, 'source') AS "Source", JSONExtractString(entry, 'id') AS "Id"
                FROM violations FINAL ARRAY JOIN JSONExtractArrayRaw(trail) AS entry
                WHERE {_THIS} ORDER BY "At"
                """
            )
        ],
        {"At": INSTANT, "Source": Column(link=TO_SOURCE)},
    )


def _events() -> model.Panel:
    return panels.grid(
        Frame(
            "All events of the journey",
            "Whatever was reported of the journey, whether the verdict rests on it or not, with when it was received.",
            12,
            8,
            "No event of this journey is in history; events are kept for a shorter time than verdicts.",
        ),
        [
            table(
                f"""
                SELECT occurred_at AS "At", type AS "Event", source AS "Source", ifNull(outcome, '–') AS "Outcome",
                    received_at AS "Received", id AS "Id"
                FROM standing_events
                WHERE (site, subject) IN ({_JOURNEY})
                    AND (source, id) IN (
                        SELECT source, id FROM events WHERE subject IN (SELECT journey FROM ({_JOURNEY}))
                    )
                ORDER BY occurred_at, id LIMIT 200
                """
            )
        ],
        {
            "At": INSTANT,
            "Source": Column(link=TO_SOURCE),
            "Received": INSTANT,
        },
    )


def _clock() -> model.Panel:
    # A clock and what was broken by it share all of their ids but the beginning.
    measured = r"replaceRegexpOne(id, '^v:([^:]+):(journey|at_risk):', 'm:\\1:')"
    name = "JSONExtractString(stretch, 'name')"
    return panels.grid(
        Frame(
            "How the clock ran",
            "Every stretch of the clock from its start to its end, whether its time counts, and why not: paused, "
            "closed, a holiday. What counts adds up to what it took.",
            12,
            6,
            "No clock ended here: it still runs, or the verdict rests on the figures of a window or on a silence.",
        ),
        [
            table(
                f"""
                SELECT fromUnixTimestamp64Milli(JSONExtractInt(stretch, 'from_at'), 'UTC') AS "From",
                    fromUnixTimestamp64Milli(JSONExtractInt(stretch, 'to_at'), 'UTC') AS "Until",
                    JSONExtractInt(stretch, 'to_at') - JSONExtractInt(stretch, 'from_at') AS "Lasted",
                    if(JSONExtractBool(stretch, 'counts'), 'counts', concat(
                        ifNull(nullIf(JSONExtractString(stretch, 'why'), ''), 'paused'),
                        if({name} = '', '', concat(' (', {name}, ')')), ', does not count'
                    )) AS "Time"
                FROM standing_measurements ARRAY JOIN JSONExtractArrayRaw(segments) AS stretch
                WHERE (standard, version, site, id) IN (
                    SELECT standard, version, site, {measured} FROM violations FINAL WHERE {_THIS}
                )
                ORDER BY "From"
                """
            )
        ],
        {"From": INSTANT, "Until": INSTANT, "Lasted": Column(units.Milliseconds, 1)},
    )


def _words() -> model.Panel:
    return model.Panel(
        type_val="text",
        title="In sentences",
        description="How to have the verdict explained, segment by segment.",
        datasource=HISTORY,
        grid_pos=model.GridPos(w=12, h=6),
        options=text.Options(
            mode=text.TextMode.MARKDOWN,
            content="`sqm explain '${violation}'` tells this verdict in sentences: which events count, which stretches "
            "of time are in it and which are not (closed, paused, holiday), and by which version of the standard.",
        ),
    )
