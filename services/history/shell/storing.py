"""
Stores one batch of one topic, and finds the records that cannot be stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.history.engine import ENVELOPE, Copy, Misfit, encode, token_of
from services.runtime.clickhouse import Arriving, Database, Insert
from services.runtime.errors import Rejected
from services.runtime.kafka import Record

__all__ = ["Refused", "store"]

_PLACE: Final = "arriving_partition AS p, arriving_offset AS o"


class Refused(NamedTuple):
    """
    A record that history cannot store, and why.
    """

    record: Record
    why: Misfit
    detail: str


def store(database: Database, copy: Copy, records: Sequence[Record]) -> list[Refused]:
    """
    Put the records of one topic on disk, all that fit, and return the others.

    The good case is one insert. Where it is rejected, ClickHouse is asked which records do not fit, and the rest goes
    in; where that is rejected too, the batch is halved until the culprit stands alone. Transient and Misconfigured
    errors pass through: then nothing of the batch counts as stored.
    """
    try:
        _insert(database, copy, records, ())
    except Rejected as error:
        return _store_what_fits(database, copy, records, error)
    return []


def _store_what_fits(database: Database, copy: Copy, records: Sequence[Record], first: Rejected) -> list[Refused]:
    misfits = _misfits(database, copy, records)
    refused = [
        Refused(record, *misfits[record.partition, record.offset])
        for record in records
        if (record.partition, record.offset) in misfits
    ]
    rest = [record for record in records if (record.partition, record.offset) not in misfits]
    if not rest:
        return refused
    if not misfits:
        return refused + _halve(database, copy, rest, first)
    try:
        _insert(database, copy, rest, misfits)
    except Rejected as error:
        return refused + _halve(database, copy, rest, error)
    return refused


def _halve(database: Database, copy: Copy, records: Sequence[Record], error: Rejected) -> list[Refused]:
    if len(records) == 1:
        return [Refused(records[0], Misfit.NOT_STORABLE, f"{copy.table.name} does not take it ({error.reason})")]
    refused: list[Refused] = []
    middle = len(records) // 2
    for half in (records[:middle], records[middle:]):
        try:
            _insert(database, copy, half, ())
        except Rejected as again:
            refused += _halve(database, copy, half, again)
    return refused


def _insert(
    database: Database, copy: Copy, records: Sequence[Record], left_out: Mapping[tuple[int, int], Any] | tuple[()]
) -> None:
    insert = Insert(copy.table.name, copy.columns, copy.expressions, copy.parsed)
    token = token_of(copy.table.topic, records, left_out)
    database.insert(insert, Arriving(ENVELOPE, encode(records)), token)


def _misfits(database: Database, copy: Copy, records: Sequence[Record]) -> dict[tuple[int, int], tuple[Misfit, str]]:
    if not copy.fits:
        return {}
    select = f"{_PLACE}, {copy.parsed}, {copy.why_not} AS why"
    rows = database.look_at(select, Arriving(ENVELOPE, encode(records)), f"NOT ({copy.fits})")
    return {(int(row["p"]), int(row["o"])): (Misfit(row["why"]), _SAID[Misfit(row["why"])]) for row in rows}


_SAID: Final = {
    Misfit.NOT_JSON: "the value is not one JSON document in UTF-8",
    Misfit.FIELD_MISSING: "a field that every message of this topic has is missing or of another type",
}
