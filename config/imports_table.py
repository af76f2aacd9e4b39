"""CSV, of sources or of watches, and plain lists of addresses → entries.

    bytes ─_decoded→ text ─_layout, by the first line→ delimiter and columns ─csv, row by row→ entries

The first line names the columns, in any order and case; a list of addresses alone needs none. Quotes are read
strictly: one that is never closed would swallow the rows behind it.
"""

import codecs
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.imports_entries import Entries, Row, shown

_HEADERS: Mapping[str, tuple[str, ...]] = {  # by what is in a column: how it may be called, the surest first
    "url": ("xmlurl", "feedurl", "url", "feed", "link"),
    "query": ("query",),
    "name": ("name",),
    "title": ("title",),
    "tags": ("tags", "folder", "category"),
    "sources": ("sources",),
    "every": ("every",),
    "kind": ("kind",),
    "read": ("read",),
}
_OF_SOURCES = ("url", "name", "title", "tags", "every", "kind", "read")
_OF_WATCHES = ("query", "name", "title", "tags", "sources")
_UNITED = {"tags"}  # of other columns the surest is read
_WORDS = {"kind", "read"}  # cells of one word, in any case
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LONGEST_HEADER = 10_000  # characters
_NOT_IN_HEADERS = re.compile(r"[\W_]+")
_BETWEEN_TAGS = re.compile(r"[,;|/]")
_BETWEEN_SOURCES = re.compile(r"[,;|]")
_DELIMITER_LINE = re.compile(r"sep=([,;\t])[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's, before the header
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is read: from `start` on, which is in line `line`. `columns` has their places by what is in them."""

    start: int
    line: int
    delimiter: str
    cells: tuple[str, ...]  # of the first line
    columns: Mapping[str, tuple[int, ...]]

    @property
    def width(self) -> int:
        """How many cells a row may have."""
        return len(self.cells) if self.columns else 1

    @property
    def bare(self) -> bool:
        """Whether it is a list of addresses without a header."""
        return not self.columns and "://" in self.cells[0]

    @property
    def usable(self) -> bool:
        """Whether it has addresses or queries."""
        return self.bare or not self.columns.keys().isdisjoint({"url", "query"})


def is_table(content: bytes) -> bool:
    """Whether the first line names a column of addresses or queries, or is an address."""
    return _layout(_decoded(content, errors="replace")).usable


def read_table(content: bytes, entries: Entries) -> None:
    """Take every row as a source or a watch, whichever the columns are of."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        entries.problem(line, "not UTF-8: save the file as UTF-8, in Excel as CSV UTF-8")
        return
    layout = _layout(text)
    if not layout.usable:
        if seen := shown(", ".join(filter(None, layout.cells))):
            what = f"no column of addresses or queries ({seen})"
            entries.problem(layout.line, f"{what}: begin with a line that calls one url, or query")
        return
    if {"url", "query"} <= layout.columns.keys():
        entries.problem(layout.line, "sources and watches in one table: put them into two files")
        return
    source = io.StringIO(text[layout.start :], newline="")
    rows = csv.reader(source, delimiter=layout.delimiter, skipinitialspace=True, strict=True)
    line, header = layout.line, not layout.bare
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells) and header:
                header = False
                _note_unread(line, layout, entries)
            elif any(cells):
                if entries.full(line):
                    return
                _take(line, cells, layout, entries)
            line = layout.line + rows.line_num
    except csv.Error as error:
        what = "a quote that is never closed" if "end of data" in str(error) else f"not CSV ({error})"
        entries.problem(line, f"{what}: put quotes around the whole of a text that has some, and double those in it")


def _decoded(content: bytes, errors: str = "strict") -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.removeprefix(mark).decode(encoding, errors)
    return content.decode("utf-8", errors)


def _layout(text: str) -> _Layout:
    told = _DELIMITER_LINE.match(text)
    blank = _BLANK_LINES.match(text, told.end() if told else 0)
    start = blank.end() if blank else 0
    line = len(text[:start].splitlines()) + 1
    first = re.split(r"[\r\n]", text[start : start + _LONGEST_HEADER], maxsplit=1)[0]
    layouts = []
    for delimiter in told[1] if told else _DELIMITERS:
        cells = tuple(
            cell.strip() for cell in next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), ())
        )
        layouts.append(_Layout(start, line, delimiter, cells or ("",), _columns(cells)))
    return max(layouts, key=lambda layout: (len(layout.columns), len(layout.cells)))


def _columns(cells: Sequence[str]) -> dict[str, tuple[int, ...]]:
    headers = [_NOT_IN_HEADERS.sub("", cell.casefold()) for cell in cells]
    found = {}
    for what, names in _HEADERS.items():
        places = [place for name in names for place, header in enumerate(headers) if header == name]
        if places:
            found[what] = tuple(places) if what in _UNITED else tuple(places[:1])
    return found


def _read_columns(layout: _Layout) -> dict[str, tuple[int, ...]]:
    if layout.bare:
        return {"url": (0,)}
    of = _OF_WATCHES if "query" in layout.columns else _OF_SOURCES
    return {what: layout.columns[what] for what in of if what in layout.columns}


def _note_unread(line: int, layout: _Layout, entries: Entries) -> None:
    read = {place for places in _read_columns(layout).values() for place in places}
    for place, cell in enumerate(layout.cells):
        if cell and place not in read:
            entries.note(line, f"the column “{shown(cell)}” is not read")


def _take(line: int, cells: Sequence[str], layout: _Layout, entries: Entries) -> None:
    if any(cells[layout.width :]):
        entries.problem(
            line, f"more cells than columns: put quotes around a text that has a {_DELIMITERS[layout.delimiter]}"
        )
        return
    columns = _read_columns(layout)
    told = {what: ",".join(cells[place] for place in places if place < len(cells)) for what, places in columns.items()}
    fields: dict[str, str | tuple[str, ...]] = {
        what: cell.lower() if what in _WORDS else cell
        for what, cell in told.items()
        if what not in {"name", "title", "tags", "sources"} and (cell or what in {"url", "query"})
    }
    if told.get("sources"):
        fields["sources"] = tuple(filter(None, map(str.strip, _BETWEEN_SOURCES.split(told["sources"]))))
    row = Row(
        line=line,
        name=told.get("name", ""),
        title=told.get("title", ""),
        tags=entries.tags(line, _BETWEEN_TAGS.split(told.get("tags", ""))),
        fields=fields,
        called={} if layout.bare else {what: layout.cells[places[0]] for what, places in columns.items()},
    )
    if "query" in columns:
        entries.watch(row)
    else:
        entries.source(row)
