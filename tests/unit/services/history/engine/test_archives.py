"""
Where a table is cut into files, and which archives fit a database.
"""

from typing import Any

import pytest

from services.history.engine import ARCHIVED, Manifest, NotTaken, cuts_sql, parts_of, why_file_not_taken, why_not_taken


def manifest(**changes: Any) -> Manifest:  # noqa: ANN401  (fields of any type)
    columns = {"events": ARCHIVED["events"].described[:5]}
    fields = {"kind": "sqm-history", "made_at": 1, "product": "9.9", "schema_edition": 4, "tables": columns}
    return Manifest(**{**fields, "from_ms": None, "until_ms": None, "pieces": (), **changes})


@pytest.mark.parametrize(
    ("changes", "why", "fix"),
    [
        ({"schema_edition": 6}, NotTaken.NEWER_EDITION, "run `sqm history migrate` of that version"),
        ({"tables": {"evens": ()}}, NotTaken.UNKNOWN_TABLE, "name others by --table"),
        ({"tables": {"events": ("id UInt8",)}}, NotTaken.OTHER_COLUMNS, "take it with the version that made it (9.9)"),
    ],
)
def test_an_archive_that_does_not_fit_is_named_with_the_fix(changes: dict[str, Any], why: NotTaken, fix: str) -> None:
    found = why_not_taken(manifest(**changes), 5)
    assert found is not None
    assert found[0] is why
    assert fix in found[1]


COLUMNS = ("at DateTime64(3, 'UTC')", "site LowCardinality(Nullable(String))", "revision UInt128")
IN_FILE = {"at": "Nullable(DateTime64(3, 'UTC'))", "site": "String", "revision": "FixedString(16)"}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"at": "Int64"}, "x.parquet: column 'at' is Int64 and should be DateTime64(3, 'UTC'), so nothing was taken: "),
        ({"site": "Array(Tuple(\n    a String))"}, "column 'site' is Array(Tuple( a String)) and should be LowCard"),
        ({"site": None}, "has no column 'site', so"),
        ({"shoe": "UInt8"}, "has a column 'shoe' that the manifest does not list, so"),
    ],
)
def test_a_file_with_other_columns_than_its_manifest_says_is_named_with_the_column(
    found: dict[str, str | None], said: str
) -> None:
    has = {name: kind for name, kind in {**IN_FILE, **found}.items() if kind is not None}
    why = why_file_not_taken("x.parquet", COLUMNS, has)
    assert why is not None
    assert (why[0], said in why[1]) == (NotTaken.FILE_COLUMNS, True)
    assert why_file_not_taken("x.parquet", COLUMNS, IN_FILE) is None


def test_an_archive_of_an_earlier_edition_with_fewer_columns_fits() -> None:
    assert why_not_taken(manifest(), 5) is None


def test_parts_lie_between_the_cuts_and_within_the_period() -> None:
    table = ARCHIVED["events"]
    sql, parameters = cuts_sql(table, 5, None, 100)
    assert "occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')" in sql
    assert parameters == {"from_ms": 5, "rows": 100}
    cuts = [{"source": "/a", "id": "7"}, {"source": "/b", "id": "1"}]
    first, middle, last = parts_of(table, None, 9, cuts)
    assert first.parameters == {"until_ms": 9, "z0": "/a", "z1": "7"}
    assert "(source < {z0:String} OR (source = {z0:String} AND id < {z1:String}))" in first.rows_sql
    assert middle.parameters == {"until_ms": 9, "a0": "/a", "a1": "7", "z0": "/b", "z1": "1"}
    assert "(source > {a0:String} OR (source = {a0:String} AND id >= {a1:String}))" in last.count_sql
    (whole,) = parts_of(table, None, None, [])
    assert whole.count_sql == "SELECT count() AS n FROM events FINAL WHERE 1"
