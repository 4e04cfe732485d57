"""
What is made of the answers about alerts: sums become means and shares, and of nothing there is no figure.
"""

from services.history.engine import AlertMeasures, AlertQuestion, AlertsBy, alert_measures, alert_questions


def test_answers_are_put_together_by_their_group_in_the_order_of_names() -> None:
    answers = [
        [{"grouped": "south", "alerts": 2, "acknowledge_ms": None}, {"grouped": "north", "alerts": 1}],
        [{"grouped": "south", "told": 3, "shifts": 2}],
        [],
        [{"grouped": "east", "messages": 0}],
    ]
    north, south = alert_measures(AlertQuestion(AlertsBy.SITE), answers)
    assert (north.group, north.alerts, north.told) == ("north", 1, 0)
    assert south == AlertMeasures("south", alerts=2, told=3, shifts=2)
    assert alert_measures(AlertQuestion(), [[{"grouped": "", "alerts": 4}]]) == [AlertMeasures(None, alerts=4)]


def test_of_nothing_there_is_no_figure() -> None:
    assert set(AlertMeasures(None).figures.values()) == {None}
    assert AlertMeasures(None, acknowledged=2, acknowledge_ms=3).figures["mtta_ms"] == 1.5


def test_only_what_was_asked_for_bounds_the_span() -> None:
    assert [parameters for _, parameters in alert_questions(AlertQuestion())] == [
        {}, {"zone": "UTC", "shift_hours": 8}, {}, {},
    ]  # fmt: skip
    for sql, parameters in alert_questions(AlertQuestion(AlertsBy.PERSON, from_ms=1, until_ms=2)):
        assert (parameters["from_ms"], parameters["until_ms"]) == (1, 2)
        assert "fired_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')" in sql
        assert "fired_at < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')" in sql
