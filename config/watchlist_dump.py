"""A `Watchlist` → the text of a file that loads back equal, in the order and style of the shipped one.

    Watchlist ─plain values, defaults left out→ YAML nodes with their style ─serialize→ text

Entities, sources and channels take a line each. Ids and times are quoted, so that no other reader of YAML takes them
for numbers.
"""

from datetime import time, timedelta

import yaml
from pydantic import BaseModel

from config.durations import format_duration
from config.watchlist import Route, Watchlist

_WIDTH = 110  # columns; longer lists and texts go on in the next line
# A query has its own double quotes inside.
_STYLES = {"digest_at": '"', "guild": '"', "id": '"', "mention": '"', "quiet": '"', "query": "'"}


def dump_watchlist(watchlist: Watchlist) -> str:
    """Return the text of a watch-list file. What stands at its default is left out."""
    sections: dict[str, yaml.Node] = {"version": yaml.ScalarNode("tag:yaml.org,2002:int", str(watchlist.version))}
    if desk := _fields(watchlist.desk):
        sections["desk"] = _mapping(desk)
    for name, entries, in_line in (
        ("entities", watchlist.entities, True),
        ("watches", watchlist.watches, False),
        ("sources", watchlist.sources, True),
        ("channels", watchlist.channels, True),
    ):
        if entries:
            nodes = {key: _mapping(_fields(entry), in_line=in_line) for key, entry in entries.items()}
            sections[name] = _mapping(nodes)
    return yaml.serialize(_mapping(sections), Dumper=_Dumper, allow_unicode=True, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """SafeDumper that begins a list in a mapping one step in, as the shipped file does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=indentless and flow)


def _fields(entry: BaseModel) -> dict[str, yaml.Node]:
    """Return the entry's fields that are not at their defaults, in the class's order, as nodes."""
    defaults = {name: field.default for name, field in type(entry).model_fields.items()}
    return {
        name: _field(name, value) for name, default in defaults.items() if (value := getattr(entry, name)) != default
    }


def _field(name: str, value: object) -> yaml.Node:
    if isinstance(value, tuple):
        items = [_field(name, item) for item in value]
        in_line = not any(isinstance(item, Route) for item in value)
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=in_line)
    if isinstance(value, Route):
        alone = value == Route(channel=value.channel)
        return _scalar(value.channel) if alone else _mapping(_fields(value), in_line=True)
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", str(value).lower())
    return _scalar(_text(value), style=_STYLES.get(name))


def _text(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value)


def _scalar(text: str, *, style: str | None = None) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


def _mapping(nodes: dict[str, yaml.Node], *, in_line: bool = False) -> yaml.Node:
    pairs = [(_scalar(key), node) for key, node in nodes.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=in_line)
