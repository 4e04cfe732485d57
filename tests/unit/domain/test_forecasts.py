"""
Forecasts of a line: the check values of both formulas, and each reason for saying nothing.
"""

import pytest

from domain.expected_waits import NoFigure
from domain.forecasts import ForecastMethod, Load, forecast_levels

HOUR = 3_600_000
CALLS = Load(
    arrived=200, per_ms=HOUR, waited_ms=1_200_000, left=10, handled=190, handled_ms=190 * 180_000, agents=12,
    within_ms=20_000,
)  # fmt: skip
"""Ten erlangs of three-minute calls from customers with two minutes of patience."""


@pytest.mark.parametrize(("agents", "level"), [(12, "64.02 %"), (13, "79.56 %"), (14, "88.84 %")])
def test_erlang_c_gives_its_check_values(agents: int, level: str) -> None:
    by_c, _ = forecast_levels(CALLS._replace(agents=agents))
    assert by_c.method is ForecastMethod.ERLANG_C
    assert f"{by_c.level:.2%}".replace("%", " %") == level


def test_erlang_a_lets_the_impatient_leave() -> None:
    _, by_a = forecast_levels(CALLS)
    assert by_a.method is ForecastMethod.ERLANG_A
    assert f"{by_a.level:.2%}" == "82.56%"


@pytest.mark.parametrize(
    ("load", "missing"),
    [
        (CALLS._replace(agents=0), NoFigure.NO_AGENTS),
        (CALLS._replace(handled=9), NoFigure.NO_HANDLING_TIME),
        (CALLS._replace(handled_ms=0), NoFigure.NO_HANDLING_TIME),
        (CALLS._replace(within_ms=None), NoFigure.NO_SINGLE_LIMIT),
        (CALLS._replace(arrived=9), NoFigure.TOO_FEW_ARRIVED),
    ],
)
def test_without_what_both_need_neither_says_anything(load: Load, missing: NoFigure) -> None:
    assert [(one.level, one.missing) for one in forecast_levels(load)] == [(None, missing), (None, missing)]


@pytest.mark.parametrize("load", [CALLS._replace(left=9), CALLS._replace(waited_ms=0)])
def test_nobody_knows_how_patient_customers_are_of_whom_too_few_left(load: Load) -> None:
    by_c, by_a = forecast_levels(load)
    assert by_c.level is not None
    assert (by_a.level, by_a.missing) == (None, NoFigure.TOO_FEW_LEFT)


def test_a_line_that_grows_for_ever_has_a_forecast_only_if_somebody_leaves() -> None:
    by_c, by_a = forecast_levels(CALLS._replace(agents=10))
    assert (by_c.level, by_c.missing) == (None, NoFigure.QUEUE_GROWS)
    assert by_a.level is not None


def test_more_agents_than_any_line_has_are_as_good_as_the_most() -> None:
    by_c, by_a = forecast_levels(CALLS._replace(agents=1_000_000))
    assert (by_c.level, by_a.level) == (1.0, 1.0)
