"""
What Prometheus is told of alerts: what there is now, and what has happened since the start.
"""

from collections import Counter

from schemas.alerts import Delivery
from services.alerts.engine import Reason
from services.alerts.shell.answers import Answer
from services.alerts.shell.notifiers import Failure
from services.alerts.shell.observing import Observing
from services.alerts.shell.office import Office
from services.alerts.shell.outputs import Outputs, OutTopics
from services.runtime.metrics import Metrics
from tests.fakes.alerts_office import OfficeBench, until, waits
from tests.fakes.sending import FakeProducer


class Waiting:
    """
    So many messages wait, and an attempt has failed.
    """

    waiting = 3

    def __init__(self) -> None:
        self.failures = Counter({("floor", Failure.TIMEOUT.value): 2})


class Behind:
    """
    So far behind.
    """

    records = 7
    round_age_seconds = 0.25


def observing(bench: OfficeBench, office: Office) -> Observing:
    return Observing(
        Metrics("alerts", version="1"),
        office=office,
        outputs=bench.outputs,
        delivering=Waiting(),
        lagging=Behind(),
    )


def told(made: Observing) -> list[str]:
    return made.exposition()[0].decode().splitlines()


async def test_who_works_tells_what_is_open_and_what_has_happened_once() -> None:
    bench = OfficeBench()
    async with bench.owner() as office:
        bench.happen(waits("a"))
        await until(lambda: bench.states() != [])
        made = observing(bench, office)
        made.delivered(delivery("delivered"))
        made.delivered(delivery("failed"))
        for _ in range(2):
            lines = told(made)
            assert "sqm_alerts_leads 1.0" in lines
            assert 'sqm_alerts_open_alerts{severity="page",state="firing"} 1.0' in lines
            assert 'sqm_alerts_open_alerts{severity="info",state="firing"} 0.0' in lines
            assert 'sqm_alerts_transitions_total{severity="page",state="firing"} 1.0' in lines
            assert 'sqm_alerts_messages_total{reason="new",receiver="floor"} 1.0' in lines
            assert 'sqm_alerts_deliveries_total{outcome="delivered",receiver="floor"} 1.0' in lines
            assert 'sqm_alerts_delivery_duration_seconds_count{receiver="floor"} 1.0' in lines
            assert 'sqm_alerts_delivery_duration_seconds_sum{receiver="floor"} 1.5' in lines
            assert 'sqm_alerts_deliveries_total{outcome="given_up",receiver="floor"} 0.0' in lines
            assert 'sqm_alerts_failed_attempts_total{reason="timeout",receiver="floor"} 2.0' in lines
            assert 'sqm_alerts_failed_attempts_total{reason="busy",receiver="floor"} 0.0' in lines
            assert "sqm_alerts_lag_records 7.0" in lines
            assert "sqm_alerts_round_age_seconds 0.25" in lines
            assert "sqm_alerts_waiting_messages 3.0" in lines
            assert f'sqm_alerts_notes_total{{reason="{Reason.UNKNOWN_STANDARD}"}} 1.0' in lines


async def test_how_alerts_are_dealt_with_is_told_by_durations_answers_marks_and_schedules() -> None:
    bench = OfficeBench()
    async with bench.owner() as office:
        bench.happen(waits("a"))
        await until(lambda: bench.states() != [])
        made = observing(bench, office)
        answers = bench.outputs.answers
        answers.acknowledged.append(("page", 90.0))
        answers.resolved.append(("page", 4_000.0))
        answers.answers["page", Answer.LATE] += 1
        answers.told["anna"] += 2
        office.marks["useful"] += 1
        for _ in range(2):
            lines = told(made)
            assert 'sqm_alerts_acknowledge_duration_seconds_sum{severity="page"} 90.0' in lines
            assert 'sqm_alerts_acknowledge_duration_seconds_bucket{le="120.0",severity="page"} 1.0' in lines
            assert 'sqm_alerts_resolve_duration_seconds_bucket{le="3600.0",severity="page"} 0.0' in lines
            assert 'sqm_alerts_resolve_duration_seconds_count{severity="page"} 1.0' in lines
            assert 'sqm_alerts_answers_total{answer="late",severity="page"} 1.0' in lines
            assert 'sqm_alerts_answers_total{answer="in_time",severity="info"} 0.0' in lines
            assert 'sqm_alerts_marks_total{verdict="useful"} 1.0' in lines
            assert 'sqm_alerts_marks_total{verdict="false"} 0.0' in lines
            assert 'sqm_alerts_told_total{schedule="none"} 2.0' in lines


async def test_who_stands_by_has_nothing_open() -> None:
    bench = OfficeBench()
    lines = told(observing(bench, bench.office()))
    assert "sqm_alerts_leads 0.0" in lines
    assert 'sqm_alerts_open_alerts{severity="page",state="firing"} 0.0' in lines


async def test_what_became_of_a_message_goes_to_its_topic() -> None:
    producer = FakeProducer([])
    outputs = Outputs(producer, OutTopics("alerts", "notifications", "deliveries"), OfficeBench().delivering)
    outputs.delivered(delivery("given_up"))
    ((topic, key, value, _),) = producer.sent
    assert (topic, key) == ("deliveries", b"floor")
    assert Delivery.model_validate_json(value or b"").outcome == "given_up"


def delivery(outcome: str) -> Delivery:
    said = {"notification": "n-1", "at": 1, "receiver": "floor", "outcome": outcome, "attempts": 1, "took_ms": 1_500}
    return Delivery.model_validate(said)
