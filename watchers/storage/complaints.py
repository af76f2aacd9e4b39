"""What a database's driver complains of, told by what it means.

    driver's error ─translated→ CannotRun with what to do, where the database can't go on; else the error as it is

SQLite tells by its words, PostgreSQL by its codes.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from watchers.errors import CannotRun

# PostgreSQL's classes of errors that are not about a statement: connection, password, no such database, no right to
# it, shutdown; resources, system, corruption.
_UNREACHED = ("08", "28", "3D", "42501", "57P")
_GIVEN_UP = (*_UNREACHED, "53", "58", "XX")
_REJECTED = ("22", "23")
_DISK_FULL, _IO_ERROR, _DAMAGED = "53100", "58030", ("XX001", "XX002")
WRITABLE = (
    "its folder (WIREDESK_DATA) and every file there must be writable for the user who runs wiredesk: "
    "give them to that user (chown -R), or set WIREDESK_DATA to another folder"
)
_UNREACHABLE = re.compile("connect|communication error|network error|refuses SSL", re.IGNORECASE)
_NOBODY = re.compile(r"create a connection to host (?P<host>\S+) and port (?P<port>\d+)")


class DamagedDatabase(CannotRun):
    """What the database holds can't be read any more. Who knows of backups adds which to restore."""


def gave_up(error: Exception) -> bool:
    """Whether the database itself could not go on, perhaps with the whole transaction."""
    return isinstance(error, OperationalError | InterfaceError | ConnectionError) or (
        isinstance(error, DBAPIError) and _code(error).startswith(_GIVEN_UP)
    )


def rejected(error: DBAPIError) -> bool:
    """Whether the database can't take the data themselves: what they point at is missing, or they are there already."""
    return isinstance(error, IntegrityError | DataError) or _code(error).startswith(_REJECTED)


def _code(error: DBAPIError) -> str:
    """PostgreSQL's own code; its driver calls nearly everything a programming error. Empty for SQLite."""
    return str(_fields(error).get("C", ""))


def _reason(error: DBAPIError) -> str:
    """The complaint itself, in one line."""
    return " ".join(str(_fields(error).get("M") or error.orig).split())


def _fields(error: DBAPIError) -> Mapping[str, object]:
    """What PostgreSQL's server tells, by its own letters: C the code, M the message."""
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return told if isinstance(told, dict) else {}


def _unreached(reason: str) -> str:
    nobody = _NOBODY.search(reason)
    if nobody is not None:
        reason = f"nobody answers at {nobody['host']}:{nobody['port']}: see that its server runs"
    return f"the database can't be reached: {reason}"


@contextmanager
def translated() -> Iterator[None]:
    """The driver's complaints about the database itself, as `CannotRun` with what to do."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, IntegrityError | DataError):
            raise  # a bug of ours; its text may quote anything that was to be written
        reason = _reason(error)
        code = _code(error)
        if "locked" in reason:
            msg = "the database is busy: another program holds it: try again"
        elif "disk is full" in reason or code == _DISK_FULL:
            msg = "the disk is full: free some space; nothing recorded was lost"
        elif "disk I/O error" in reason or code == _IO_ERROR:
            # SQLite's word also for a file that a quota or a limit keeps from growing.
            msg = "the disk can't be written or read (disk I/O error): see to its room, its quota and its health"
        elif "malformed" in reason or "not a database" in reason or code in _DAMAGED:
            raise DamagedDatabase(f"the database is damaged ({reason})") from error
        elif "readonly" in reason:
            msg = f"the database can't be written: {WRITABLE}"
        elif "unable to open" in reason:
            msg = f"the database file can't be opened: {WRITABLE}"
        elif error.connection_invalidated or code.startswith(_UNREACHED) or (not code and _UNREACHABLE.search(reason)):
            msg = _unreached(reason)
        elif code.startswith(_GIVEN_UP):
            msg = f"the database's server can't go on: {reason}: see its log"
        else:
            raise
        raise CannotRun(msg) from error
    except ConnectionError as error:  # PostgreSQL's driver lets through what its socket says
        raise CannotRun(f"the database can't be reached: {error.strerror or error}") from error
