"""Backups: every row as a line of JSON, compressed; the same file restores into SQLite and PostgreSQL.

    one consistent read ─write_backup→ header, [table, row] lines, {"rows": counts} ─restore→ an empty database

The tables are those that the database itself has, so that one of an older schema can be saved before it is upgraded.
Its backup restores into that older schema, and is upgraded afterwards. The last line counts each table's rows: a file
that was cut between two lines lacks it, or some of them.
"""

import gzip
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any, Final

import structlog
from sqlalchemy import Column, Connection, DateTime, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError

from watchers.errors import CannotRun, ConfigError
from watchers.storage import migrate
from watchers.storage.complaints import rejected
from watchers.storage.database import Database

log = structlog.get_logger(__name__)

FORMAT: Final = "wiredesk-backup-2"
WITHOUT_COUNTS: Final = "wiredesk-backup-1"  # as it was before there was a last line
BATCH: Final = 500
_COUNTS: Final = "rows"
PATTERN: Final = "wiredesk-*.jsonl.gz"
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError, ValueError, TypeError, KeyError, AttributeError)


def write_backup(database: Database, folder: Path, now: datetime, *, stop: Event | None = None) -> Path:
    """Write a backup into `folder`; returns its path. It appears under its name only when it is whole and on the disk.

    Raises:
        CannotRun: it can't be written, or was broken off by `stop`.
    """
    path = folder / f"wiredesk-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.jsonl.gz"
    unfinished = path.with_suffix(f".{token_hex(4)}.part")  # another one of the same second has its own
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as raw:
            with database.reading() as connection, gzip.open(raw, "wt", encoding="utf-8", newline="\n") as file:
                for line in _told(connection, now):
                    if stop is not None and stop.is_set():
                        raise CannotRun(f"{path}: the backup was broken off")
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(path)
    except OSError as error:
        raise CannotRun(
            f"{path}: the backup can't be written ({error.strerror}): see to its folder and the disk"
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return path


def newest(folder: Path) -> Path | None:
    """The newest backup in a folder."""
    return max(folder.glob(PATTERN), default=None)


def prune(folder: Path, keep: int) -> None:
    """Keep the newest backups only."""
    for path in sorted(folder.glob(PATTERN))[:-keep]:
        path.unlink()


def restore(database: Database, path: Path) -> int:
    """Fill an empty database from a backup. Returns the number of rows; where it fails, the database stays empty.

    Raises:
        ConfigError: the file is no backup.
        CannotRun: the database is not empty, or the backup is damaged, or of a newer Wiredesk.
    """
    lines = _lines(path)
    form, schema = _header(lines, path)
    with database.reading() as connection:
        if not _is_empty(connection):
            raise CannotRun("the database is not empty: restore into a new one (set WIREDESK_DATA or the database URL)")
    migrate.upgrade(database, to=schema)
    with database.writing() as connection:
        tables = _tables(connection)
        try:
            counts, told = _insert(connection, tables, lines)
        except (DBAPIError, *_DAMAGE) as error:
            if isinstance(error, DBAPIError) and not rejected(error):
                raise
            raise CannotRun(f"{path}: the backup is damaged: restore another one") from error
        if form == FORMAT and counts != told:
            raise CannotRun(f"{path}: the backup is not whole ({_lack(counts, told)}): restore another one")
        _restart_sequences(connection, tables)
    migrate.upgrade(database)
    count = counts.total()
    if form == WITHOUT_COUNTS:
        log.warning("an older backup, which doesn't say how many rows it had: see that nothing is missing", rows=count)
    return count


def _told(connection: Connection, now: datetime) -> Iterator[object]:
    """The lines of a backup."""
    yield {"format": FORMAT, "schema": migrate.current(connection), "made_at": now.astimezone(UTC).isoformat()}
    counts: Counter[str] = Counter()
    for table in _tables(connection):
        # A row comes after the row of its own table that it points at: a digest before its members.
        pointing = [column.is_not(None) for column in _pointing_inward(table)]
        rows = select(table).order_by(*pointing, *table.primary_key.columns)
        for row in connection.execute(rows, execution_options={"yield_per": BATCH}).mappings():
            counts[table.name] += 1
            yield [table.name, {key: _plain(value) for key, value in row.items()}]
    yield {_COUNTS: counts}


def _header(lines: Iterator[Any], path: Path) -> tuple[str, str]:
    """The backup's form and its schema."""
    form = schema = None
    try:
        header = next(lines)
        form = header["format"]
        schema = header["schema"] if form in {FORMAT, WITHOUT_COUNTS} else None
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file: name a file from the backups folder") from None
    except (StopIteration, OSError, *_DAMAGE):
        schema = None
    if not isinstance(schema, str):
        raise ConfigError(f"{path}: not a backup of Wiredesk: name a file from the backups folder")
    if schema not in migrate.known():
        raise CannotRun(f"{path}: a backup of a newer Wiredesk (schema {schema}): update the program")
    return str(form), schema


def _insert(
    connection: Connection, tables: list[Table], lines: Iterator[Any]
) -> tuple[Counter[str], Mapping[str, int] | None]:
    """Insert every row. Returns how many each table got, and how many the last line says; None: it isn't there."""
    named = {table.name: table for table in tables}
    aware = connection.dialect.name != "sqlite"
    counts: Counter[str] = Counter()
    last: list[Any] = []
    for name, group in groupby(_before_last(lines, last), key=itemgetter(0)):
        table = named[name]
        moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]
        rows = (_typed(row, moments, aware=aware) for _, row in group)
        while batch := list(islice(rows, BATCH)):
            connection.execute(insert(table), batch)
            counts[name] += len(batch)
    return counts, last[0] if last else None


def _before_last(lines: Iterator[Any], last: list[Any]) -> Iterator[Any]:
    """The lines of rows. What the line of counts says, with which a file ends, is added to `last`."""
    for line in lines:
        if last:
            raise ValueError("a line after the last one")
        if isinstance(line, dict):
            last.append(dict(line[_COUNTS]))
        else:
            yield line


def _lack(counts: Mapping[str, int], told: Mapping[str, int] | None) -> str:
    if told is None:
        return f"its end is missing: it breaks off after {sum(counts.values())} rows"
    return f"{sum(counts.values())} of {sum(told.values())} rows"


def _tables(connection: Connection) -> list[Table]:
    """The tables that the database has, each after those that it points at."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != migrate.TABLE]


def _pointing_inward(table: Table) -> list[Column[Any]]:
    return [key.parent for key in table.foreign_keys if key.column.table is table]


def _is_empty(connection: Connection) -> bool:
    return not any(connection.execute(select(table).limit(1)).first() for table in _tables(connection))


def _restart_sequences(connection: Connection, tables: list[Table]) -> None:
    """PostgreSQL's sequences know nothing of rows that brought their own ids."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own table names
                    f"COALESCE((SELECT MAX(id) FROM {table.name}), 1), EXISTS (SELECT 1 FROM {table.name}))"
                )
            )


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _plain(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    # SQLite has no zones: its times are UTC.
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def _typed(row: dict[str, Any], moments: list[str], *, aware: bool) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(value) for name in moments if (value := row[name]) is not None}
    return row | {name: time if aware else time.replace(tzinfo=None) for name, time in times.items()}
