"""
Talks to ClickHouse: a server by its URL, or the same engine inside this process with its data in a folder (chDB).

Both are a `Database`; what is written for one runs on the other.
"""

from services.runtime.clickhouse.database import Arriving, Database, Form, Insert, Limits
from services.runtime.clickhouse.faults import translated
from services.runtime.clickhouse.opening import open_database, open_reader
from services.runtime.clickhouse.parquet import columns_sql, write_parquet
from services.runtime.clickhouse.settings import ClickHouseSettings

__all__ = [
    "Arriving",
    "ClickHouseSettings",
    "Database",
    "Form",
    "Insert",
    "Limits",
    "columns_sql",
    "open_database",
    "open_reader",
    "translated",
    "write_parquet",
]
