"""Where the database is, and how it is reached.

    what was configured ─database_url→ URL of a driver that we ship ─connecting→ what a PostgreSQL engine is made with
                                                                    └place_of→ how a log names it

A URL of PostgreSQL is read as libpq reads it: `host` may be the folder of a socket, and `sslmode` is kept to.
"""

import ssl
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from watchers.errors import ConfigError

_SHAPE: Final = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
_TLS: Final = ("sslmode", "sslrootcert")
_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_WITHOUT_EFFECT: Final = ("application_name", "channel_binding", "connect_timeout", "gssencmode")
_KNOWN: Final = frozenset({"host", "port", "unix_sock", *_TLS})


def database_url(configured: str, data: Path) -> URL:
    """The SQLAlchemy URL to open: the configured one with the drivers we ship, or SQLite in `data`.

    Raises:
        ConfigError: it is no URL of SQLite or PostgreSQL, or asks for what isn't known.
    """
    if not configured:
        return URL.create("sqlite+pysqlite", database=str(data / "wiredesk.sqlite3"))
    try:
        url = make_url(configured)
    except ArgumentError as error:
        raise ConfigError(f"the database: not a database URL: {_SHAPE}") from error
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise ConfigError("the database: SQLite in memory forgets everything: name a file: sqlite:///FILE")
        return url.set(drivername="sqlite+pysqlite")
    if backend in {"postgresql", "postgres"}:
        return _for_pg8000(url)
    raise ConfigError(f"the database: {backend!r} is not supported: use a URL of SQLite or PostgreSQL")


def place_of(url: URL) -> str:
    """Where a database is, for a log: nothing of who may enter it."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"PostgreSQL, {url.database} at {url.query.get('unix_sock') or url.host or 'localhost'}"


def connecting(url: URL) -> dict[str, Any]:
    """For an URL of PostgreSQL, the arguments of `create_engine` that say where to connect to, and how.

    Raises:
        ConfigError: the certificates of `sslrootcert` can't be read.
    """
    return {"url": url.difference_update_query(_TLS), "connect_args": {"ssl_context": _tls(url)}}


def _for_pg8000(url: URL) -> URL:
    query = {name: value for name, value in url.query.items() if name not in _WITHOUT_EFFECT}
    for name, value in query.items():
        if name not in _KNOWN or not isinstance(value, str):
            raise ConfigError(f"the database: {name!r} can't be asked for here: leave {name}=… out of its URL")
    if (mode := query.get("sslmode", "prefer")) not in _MODES:
        raise ConfigError(f"the database: sslmode={mode} is none: write one of {', '.join(_MODES)}")
    host, port = str(query.pop("host", "")), str(query.pop("port", url.port or 5432))
    if host.startswith("/"):
        query["unix_sock"] = f"{host}/.s.PGSQL.{port}"
    elif host:
        url = url.set(host=host, port=int(port) if port.isdecimal() else None)
    return url.set(drivername="postgresql+pg8000", query=query)


def _tls(url: URL) -> ssl.SSLContext | bool | None:
    """As the driver takes it: False: none; None: if the server has it; True: whoever answers; else who is trusted."""
    mode = url.query.get("sslmode", "prefer")
    if "unix_sock" in url.query or mode == "disable":
        return False
    if mode in {"allow", "prefer"}:
        return None
    trusted = url.query.get("sslrootcert")
    if mode == "require" and trusted is None:
        return True
    try:
        context = ssl.create_default_context(cafile=None if trusted is None else str(trusted))
    except OSError as error:
        raise ConfigError(f"{trusted}: the certificates can't be read: name a file of them in sslrootcert") from error
    context.check_hostname = mode == "verify-full"
    return context
