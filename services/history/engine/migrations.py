"""
Decides which numbered DDL files are still to be applied, and refuses a history that was changed.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

__all__ = ["Altered", "Migration", "read_migration", "statements", "to_apply"]

_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_END: Final = re.compile(r";[ \t]*(?:\n|$)")
_COMMENT: Final = re.compile(r"^[ \t]*--[^\n]*\n?", re.MULTILINE)


class Migration(NamedTuple):
    """
    One numbered file of DDL.
    """

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """
        Digest of the statements; comments may change.
        """
        return hashlib.sha256("\n;\n".join(statements(self)).encode()).hexdigest()


class Altered(NamedTuple):
    """
    A history that cannot be continued, and why.
    """

    why: str


def read_migration(file_name: str, sql: str) -> Migration | Altered:
    """
    Take one file by its name, `0001_what_it_does.sql`.
    """
    match = _NAME.fullmatch(file_name)
    if match is None:
        return Altered(f"{file_name}: a migration is called like 0001_what_it_does.sql")
    return Migration(int(match[1]), file_name, sql)


def statements(migration: Migration) -> list[str]:
    """
    Split a file into its statements: each ends with a semicolon at the end of a line.
    """
    text = _COMMENT.sub("", migration.sql)
    return [part.strip() for part in _END.split(text) if part.strip()]


def to_apply(written: Iterable[Migration], applied: Mapping[int, str]) -> list[Migration] | Altered:
    """
    Return what is still to be applied, in order; `applied` maps numbers to checksums.

    Numbers run from 1 without a gap; what was applied must still be there, unchanged.
    """
    ordered = sorted(written)
    numbers = [migration.number for migration in ordered]
    if numbers != list(range(1, len(ordered) + 1)):
        return Altered(f"migrations must be numbered 1, 2, 3 … without gap or repeat, not {numbers[:20]}")
    unknown = sorted(set(applied) - set(numbers))
    if unknown:
        return Altered(
            f"the database has migration {unknown[0]:04d}, which this version does not know; "
            "it was made by a newer version, run that one"
        )
    for migration in ordered:
        checksum = applied.get(migration.number)
        if checksum is not None and checksum != migration.checksum:
            return Altered(
                f"{migration.name}: was changed after it had been applied; restore it, "
                "and put the change into a new file"
            )
    return [migration for migration in ordered if migration.number not in applied]
