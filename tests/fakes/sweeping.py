"""Empties a PostgreSQL database so that the next test finds its tables like new ones.

It takes a third of the time of TRUNCATE, which makes the files of every table anew, those never written to as well.
What was deleted is vacuumed away: else rows would come in another order than they were written in.
"""

from typing import Final, Self

from sqlalchemy import URL, create_engine

from watchers.storage.location import connecting

_WRITTEN_TO: Final = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
        AND relname <> 'alembic_version'
"""
_RESTART: Final = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


class Sweeping:
    """`with Sweeping(url) as sweeping: sweeping.sweep()`, on one connection."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(**connecting(url), isolation_level="AUTOCOMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def sweep(self) -> None:
        """Remove every row; the next ids are 1."""
        with self._engine.connect() as connection:
            tables = [f'"{name}"' for (name,) in connection.exec_driver_sql(_WRITTEN_TO)]
            if tables:
                # Whatever refers to a row goes with it: nothing has to be looked after.
                delete = " ".join(f"DELETE FROM {table};" for table in tables)
                connection.exec_driver_sql(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {delete} END $$")
                connection.exec_driver_sql(f"VACUUM (INDEX_CLEANUP ON, SKIP_DATABASE_STATS) {', '.join(tables)}")
            connection.exec_driver_sql(_RESTART)
