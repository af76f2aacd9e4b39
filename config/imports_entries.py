"""What the readers of OPML and CSV find, one entry after another → sources and watches with names.

    a line's fields ─model of the watch list→ Source or Watch ─name→ kept, or a problem of that line

An address is one source, wherever it stands again: its tags are united. What the file says and the watch list can't
hold becomes a note; what is wrong becomes a problem. Neither ends the reading.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from config.names import Names, slug, source_name
from config.watchlist import Source, Watch, Watchlist, check_name
from config.watchlist_load import CheckQuery, explain

MOST_LINES = 10_000  # of sources, watches or folders

_LONGEST_SHOWN = 60  # characters
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

_Entry = TypeVar("_Entry", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one line says of an entry. `fields` are those of its model, as written; empty ones are not given.

    `called` says how the file calls a field, where it has another word for it. Tags went through `Entries.tags`.
    """

    line: int
    name: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str | tuple[str, ...]]
    called: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _First:
    """A source as its first line says it, and the tags of all its lines in their order."""

    row: Row
    source: Source
    tags: dict[str, None]


class Entries:
    """Collects a file's entries, problems and notes; the last two are pairs of a line and a text."""

    def __init__(self, check_query: CheckQuery, known: Mapping[str, str]) -> None:
        self.problems: list[tuple[int, str]] = []
        self.notes: list[tuple[int, str]] = []
        self._check_query = check_query
        self._known = known
        self._source_names = Names(known.values())
        self._watch_names = Names()
        self._sources: dict[str, _First] = {}
        self._names: dict[str, str] = {}  # of the sources, by their addresses
        self._watches: dict[str, Watch] = {}
        self._lines = 0

    def problem(self, line: int, message: str) -> None:
        """Keep what is wrong in a line, as `what: what to do`."""
        self.problems.append((line, message))

    def note(self, line: int, message: str) -> None:
        """Keep what is in a line of the file and not in the watch list."""
        self.notes.append((line, message))

    def full(self, line: int) -> bool:
        """Whether a file has too many lines to read this one too; asked once for each that is not empty."""
        self._lines += 1
        if self._lines == MOST_LINES + 1:
            self.problem(line, f"more than {MOST_LINES} entries: split the file")
        return self._lines > MOST_LINES

    def tags(self, line: int, texts: Iterable[str]) -> tuple[str, ...]:
        """The tags that folders or categories become, each once; one without a letter or digit becomes a note."""
        found = {slug(text): text for text in texts if text.strip()}
        if "" in found:
            self.note(line, f"“{shown(found.pop(''))}” becomes no tag: it has no letter or digit")
        return tuple(found)

    def source(self, row: Row) -> None:
        """Take a source. It is called by its name where that can be one, else by words of its name, title or host."""
        source = self._entry(Source, row)
        if source is None:
            return
        if source.url in self._names:
            self._again(row, source)
            return
        name = self._known.get(source.url)
        if name is None:
            wanted = _usable(row.name) or source_name(row.name or row.title, source.url)
            name = self._take(self._source_names, wanted, row)
        self._names[source.url] = name
        self._sources[name] = _First(row, source, dict.fromkeys(row.tags))

    def watch(self, row: Row) -> None:
        """Take a watch. Without a name or title it is called by the first words of its query."""
        watch = self._entry(Watch, row)
        if watch is None:
            return
        if problem := self._check_query(watch.query, {}):
            what = f"{row.called.get('query', 'query')}: column {problem.column}: {problem.message}"
            self.problem(row.line, f"{what}: {problem.hint or 'correct the query there'}")
        words = (slug(text) for text in (row.name, row.title, watch.query))
        wanted = _usable(row.name) or next(filter(None, words), "watch")
        self._watches[self._take(self._watch_names, wanted, row)] = watch

    def watchlist(self) -> Watchlist | None:
        """All that was taken; None where there are problems, one of which is that nothing was."""
        if not (self.problems or self._sources or self._watches):
            self.problem(1, "nothing to import: it has no address and no query")
        if self.problems:
            return None
        sources = {
            name: first.source.model_copy(update={"tags": tuple(first.tags)}) for name, first in self._sources.items()
        }
        return Watchlist(sources=sources, watches=self._watches)

    def _entry(self, model: type[_Entry], row: Row) -> _Entry | None:
        if hidden := [key for key, value in row.fields.items() if _INVISIBLE.search("".join(value))]:
            for key in hidden:
                self.problem(row.line, f"{row.called.get(key, key)}: an invisible character: take it out")
            return None
        try:
            return model.model_validate({**row.fields, "tags": row.tags})
        except ValidationError as error:
            for details in error.errors(include_url=False):
                field, *places = details["loc"]
                what = row.called.get(str(field), str(field)) + "".join(f"[{int(place) + 1}]" for place in places)
                self.problem(row.line, f"{what}: {explain(details)}")
            return None

    def _again(self, row: Row, source: Source) -> None:
        first = self._sources[self._names[source.url]]
        line = first.row.line
        if source.model_copy(update={"tags": first.source.tags}) != first.source:
            self.problem(row.line, f"an address that line {line} has with other settings: keep one of the two")
            return
        first.tags.update(dict.fromkeys(row.tags))
        title = row.name or row.title
        if slug(title) not in {"", slug(first.row.name or first.row.title)}:
            self.note(row.line, f"“{shown(title)}” has the address of line {line}: it is one source, named as there")

    def _take(self, names: Names, wanted: str, row: Row) -> str:
        name = names.take(wanted)
        if wanted == row.name != name:
            self.note(row.line, f"the name {wanted} is taken: it is called {name}")
        return name


def shown(text: str) -> str:
    """A text of the file in one line, short enough for a note."""
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"


def _usable(name: str) -> str:
    """The name where it can be one as it stands, else nothing."""
    try:
        return check_name(name)
    except ValueError:
        return ""
