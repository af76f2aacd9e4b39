"""The watch-list file → a `Watchlist`, or every problem in it at once, each with its line.

    bytes ─_decoded→ text ─compose→ nodes ─_Reader, entry by entry→ values ─cross-references→ Watchlist

Entries are validated one at a time, so that a slip in one hides no slip in another. References and queries are
checked on what is written, whether or not the rest of their entry is right.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.problems import ConfigError, QueryProblem, did_you_mean, listed
from config.watchlist import (
    Channel,
    Desk,
    Entity,
    QuietHours,
    Route,
    Source,
    Watch,
    Watchlist,
    check_name,
)
from config.watchlist_yaml import Mapping, Node, Scalar, Sequence, YamlError, compose

CheckQuery = Callable[[str, AbstractMapping[str, AbstractSequence[str]]], QueryProblem | None]

_FILE_LIMIT = 16 * 1024 * 1024  # bytes; 10,000 watches are about 2 MB

_Entry = TypeVar("_Entry", bound=BaseModel)


def load_watchlist(path: Path, *, check_query: CheckQuery) -> Watchlist:
    """Read the file. `check_query` gets a query and the names of each entity, and says what is wrong with it.

    Raises ConfigError with every problem in the file, in the order of its lines: `file:line: what: what to do`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise ConfigError(f"{path}:1: can't be read ({reason}): name the watch list by WIREDESK_WATCHLIST") from None
    return parse_watchlist(content, label=str(path), check_query=check_query)


def parse_watchlist(content: bytes, *, label: str, check_query: CheckQuery) -> Watchlist:
    """Read the bytes of a watch-list file as `load_watchlist` does. `label` stands for the file in its problems."""
    reader = _Reader(check_query)
    watchlist = None
    try:
        root = compose(_decoded(content))
        watchlist = reader.watchlist(root)
    except YamlError as error:
        reader.problem(error.line, str(error))
    if watchlist is None or reader.problems:
        raise ConfigError(*(f"{label}:{line}: {message}" for line, message in sorted(set(reader.problems))))
    return watchlist


def _decoded(content: bytes) -> str:
    if len(content) > _FILE_LIMIT:
        raise YamlError(1, f"larger than {_FILE_LIMIT // 1024**2} MB: is it a watch list?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlError(line, "not UTF-8: save the file as UTF-8") from None
    return text.replace("\r\n", "\n")


@dataclass(slots=True)
class _Reader:
    """Goes through the tree once and keeps what it finds wrong."""

    check_query: CheckQuery
    problems: list[tuple[int, str]] = field(default_factory=list)

    def problem(self, line: int, message: str) -> None:
        self.problems.append((line, " ".join(message.split())))  # keys may hold line ends

    def watchlist(self, root: Node | None) -> Watchlist | None:
        if not isinstance(root, Mapping):
            self.problem(root.line if root else 1, "not a watch list: begin with version: 1")
            return None
        self._repeated(root, "")
        for key, line in root.key_lines.items():
            if key not in Watchlist.model_fields:
                self._unknown_key(line, key, key, Watchlist.model_fields)
        self._version(root)
        desk_node = self._mapping(root, "desk", "desk")
        desk = self._entry(Desk, desk_node, "desk", desk_node.line) if desk_node else Desk()
        entity_nodes = self._mapping(root, "entities", "entities")
        watch_nodes = self._mapping(root, "watches", "watches")
        source_nodes = self._mapping(root, "sources", "sources")
        channel_nodes = self._mapping(root, "channels", "channels")
        entities = self._entries(Entity, entity_nodes, "entities")
        watches = self._entries(Watch, watch_nodes, "watches")
        sources = self._entries(Source, source_nodes, "sources")
        channels = self._entries(Channel, channel_nodes, "channels")
        self._references(desk_node, watch_nodes, source_nodes, channel_nodes)
        self._queries(watch_nodes, entity_nodes)
        if desk is None or self.problems:
            return None
        return Watchlist(desk=desk, entities=entities, watches=watches, sources=sources, channels=channels)

    # ── entries ──────────────────────────────────────────────────────────────────────────────────────────

    def _version(self, root: Mapping) -> None:
        version = root.entries.get("version")
        if version is None:
            self.problem(root.line, "version: missing: write version: 1")
        elif version.value() != "1":
            self.problem(version.line, "version: not one that this Wiredesk reads: write version: 1")

    def _mapping(self, parent: Mapping, key: str, where: str) -> Mapping | None:
        node = parent.entries.get(key)
        if node is None or _is_nothing(node):
            return None
        if not isinstance(node, Mapping):
            self.problem(node.line, f"{where}: not a mapping: write key: value under it")
            return None
        return node

    def _entries(self, model: type[_Entry], section: Mapping | None, where: str) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        if section is None:
            return found
        self._repeated(section, where)
        for name, line in section.key_lines.items():
            here = f"{where}.{name}"
            try:
                check_name(name)
            except ValueError as error:
                self.problem(line, f"{here}: {error}")
            node = section.entries[name]
            if _is_nothing(node):
                node = Mapping({}, {}, line, size=1)
            if not isinstance(node, Mapping):
                self.problem(node.line, f"{here}: not a mapping: write key: value under it")
            elif (entry := self._entry(model, node, here, line)) is not None:
                found[name] = entry
        return found

    def _entry(self, model: type[_Entry], node: Mapping, where: str, line: int) -> _Entry | None:
        for inner, path in _mappings(node, where):
            self._repeated(inner, path)
        try:
            return model.model_validate(node.value())
        except ValidationError as error:
            for details in error.errors(include_url=False):
                location = details["loc"]
                here = where + "".join(f".{step}" if isinstance(step, str) else f"[{step + 1}]" for step in location)
                if details["type"] == "extra_forbidden":
                    key = str(location[-1])
                    self._unknown_key(_line_of(node, line, location), here, key, _known_keys(model, location))
                else:
                    self.problem(_line_of(node, line, location), f"{here}: {explain(details)}")
            return None

    def _repeated(self, node: Mapping, where: str) -> None:
        for key, line in node.repeated:
            here = f"{where}.{key}" if where else key
            self.problem(line, f"{here}: stands here again, first in line {node.key_lines[key]}: keep one")

    def _unknown_key(self, line: int, where: str, key: str, known: Iterable[str]) -> None:
        if key == "url" and "url_env" in known:
            # A channel's address is its secret: it must not lie in a file that people share.
            advice = "put it into an environment variable and name that as url_env"
            self.problem(line, f"{where}: a channel's secret address in the file: {advice}")
        else:
            self.problem(line, f"{where}: unknown key: {did_you_mean(key, known) or f'write {listed(known)}'}")

    # ── references ───────────────────────────────────────────────────────────────────────────────────────

    def _references(
        self, desk: Mapping | None, watches: Mapping | None, sources: Mapping | None, channels: Mapping | None
    ) -> None:
        channel_names = frozenset(_keys(channels))
        source_names = frozenset((*_keys(sources), *_tags(sources)))
        if desk is not None and (admin := _scalar(desk.entries.get("admin_channel"))):
            self._refers(admin, "desk.admin_channel", "channel", channel_names)
        for name, watch in _children(watches):
            for number, route in enumerate(_items(watch, "routes"), start=1):
                node = _scalar(route.entries.get("channel")) if isinstance(route, Mapping) else _scalar(route)
                if node:
                    self._refers(node, f"watches.{name}.routes[{number}]", "channel", channel_names)
            for node in filter(None, map(_scalar, _items(watch, "sources"))):
                self._refers(node, f"watches.{name}.sources", "source or tag of one", source_names)

    def _refers(self, node: Scalar, where: str, what: str, names: frozenset[str]) -> None:
        if node.text not in names:
            advice = did_you_mean(node.text, names) or "name one that this file has, or add it"
            self.problem(node.line, f"{where}: no {what} is called {node.text}: {advice}")

    def _queries(self, watches: Mapping | None, entities: Mapping | None) -> None:
        names: dict[str, tuple[str, ...]] = {}
        for slug in _keys(entities):
            names[slug] = (slug,)  # known to queries even where its own entry is wrong
        for slug, entity in _children(entities):
            parts = (entity.entries.get("name"), *_items(entity, "aliases"))
            names[slug] = tuple(node.text for node in map(_scalar, parts) if node) or names[slug]
        for name, watch in _children(watches):
            query = _scalar(watch.entries.get("query"))
            if query is None or not query.text.strip():
                continue
            if problem := self.check_query(query.text, names):
                what = f"watches.{name}.query: column {problem.column}: {problem.message}"
                self.problem(query.line, f"{what}: {problem.hint or 'correct the query there'}")


_EXPLAINED = {  # by pydantic's type of error
    "missing": "missing: write it",
    "bool_parsing": "neither true nor false: write one of the two",
    "bool_type": "neither true nor false: write one of the two",
    "tuple_type": "not a list: write it in brackets, as [one, another]",
    "model_type": "not a mapping: write it in braces, as {key: value}",
}


def explain(details: ErrorDetails) -> str:
    """What is wrong with a value that pydantic refused, and what to write instead."""
    if details["type"] == "value_error":
        return details["msg"].removeprefix("Value error, ")
    if details["type"] == "literal_error":
        return f"not one of its words: write {details['ctx']['expected'].replace(chr(39), '')}"
    return _EXPLAINED.get(details["type"], "not a single value: write one, without a list or mapping")


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> Iterable[str]:
    inner: dict[str, type[BaseModel]] = {"routes": Route, "quiet": QuietHours}
    owner = next((step for step in reversed(location[:-1]) if isinstance(step, str)), "")
    return inner.get(owner, model).model_fields


def _line_of(root: Mapping, line: int, location: tuple[int | str, ...]) -> int:
    """Return the line of what stands at `location` under `root`, or of the nearest thing around it."""
    node: Node = root
    for step in location:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
            line = node.key_lines[step]
            node = node.entries[step]
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
            line = node.line
    return line


def _mappings(node: Node, where: str) -> Iterator[tuple[Mapping, str]]:
    if isinstance(node, Mapping):
        yield node, where
        for key, child in node.entries.items():
            yield from _mappings(child, f"{where}.{key}")
    elif isinstance(node, Sequence):
        for number, child in enumerate(node.items, start=1):
            yield from _mappings(child, f"{where}[{number}]")


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value() is None


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and not _is_nothing(node) else None


def _items(node: Mapping, key: str) -> tuple[Node, ...]:
    items = node.entries.get(key)
    return items.items if isinstance(items, Sequence) else ()


def _keys(section: Mapping | None) -> tuple[str, ...]:
    return tuple(section.entries) if section else ()


def _children(section: Mapping | None) -> Iterator[tuple[str, Mapping]]:
    for name, node in section.entries.items() if section else ():
        if isinstance(node, Mapping):
            yield name, node


def _tags(sources: Mapping | None) -> tuple[str, ...]:
    return tuple(tag.text for _, source in _children(sources) for tag in map(_scalar, _items(source, "tags")) if tag)
