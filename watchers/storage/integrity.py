"""Whether what the database holds can still be read. SQLite checks itself; PostgreSQL's server keeps watch itself."""

from sqlalchemy import Connection, text

from watchers.storage.complaints import DamagedDatabase
from watchers.storage.database import Database


def refuse_damage(database: Database) -> None:
    """Read every page of a SQLite database once; some seconds a gigabyte.

    Raises:
        DamagedDatabase: it is not whole.
    """
    if not database.is_sqlite:
        return
    with database.reading() as connection:
        first = _first_complaint(connection)
    if first is not None:
        raise DamagedDatabase(f"the database is damaged ({first})")


def _first_complaint(connection: Connection) -> str | None:
    said = str(connection.execute(text("PRAGMA quick_check(1)")).scalar())
    return None if said == "ok" else " ".join(said.split())
