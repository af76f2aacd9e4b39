"""A file that someone hands over, a watch list, OPML or CSV → a `Watchlist`, or every problem in it at once.

    bytes ─kind, by content, then by name→ parse_watchlist ──────────────→ Watchlist ┐
                                         → read_opml, read_table → Entries ──────────┴→ Imported

Nothing is lost silently: what is in the file and not in the watch list stands in the notes, by its line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Literal

from config.imports_entries import Entries
from config.imports_opml import is_markup, read_opml
from config.imports_table import is_table, read_table
from config.problems import ConfigError
from config.watchlist import Watchlist
from config.watchlist_load import CheckQuery, parse_watchlist

_LARGEST = 8 * 1024 * 1024  # bytes; 10,000 sources are about 3 MB of OPML
_NO_SOURCES: Mapping[str, str] = MappingProxyType({})
_KEY_OF_WATCHLIST = re.compile(
    rb"""^(?:\xef\xbb\xbf)?[{ \t]*["']?(?:version|desk|entities|watches|sources|channels)["']?[ \t]*:""", re.MULTILINE
)

Kind = Literal["watchlist", "opml", "csv"]
_KINDS: Mapping[str, Kind] = {".yaml": "watchlist", ".yml": "watchlist", ".opml": "opml", ".xml": "opml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file says. `notes` are lines `name:line: what` on everything that did not go into the watch list."""

    watchlist: Watchlist
    kind: Kind
    notes: tuple[str, ...] = ()


def read_import(
    name: str, content: bytes, *, check_query: CheckQuery, known: Mapping[str, str] = _NO_SOURCES
) -> Imported:
    """Read a file by its name and bytes.

    Sources of OPML and CSV are named by their titles. `known` are the names of the sources that the desk has, by their
    addresses: a known address keeps its name, and no other source gets that.

    Raises ConfigError with every problem in the file, in the order of its lines: `name:line: what: what to do`.
    """
    if len(content) > _LARGEST:
        raise ConfigError(f"{name}:1: larger than {_LARGEST // 1024**2} MB: split the file")
    kind = _kind(name, content)
    if kind == "watchlist":
        return Imported(watchlist=parse_watchlist(content, label=name, check_query=check_query), kind=kind)
    entries = Entries(check_query, known)
    if kind == "opml":
        read_opml(content, entries)
    else:
        read_table(content, entries)
    watchlist = entries.watchlist()
    if watchlist is None:
        raise ConfigError(*(f"{name}:{line}: {message}" for line, message in sorted(set(entries.problems))))
    notes = tuple(f"{name}:{line}: {message}" for line, message in sorted(set(entries.notes)))
    return Imported(watchlist=watchlist, kind=kind, notes=notes)


def _kind(name: str, content: bytes) -> Kind:
    if is_markup(content):
        return "opml"
    if _KEY_OF_WATCHLIST.search(content):
        return "watchlist"
    return "csv" if is_table(content) else _KINDS.get(PurePath(name).suffix.lower(), "csv")
