"""
A queue, a team or a source may be called anything: a dashboard finds it, and shows what it would show by another name.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.asking import Span, expanded
from dashboards.choices import chosen, chosen_one
from dashboards.figures import standing
from schemas.base import PRINTABLE
from schemas.tables import TABLES
from services.runtime.clickhouse import Database
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.prometheus_past import Past
from tests.fakes.shown_dashboards import look
from tests.season import SEASON, Seeded

STRANGE = {
    "queue": {"counter": "it's \"no. 1\" \\ 50% off {a,b} & $region = ņ'); --"},
    "team": {"branch-07-counter": "\\'", "branch-07-advice": "${__value.raw} \\"},
    "source": {"/demo/branch-07/tickets": "/demo/branch-07/tickets\\', 1=1) OR ('' = '"},
}
"""What some are called in a second history, by the columns that hold the name."""
NAMES = {usual: strange for names in STRANGE.values() for usual, strange in names.items()}
ASKED = [
    ("operations", {"queue": "counter"}),
    ("standard", {"queue": "counter", "standard": "counter-wait"}),
    ("complaints", {"queue": "counter"}),
    ("team", {"team": "branch-07-counter", "standard": "counter-wait"}),
    ("quality", {"source": "/demo/branch-07/tickets"}),
]
NOON = SEASON.begins_at + 12 * 3_600_000
"""The present of those who look at what is live: at night nobody waits."""
SPAN = Span(SEASON.begins_at, SEASON.ends_at)


def literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def renamed(column: str) -> str:
    names = STRANGE[column]
    usual, strange = (f"[{', '.join(map(literal, some))}]" for some in (names, names.values()))
    return f"if({column} IS NULL, NULL, transform({column}, {usual}, {strange}, assumeNotNull({column}))) AS {column}"


@pytest.fixture(scope="module")
def elsewhere(season: Seeded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """
    The same season where some have strange names.
    """
    for database in opened(settings_for("folder", tmp_path_factory.getbasetemp()), keep_days=FOR_EVER):
        for table in TABLES:
            kept = ", ".join(one.name for one in table.all_columns if one not in table.computed)
            changed = ", ".join(renamed(one.name) for one in table.columns if one.name in STRANGE)
            database.command(
                f"INSERT INTO {table.name} ({kept}) SELECT {kept} FROM "
                f"(SELECT *{f' REPLACE ({changed})' if changed else ''} FROM {season.settings.database}.{table.name})"
            )
        yield database


def usual(rows: Sequence[dict[str, Any]]) -> list[str]:
    # Sums of floats differ in the last digits by the order in which rows are read.
    rounded = [{k: float(f"{v:.9g}") if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    text = json.dumps(rounded, ensure_ascii=False)
    for one, strange in NAMES.items():
        text = text.replace(json.dumps(strange, ensure_ascii=False), json.dumps(one))
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(text))


@pytest.mark.parametrize(("name", "choices"), ASKED, ids=[name for name, _ in ASKED])
def test_a_strange_name_shows_what_a_usual_one_does(
    name: str, choices: dict[str, str], season: Seeded, elsewhere: Database, past_of_season: Past
) -> None:
    here, there = (
        look(name, database, past_of_season, SEASON.begins_at, NOON if name == "operations" else SEASON.ends_at)
        for database in (season.database, elsewhere)
    )
    strange = {variable: NAMES.get(value, value) for variable, value in choices.items()}
    assert all(value in there.options[variable] for variable, value in strange.items())
    found = of_nobody = 0
    for panel in (one for one in here.dashboard["panels"] if one["type"] not in {"row", "text"}):
        shown = usual(there.choosing(**strange).panel(panel))
        if any("rawSql" in target for target in panel["targets"]):
            assert shown == usual(here.choosing(**choices).panel(panel)), panel["title"]
            found += len(shown)
            of_nobody += len(here.choosing(**choices | dict.fromkeys(choices.keys() & STRANGE, "x")).panel(panel))
    assert found > of_nobody


@given(st.lists(st.from_regex(PRINTABLE).filter(lambda one: "$__" not in one), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_chosen_reaches_the_database_as_it_is(season: Seeded, names: list[str]) -> None:
    sql = f"SELECT {chosen('queue')} AS several, {chosen_one('team')} AS single"
    asked = expanded(sql, SPAN, {"queue": names, "team": names[:1]}, {})
    assert season.database.rows(asked) == [{"several": names, "single": names[0]}]


def test_a_choice_is_found_by_the_index(season: Seeded) -> None:
    where = expanded(standing("site"), SPAN, {"site": ["branch-07", "a\\'b"]}, {})
    plan = season.database.rows(f"EXPLAIN indexes = 1 SELECT count() FROM measurements WHERE {where}")
    assert "site in 2-element set" in "".join(row["explain"] for row in plan)


def test_who_has_no_queue_is_found_too(season: Seeded) -> None:
    where = expanded(standing("queue"), SPAN, {"queue": ["\t"]}, {})
    (row,) = season.database.rows(f"SELECT count() AS n, countIf(queue IS NULL) AS none FROM events WHERE {where}")
    assert row["n"] == row["none"] > 0
