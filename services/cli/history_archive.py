"""
`sqm history export` and `sqm history import`: history in Parquet files, which ClickHouse itself writes and reads.

An archive is a folder with a manifest. It gets its name only when it is whole; until then it is called `….partial`.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from pydantic import ValidationError

from services.cli.examples import examples
from services.cli.history_door import Door, RunningHistory, history_settings, open_door
from services.cli.history_options import Url, chosen, read_span
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured, Overloaded, Rejected
from services.runtime.version import product_version

if TYPE_CHECKING:
    from services.history.engine import Archived, Manifest, Part, Piece
    from services.runtime.clickhouse import Database

app = typer.Typer(add_completion=False)

__all__ = ["app"]

_T = TypeVar("_T")
_MANIFEST: Final = "manifest.json"
_ROWS: Final = 200_000
"""Of one file: what a question and its answer have room for in memory."""
_ROWS_OF_A_SERVICE: Final = 20_000
_TRIES: Final = 5

Tables = Annotated[str, typer.Option("--table", help="Only these tables, comma-separated; by default all.")]


@app.command(
    "export",
    epilog=examples(
        "sqm history export backup-2026-03-01",
        "sqm history export march --table measurements,attainment --from 2026-03-01T00:00:00Z "
        "--until 2026-04-01T00:00:00Z",
    ),
)
def export(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not be there yet.")],
    *,
    table: Tables = "",
    since: Annotated[str | None, typer.Option("--from", help="Rows of this instant or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Rows of before this instant.")] = None,
    url: Url = None,
) -> None:
    """
    Write history into Parquet files with a manifest, each row once, as it stands: a backup, or data for other programs.

    The instant of a row is that of the event, the arrival, the minute or the act; `sqm history import` takes it back.
    """
    from services.history.engine import ARCHIVED  # noqa: PLC0415  (help must be quick)

    names = chosen(table, list(ARCHIVED), "--table") or list(ARCHIVED)
    from_ms, until_ms = read_span(since, until)
    with _whole_at_once(folder) as partial, open_door(url) as door:
        manifest = _export(door, [ARCHIVED[name] for name in names], (from_ms, until_ms), partial)
        _to_disk(partial / _MANIFEST, manifest.model_dump_json(indent=2).encode() + b"\n")
    rows, size = sum(one.rows for one in manifest.pieces), sum(one.bytes for one in manifest.pieces)
    _say(f"{folder}: {rows:,} rows in {len(manifest.pieces)} files, {size / 1e6:,.1f} MB")


@app.command("import", epilog=examples("sqm history import backup-2026-03-01"))
def import_(
    folder: Annotated[Path, typer.Argument(help="Folder that `sqm history export` made.")],
    *,
    table: Tables = "",
) -> None:
    """
    Take an archive into the database of the settings; tables are made where they are missing.

    What is there already is replaced by itself, so that nothing counts twice, however often it is run. A service that
    has the folder of the embedded engine open must be stopped first; a server takes it while services run.
    """
    from services.history.shell.migrating import migrate, read_migrations  # noqa: PLC0415  (help must be quick)
    from services.runtime.clickhouse import open_database  # noqa: PLC0415  (as above)

    manifest = _read(folder)
    names = chosen(table, list(manifest.tables), "--table") or list(manifest.tables)
    wanted = [one for one in manifest.pieces if one.table in names]
    written = read_migrations()
    _require_fit(folder, manifest, max(one.number for one in written))
    _require_listed(folder, manifest.pieces)
    _require_whole(folder, wanted)
    settings = history_settings()
    database = open_database(settings.clickhouse)
    try:
        for piece in _told(wanted, "files looked into"):
            _require_columns(folder / piece.file, manifest.tables[piece.table], database)
        migrate(database, written, settings.history_keep_days)
        for piece in _told(wanted, "taken"):
            database.insert_file(piece.table, manifest.tables[piece.table], folder / piece.file, piece.sha256)
    finally:
        database.close()
    for name in names:
        _say(f"{name}: {sum(one.rows for one in wanted if one.table == name):,} rows")


@contextmanager
def _whole_at_once(folder: Path) -> Iterator[Path]:
    """
    Give the folder to write into, empty and for nobody else, and call it as it shall be called once all is there.
    """
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        if not folder.exists():
            partial.mkdir(parents=True, exist_ok=True)
            with _held(partial):
                for left in partial.iterdir():
                    left.unlink()
                yield partial
                partial.rename(folder)
            return
    except OSError as error:
        raise Misconfigured(f"{error.filename or partial}: cannot be written: {error.strerror}") from error
    raise Misconfigured(f"{folder}: is there already, and nothing is overwritten; name another folder, or remove it")


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Misconfigured(f"{folder}: another export writes it; let it end, or name another folder") from error
    finally:
        os.close(held)


def _to_disk(file: Path, data: bytes) -> None:
    with file.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _export(
    door: Door, tables: Sequence["Archived"], period: tuple[int | None, int | None], folder: Path
) -> "Manifest":
    from services.history.engine import Manifest, cuts_sql, parts_of  # noqa: PLC0415  (help must be quick)
    from services.history.shell.migrating import edition_of  # noqa: PLC0415  (as above)

    edition = edition_of(door)
    rows = min(_ROWS_OF_A_SERVICE, door.most_rows() - 1) if isinstance(door, RunningHistory) else _ROWS
    pieces: list[Piece] = []
    for table in tables:
        parts = parts_of(table, *period, door.rows(*cuts_sql(table, *period, rows)))
        for number, part in enumerate(_told(parts, f"parts of {table.name}")):
            piece = _write(door, part, table.name, folder / f"{table.name}.{number:05}.parquet")
            pieces.append(piece)
    return Manifest(
        kind="sqm-history",
        made_at=SystemClock().now_ms(),
        product=product_version(),
        schema_edition=edition,
        from_ms=period[0],
        until_ms=period[1],
        tables={table.name: table.described for table in tables},
        pieces=tuple(pieces),
    )


def _write(door: Door, part: "Part", table: str, file: Path) -> "Piece":
    """
    Write one file and count its rows; what is written to meanwhile is read again, so that the count is that of the
    file.
    """
    from services.history.engine import Piece  # noqa: PLC0415  (help must be quick)

    def count() -> int:
        return int(door.rows(part.count_sql, part.parameters)[0]["n"])

    rows = count()
    for _ in range(_TRIES):
        data = door.answer(part.rows_sql, part.parameters, "Parquet")
        before, rows = rows, count()
        if rows == before:
            break
    else:
        raise Overloaded(
            f"{table} is written to faster than it can be read; export a period that is over (--until), "
            "or stop the service meanwhile"
        )
    _to_disk(file, data)
    return Piece(file=file.name, table=table, rows=rows, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _read(folder: Path) -> "Manifest":
    from services.history.engine import Manifest  # noqa: PLC0415  (help must be quick)

    try:
        return Manifest.model_validate_json((folder / _MANIFEST).read_bytes())
    except OSError as error:
        raise Rejected(
            "no_archive", f"{folder / _MANIFEST}: {error.strerror}; name a folder that `sqm history export` made"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Rejected(
            "no_archive", f"{folder / _MANIFEST}: {place}: {first['msg']}; it was altered, or made by another version"
        ) from error


def _require_listed(folder: Path, pieces: Sequence["Piece"]) -> None:
    """
    What lies there and would be left out is told before anything is taken, for somebody may count on it.
    """
    from services.history.engine import NotTaken  # noqa: PLC0415  (help must be quick)

    listed = {piece.file for piece in pieces}
    for file in sorted(folder.glob("*.parquet")):
        if file.name not in listed:
            raise Rejected(
                NotTaken.FILE_NOT_LISTED,
                f"{file}: {folder / _MANIFEST} does not list it, so it would be left out: copy the archive again, or "
                "move the file away if it belongs to another",
            )


def _require_columns(file: Path, columns: Sequence[str], database: "Database") -> None:
    from services.history.engine import NotTaken, why_file_not_taken  # noqa: PLC0415  (help must be quick)
    from services.runtime.clickhouse import columns_sql  # noqa: PLC0415  (as above)

    try:
        found = {row["name"]: row["type"] for row in database.rows(columns_sql(file))}
    except Rejected as error:
        raise Rejected(
            NotTaken.FILE_COLUMNS, f"{file}: cannot be read as Parquet, so nothing was taken: export again ({error})"
        ) from error
    why = why_file_not_taken(str(file), columns, found)
    if why is not None:
        raise Rejected(*why)


def _require_whole(folder: Path, pieces: Sequence["Piece"]) -> None:
    """
    Every file must be there as it was written, before a row of any is taken.
    """
    for piece in _told(pieces, "files checked"):
        file = folder / piece.file
        try:
            with file.open("rb") as data:
                found = hashlib.file_digest(data, "sha256").hexdigest()
        except OSError as error:
            raise Rejected("file_missing", f"{file}: {error.strerror}; copy the archive again") from error
        if found != piece.sha256:
            raise Rejected("file_damaged", f"{file}: is not what the manifest says was written; copy the archive again")


def _require_fit(folder: Path, manifest: "Manifest", edition: int) -> None:
    from services.history.engine import why_not_taken  # noqa: PLC0415  (help must be quick)

    why = why_not_taken(manifest, edition)
    if why is not None:
        raise Rejected(why[0], f"{folder}: {why[1]}")


def _told(many: Sequence[_T], what: str) -> Iterator[_T]:
    """
    Go through them, and say now and then how far it is.
    """
    clock = SystemClock()
    said = clock.monotonic_ms()
    for number, one in enumerate(many):
        yield one
        if clock.monotonic_ms() - said >= 5_000:  # noqa: PLR2004  (milliseconds)
            said = clock.monotonic_ms()
            sys.stderr.write(f"{number + 1} of {len(many)} {what}\n")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
