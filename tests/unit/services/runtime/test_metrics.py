"""
Metrics: what was counted is exposed, labels have a closed set of values, and no input can make the registry grow.
"""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.metrics import OTHER, Metrics, UpTo


class Reason(StrEnum):
    LATE = "late"
    BROKEN = "broken"


def exposed(metrics: Metrics, beginning: str) -> list[str]:
    text, content_type = metrics.exposition()
    assert content_type.startswith("text/plain")
    return [line for line in text.decode().splitlines() if line.startswith(beginning)]


def test_what_runs_is_said_by_the_build_info() -> None:
    (line,) = exposed(Metrics("till", version="1.2"), "sqm_build_info{")
    assert 'service="till"' in line
    assert 'version="1.2"' in line


def test_a_metric_with_a_closed_label_is_there_at_zero_before_anything_happened() -> None:
    metrics = Metrics("till", version="1")
    metrics.counter("refused", "Refused.", {"reason": Reason}).labelled(reason=Reason.LATE).inc(2)
    assert exposed(metrics, "sqm_till_refused_total") == [
        'sqm_till_refused_total{reason="late"} 2.0',
        'sqm_till_refused_total{reason="broken"} 0.0',
    ]


def test_a_value_outside_a_closed_set_is_refused() -> None:
    refused = Metrics("till", version="1").counter("refused", "Refused.", {"reason": Reason})
    with pytest.raises(ValueError, match="bored"):
        refused.labelled(reason="bored")


def test_labels_must_be_exactly_those_that_were_declared() -> None:
    refused = Metrics("till", version="1").counter("refused", "Refused.", {"reason": Reason})
    with pytest.raises(ValueError, match="labels are reason, not cause"):
        refused.labelled(cause=Reason.LATE)


@given(st.lists(st.text()), st.integers(min_value=0, max_value=5))
def test_names_that_users_choose_never_make_more_than_their_limit_and_lose_no_count(
    names: list[str], limit: int
) -> None:
    metrics = Metrics("till", version="1")
    gauge = metrics.gauge("open", "Open.", {"site": UpTo(limit)})
    for name in names:
        gauge.labelled(site=name).inc()
    children = [line for line in metrics.exposition()[0].decode().split("\n") if line.startswith("sqm_till_open{")]
    assert len(children) <= limit + 1
    assert sum(float(line.rsplit(" ", 1)[1]) for line in children) == len(names)
    if len(set(names) - {OTHER}) > limit:
        assert any(f'site="{OTHER}"' in line for line in children)


@given(st.lists(st.tuples(st.text(), st.text())), st.integers(min_value=0, max_value=5))
def test_labels_of_names_that_users_choose_do_not_multiply_beyond_the_ceiling(
    pairs: list[tuple[str, str]], most: int
) -> None:
    metrics = Metrics("till", version="1")
    gauge = metrics.gauge("open", "Open.", {"site": UpTo(3), "queue": UpTo(3), "reason": Reason}, most=most)
    for site, queue in pairs:
        for reason in Reason:
            gauge.labelled(site=site, queue=queue, reason=reason).inc()
    children = [line for line in metrics.exposition()[0].decode().split("\n") if line.startswith("sqm_till_open{")]
    assert len(children) <= most + 4 * len(Reason)
    assert sum(float(line.rsplit(" ", 1)[1]) for line in children) == 2 * len(pairs)


def test_every_combination_of_closed_labels_is_there_at_zero() -> None:
    metrics = Metrics("till", version="1")
    metrics.counter("refused", "Refused.", {"reason": Reason, "again": Reason})
    assert len(exposed(metrics, "sqm_till_refused_total")) == 4


def test_buckets_may_differ_by_label() -> None:
    metrics = Metrics("till", version="1")
    told = [(("a",), [(1.0, 2), (5.0, 3)], 4, 20.5), (("b",), [(60.0, 0)], 1, 90.0)]
    metrics.distributed("wait_seconds", "Wait.", ("standard",), lambda: told)
    assert exposed(metrics, "sqm_till_wait_seconds") == [
        'sqm_till_wait_seconds_bucket{le="1.0",standard="a"} 2.0',
        'sqm_till_wait_seconds_bucket{le="5.0",standard="a"} 3.0',
        'sqm_till_wait_seconds_bucket{le="+Inf",standard="a"} 4.0',
        'sqm_till_wait_seconds_count{standard="a"} 4.0',
        'sqm_till_wait_seconds_sum{standard="a"} 20.5',
        'sqm_till_wait_seconds_bucket{le="60.0",standard="b"} 0.0',
        'sqm_till_wait_seconds_bucket{le="+Inf",standard="b"} 1.0',
        'sqm_till_wait_seconds_count{standard="b"} 1.0',
        'sqm_till_wait_seconds_sum{standard="b"} 90.0',
    ]


def test_a_histogram_counts_in_the_buckets_it_was_given() -> None:
    metrics = Metrics("till", version="1")
    metrics.histogram("wait_seconds", "Wait.", [1.0, 5.0]).labelled().observe(3.0)
    assert exposed(metrics, "sqm_till_wait_seconds_bucket") == [
        'sqm_till_wait_seconds_bucket{le="1.0"} 0.0',
        'sqm_till_wait_seconds_bucket{le="5.0"} 1.0',
        'sqm_till_wait_seconds_bucket{le="+Inf"} 1.0',
    ]


def test_two_apps_in_one_process_do_not_share_figures() -> None:
    one, two = Metrics("till", version="1"), Metrics("till", version="1")
    one.counter("sold", "Sold.").labelled().inc()
    two.counter("sold", "Sold.")
    assert exposed(two, "sqm_till_sold_total") == ["sqm_till_sold_total 0.0"]


def test_a_listed_gauge_tells_what_there_is_at_the_moment_and_nothing_of_what_is_gone() -> None:
    metrics = Metrics("till", version="1")
    now = [(("a", "b"), 1.5), (("c", "d"), 0.0)]
    metrics.listed("wait_seconds", "Wait.", ("site", "queue"), lambda: now)
    assert exposed(metrics, "sqm_till_wait_seconds{") == [
        'sqm_till_wait_seconds{queue="b",site="a"} 1.5',
        'sqm_till_wait_seconds{queue="d",site="c"} 0.0',
    ]
    del now[0]
    assert exposed(metrics, "sqm_till_wait_seconds{") == ['sqm_till_wait_seconds{queue="d",site="c"} 0.0']
