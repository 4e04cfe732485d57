"""
The views of ClickHouse: what makes them work under one name of a database must not fail under another.
"""

import re
from pathlib import Path

import pytest

from tests.project import PROJECT

FILES = sorted((PROJECT / "schemas" / "clickhouse").glob("*.sql"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_alias_of_a_table_is_a_single_letter_that_may_be_the_name_of_a_database(file: Path) -> None:
    """ClickHouse writes the database before each table of a view, and takes it for the alias of that name."""
    assert re.findall(r"(?:FROM|JOIN) \S+ AS ([a-z])\b|\b([a-z])\.[a-z]", file.read_text("utf-8")) == []
