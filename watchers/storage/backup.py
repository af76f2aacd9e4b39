"""Backups: every row as a line of JSON, compressed; the same file restores into SQLite and PostgreSQL.

    one consistent read ─write_backup→ header line, then [table, row] lines ─restore→ an empty database

The header names the schema; a backup of an older schema restores into that schema and is upgraded afterwards.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from watchers.errors import CannotRun, ConfigError
from watchers.storage import migrate
from watchers.storage.database import Database
from watchers.storage.schema import Moment, metadata

FORMAT = "wiredesk-backup-1"
BATCH = 500


def write_backup(database: Database, folder: Path, now: datetime) -> Path:
    """Write a backup into `folder`; returns its path. It appears under its name only when it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"wiredesk-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.jsonl.gz"
    unfinished = path.with_suffix(".part")
    with database.reading() as connection, gzip.open(unfinished, "wt", encoding="utf-8") as file:
        header = {"format": FORMAT, "schema": migrate.current(connection), "made_at": now.isoformat()}
        file.write(json.dumps(header) + "\n")
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                file.write(json.dumps([table.name, _plain(dict(row))], ensure_ascii=False) + "\n")
    unfinished.rename(path)
    return path


def prune(folder: Path, keep: int) -> None:
    """Keep the newest backups only."""
    for path in sorted(folder.glob("wiredesk-*.jsonl.gz"))[:-keep]:
        path.unlink()


def restore(database: Database, path: Path) -> int:
    """Fill an empty database from a backup. Returns the number of rows.

    Raises:
        ConfigError: the file is no backup.
        CannotRun: the database is not empty, or the backup is of a newer Wiredesk.
    """
    lines = _lines(path)
    try:
        header = next(lines)
    except (StopIteration, ValueError, OSError, EOFError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ConfigError(f"{path}: not a backup of Wiredesk: name a file from the backups folder")
    if header["schema"] != migrate.head():
        raise CannotRun(f"{path}: a backup of schema {header['schema']}: restore it with the Wiredesk that made it")
    with database.reading() as connection:
        if migrate.current(connection) is not None and not _is_empty(connection):
            raise CannotRun("the database is not empty: restore into a new one (set WIREDESK_DATA or the database URL)")
    migrate.upgrade(database)
    with database.writing() as connection:
        count = _insert(connection, lines)
        _restart_sequences(connection)
    return count


def _insert(connection: Connection, lines: Iterator[Any]) -> int:
    count, table, rows = 0, None, []
    for name, row in lines:
        if table is None or table.name != name or len(rows) >= BATCH:
            if table is not None and rows:
                connection.execute(insert(table), rows)
            table, rows = metadata.tables[name], []
        rows.append(_typed(table, row))
        count += 1
    if table is not None and rows:
        connection.execute(insert(table), rows)
    return count


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables
    )


def _restart_sequences(connection: Connection) -> None:
    """PostgreSQL's sequences know nothing of rows that brought their own ids."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own table names
                    f"GREATEST((SELECT MAX(id) FROM {table.name}), 1))"
                )
            )


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: datetime.fromisoformat(value) if value is not None and isinstance(table.c[key].type, Moment) else value
        for key, value in row.items()
    }
