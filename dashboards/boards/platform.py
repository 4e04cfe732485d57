"""
**Platform**: whether the line itself keeps up, for the one who runs it.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.fields import BAD, GOOD, QUIET, UNSURE, Column, Frame
from dashboards.layout import Board, Row
from dashboards.queries import instant, now, ranged
from dashboards.sources import metrics_choice

__all__ = ["platform"]

_NOBODY: Final = "No service of this installation is asked by Prometheus."
_RATE: Final = "$__rate_interval"
_SERVICES: Final = 'job=~"sqm-(ingest|sla|history|alerts)"'
_BY_BUCKETS: Final = "Read from a histogram, so it is as exact as its buckets are narrow."


def platform() -> Board:
    return Board(
        uid="sqm-platform",
        title="Platform",
        says="Whether the line keeps up: services, lag, checkpoints, how fast verdicts and messages come, what failed.",
        variables=[metrics_choice()],
        begins="now-6h",
        refresh="30s",
        rows=[
            Row("Is it running?", [_ready(), _versions(), _lag_now()]),
            Row("Does it keep up?", [_throughput(), _lag(), _delays(), _verdicts()]),
            Row("State", [_checkpoints(), _journeys(), _fold()]),
            Row("Storing and telling", [_history(), _messages(), _arriving()]),
            Row("What went wrong", [_refused(), _dead_letters(), _failures()]),
        ],
    )


def _ready() -> model.Panel:
    return panels.figures(
        Frame(
            "Processes",
            "Processes of ours that answer ready, those that do not (starting, recovering, or without what they "
            "need), those that Prometheus cannot reach, and how many of the four services it knows no process of.",
            8,
            6,
            _NOBODY,
        ),
        [
            now("sum(sqm_ready) or vector(0)", "Ready", "A"),
            now("sum(1 - sqm_ready) or vector(0)", "Not ready", "B"),
            now('count(up{job=~"sqm.*"} == 0) or vector(0)', "Out of reach", "C"),
            now(f"4 - (count(count by (job) (up{{{_SERVICES}}})) or vector(0))", "Unknown", "D"),
        ],
        units.Number,
        {
            "Ready": Column(steps=((None, BAD), (1, QUIET))),
            **{name: Column(steps=((None, GOOD), (1, BAD))) for name in ("Not ready", "Out of reach", "Unknown")},
        },
        decimals=0,
    )


def _versions() -> model.Panel:
    return panels.joined(
        Frame(
            "Versions",
            "How many processes run which version; more than one means a rollout, or one that stopped.",
            8,
            6,
            _NOBODY,
        ),
        {"Processes": instant("count by (service, version) (sqm_build_info)")},
        {"Processes": Column(units.Number, 0)},
        labels=("service", "version"),
        most_first="Processes",
    )


def _lag_now() -> model.Panel:
    steps = ((None, GOOD), (5, UNSURE), (60, BAD))
    return panels.figures(
        Frame(
            "Behind",
            "Age of the oldest record that is not worked on yet: of the workers, of history, and of the second stage "
            "that judges objectives (which sees each minute a little after it is over).",
            8,
            6,
            _NOBODY,
        ),
        [
            now("max(sqm_sla_lag_seconds)", "Workers", "A"),
            now("max(sqm_history_lag_seconds)", "History", "B"),
            now("max(sqm_sla_objective_delay_seconds)", "Objectives", "C"),
        ],
        units.Seconds,
        {
            "Workers": Column(steps=steps),
            "History": Column(steps=steps),
            "Objectives": Column(steps=((None, GOOD), (180, BAD))),
        },
        decimals=1,
    )


def _throughput() -> model.Panel:
    return panels.curves(
        Frame(
            "Events a second",
            "Accepted by ingest, folded in by the workers, and rows that history took: several for each event, for "
            "what came of it is stored, too.",
            12,
            8,
            _NOBODY,
        ),
        [
            ranged(f"sum(rate(sqm_ingest_events_accepted_total[{_RATE}]))", "accepted", "A"),
            ranged(f"sum(rate(sqm_sla_events_total[{_RATE}]))", "folded in", "B"),
            ranged(f"sum(rate(sqm_history_rows_total[{_RATE}]))", "rows stored", "C"),
        ],
        units.EventsPerSecond,
    )


def _lag() -> model.Panel:
    return panels.curves(
        Frame(
            "Records not worked on yet",
            "By partition of the workers' topic; of history the sum of all topics.",
            12,
            8,
            _NOBODY,
        ),
        [
            ranged("sum by (partition) (sqm_sla_lag_records)", "partition {{partition}}", "A"),
            ranged("sum(sqm_history_lag_records)", "history", "B"),
        ],
        units.Number,
    )


def _delays() -> model.Panel:
    return panels.curves(
        Frame(
            "How old the present is",
            "Now minus the watermark of the partition that is furthest behind: verdicts about absence rest on it. "
            "Above a few seconds the workers do not keep up, or a partition has no worker.",
            12,
            8,
            _NOBODY,
        ),
        [ranged("max(sqm_sla_watermark_delay_seconds)", "oldest watermark")],
        units.Seconds,
        limit=10,
    )


def _verdicts() -> model.Panel:
    metric = "sqm_sla_violation_delay_seconds"
    return panels.curves(
        Frame(
            "From limit to verdict",
            "Time from the instant at which a limit passed until its violation was decided: half and 99 % of them are "
            f"faster. The promise is one second. {_BY_BUCKETS}",
            12,
            8,
            "No limit passed in this time.",
        ),
        [
            ranged(_within(0.5, metric), "half", "A"),
            ranged(_within(0.99, metric), "99 %", "B"),
        ],
        units.Seconds,
        limit=1,
    )


def _checkpoints() -> model.Panel:
    return panels.curves(
        Frame(
            "Age of the last checkpoint",
            "By partition: how long ago its state was last saved for good. What came since then a worker would have to "
            "fold in again after a crash.",
            8,
            8,
            _NOBODY,
        ),
        [ranged("max by (partition) (sqm_sla_checkpoint_age_seconds)", "partition {{partition}}")],
        units.Seconds,
        limit=60,
    )


def _journeys() -> model.Panel:
    return panels.curves(
        Frame("Open journeys", "Journeys with a running clock, over all workers.", 8, 8, _NOBODY),
        [ranged("sum(sqm_sla_open_journeys)", "open")],
        units.Number,
    )


def _fold() -> model.Panel:
    return panels.curves(
        Frame(
            "The engine's time for a batch",
            f"How long the engine itself takes for the records of one fetch, without reading and writing: 99 % of the "
            f"batches of all workers take less. {_BY_BUCKETS}",
            8,
            8,
            _NOBODY,
        ),
        [ranged(_within(0.99, "sqm_sla_fold_duration_seconds"), "99 %")],
        units.Seconds,
    )


def _history() -> model.Panel:
    return panels.curves(
        Frame(
            "How long an insert takes",
            "From handing rows to ClickHouse until it has them: 99 % of history's inserts into all tables take less; "
            f"those that fail are tried again. {_BY_BUCKETS}",
            8,
            8,
            _NOBODY,
        ),
        [ranged(_within(0.99, "sqm_history_insert_duration_seconds"), "99 %")],
        units.Seconds,
    )


def _messages() -> model.Panel:
    return panels.curves(
        Frame(
            "Messages by what became of them",
            "Attempts to deliver a minute, by outcome: delivered, failed (tried again later), given up, held back "
            "while a receiver does not answer anybody.",
            8,
            8,
            "No message was sent in this time.",
        ),
        [ranged(f"sum by (outcome) (rate(sqm_alerts_deliveries_total[{_RATE}])) * 60 > 0", "{{outcome}}")],
        units.CountsPerMinute,
    )


def _arriving() -> model.Panel:
    return panels.curves(
        Frame(
            "From decision to delivery",
            "From the decision to tell somebody until the receiver had the message, attempts that failed in between "
            f"included: 99 % of the messages to all receivers arrive faster. {_BY_BUCKETS}",
            8,
            8,
            "No message arrived in this time.",
        ),
        [ranged(_within(0.99, "sqm_alerts_delivery_duration_seconds"), "99 %")],
        units.Seconds,
        limit=60,
    )


def _refused() -> model.Panel:
    return panels.curves(
        Frame(
            "Refused by ingest",
            "Events a minute that senders were told were refused, by reason.",
            8,
            8,
            "Nothing was refused.",
        ),
        [ranged(f"sum by (reason) (rate(sqm_ingest_events_refused_total[{_RATE}])) * 60 > 0", "{{reason}}")],
        units.CountsPerMinute,
    )


def _dead_letters() -> model.Panel:
    return panels.curves(
        Frame(
            "Dead letters",
            "Records a minute that could not be worked on and were put aside with the reason, by who did it.",
            8,
            8,
            "Nothing was put aside.",
        ),
        [
            ranged(f"sum(rate(sqm_ingest_dead_letters_total[{_RATE}])) * 60 > 0", "ingest", "A"),
            ranged(f"sum(rate(sqm_sla_dead_letters_total[{_RATE}])) * 60 > 0", "workers", "B"),
            ranged(f"sum(rate(sqm_history_dead_letters_total[{_RATE}])) * 60 > 0", "history", "C"),
        ],
        units.CountsPerMinute,
    )


def _failures() -> model.Panel:
    return panels.curves(
        Frame(
            "Inserts that failed",
            "By table, a minute; they are tried again until ClickHouse takes them.",
            8,
            8,
            "No insert failed.",
        ),
        [ranged(f"sum by (table) (rate(sqm_history_insert_failures_total[{_RATE}])) * 60 > 0", "{{table}}")],
        units.CountsPerMinute,
    )


def _within(part: float, metric: str) -> str:
    """
    Within how long that part of what a histogram counted was; no figure where it counted nothing.
    """
    counted = f"sum(rate({metric}_count[{_RATE}])) > 0"
    return f"histogram_quantile({part}, sum by (le) (rate({metric}_bucket[{_RATE}]))) and {counted}"
