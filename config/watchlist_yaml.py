"""YAML text → a tree that remembers its lines and holds every scalar as it was written.

    text ─events of PyYAML→ Mapping, Sequence, Scalar

YAML 1.1 would read `08:00` as 480 and a long id as a rounded number; here a scalar is its text, and whoever wants a
time or an id reads it from there. Aliases share their node, so a bomb of them costs nothing until someone unfolds it;
`Node.value` is asked for one entry at a time, and the cap on a tree's unfolded size is checked before anything is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events; libyaml's are ten times as quick

_DEEPEST = 20  # levels; a watch list has five
_LARGEST = 1_000_000  # nodes, aliases unfolded; 10,000 watches are about 150,000
_NOTHING = {"", "~", "null", "Null", "NULL"}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_SLIPS = (  # what people write most, looked for in a line that is no YAML
    (re.compile(r"\s*\t"), "a tab: indent with spaces"),
    (
        re.compile(r"""[^'"]*:\s+"[^"]*"\s*[^\s#,}]"""),
        """text goes on after its quotes: put 'single quotes' around the whole of it""",
    ),
    (re.compile(r"[^'\"]*:\s+@"), "a text that begins with @: put 'single quotes' around the whole of it"),
)


class YamlError(ValueError):
    """The text is no usable YAML. `line` counts from 1; the text is `what: what to do`."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `plain` where it stands without quotes, so that it may also mean null or a merge."""

    text: str
    line: int
    plain: bool
    size: int = 1

    def value(self) -> str | None:
        """Return the text, or None where null is written."""
        return None if self.plain and self.text in _NOTHING else self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple["Node", ...]
    line: int
    size: int

    def value(self) -> list[object]:
        """Return the values without their lines."""
        return [item.value() for item in self.items]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Nodes by key, in the file's order, with the line of each key. `repeated` lists what stood there twice."""

    entries: dict[str, "Node"]
    key_lines: dict[str, int]
    line: int
    size: int
    repeated: tuple[tuple[str, int], ...] = ()

    def value(self) -> dict[str, object]:
        """Return the values without their lines. What is written as null is left out, as if not written."""
        return {key: value for key, node in self.entries.items() if (value := node.value()) is not None}


Node = Scalar | Sequence | Mapping


def compose(text: str) -> Node | None:
    """Return the tree of the one document in `text`; None where there is nothing in it.

    Raises YamlError at the first place where it is no YAML, names a tag, nests too deep or unfolds too large.
    """
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise YamlError(line, f"an invisible character (U+{ord(odd[0]):04X}): take it out")
    try:
        return _Composer(yaml.parse(text, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlError(line, _syntax(text.split("\n")[line - 1 : line], error)) from None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _syntax(lines: list[str], error: yaml.MarkedYAMLError) -> str:
    for line in lines:
        for slip, message in _SLIPS:
            if slip.match(line):
                return message
    what = " ".join(part for part in (error.context, error.problem) if part)
    return f"not YAML ({what}): check quotes, brackets, colons and indentation"


@dataclass(slots=True)
class _Composer:
    events: Iterator[yaml.Event]
    anchors: dict[str, Node] = field(default_factory=dict)

    def document(self) -> Node | None:
        next(self.events)  # the stream's start
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        root = self._node(next(self.events), depth=1)
        next(self.events)  # the document's end
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise YamlError(_line(event), "a second document: keep one, without a line of ---")
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise YamlError(line, f"*{event.anchor} names nothing: put &{event.anchor} where it should point")
            return self.anchors[event.anchor]
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            raise TypeError(f"{event} stands where the grammar of YAML has a node")
        if depth > _DEEPEST:
            raise YamlError(line, "nested too deep: check brackets and indentation")
        if event.tag not in {None, "!"}:
            raise YamlError(line, f"a tag ({event.tag}): take it out")
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            if _UNPRINTABLE.search(event.value):  # by an escape, as "\0"
                raise YamlError(line, "an escape for an invisible character: take it out")
            node = Scalar(event.value, line, plain=event.implicit[0])
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(line, depth)
        else:
            node = self._mapping(line, depth)
        if node.size > _LARGEST:
            raise YamlError(line, "too large once its aliases are unfolded: write less, or without aliases")
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _sequence(self, line: int, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), line, 1 + sum(item.size for item in items))

    def _mapping(self, line: int, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        repeated: list[tuple[str, int]] = []
        merged: list[Mapping] = []
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                raise YamlError(key.line, "a list or mapping as a key: write a name before the colon")
            if key.text == "<<" and key.plain:
                merged.extend(_mergeable(value))
            elif key.text in entries:
                repeated.append((key.text, key.line))
            else:
                entries[key.text], key_lines[key.text] = value, key.line
        for other in merged:
            for name, node in other.entries.items():
                if name not in entries:
                    entries[name], key_lines[name] = node, other.key_lines[name]
        size = 1 + sum(node.size for node in entries.values())
        return Mapping(entries, key_lines, line, size, tuple(repeated))


def _mergeable(node: Node) -> list[Mapping]:
    nodes = node.items if isinstance(node, Sequence) else (node,)
    mappings = [item for item in nodes if isinstance(item, Mapping)]
    if len(mappings) != len(nodes):
        raise YamlError(node.line, "<< takes another mapping: write <<: *NAME")
    return mappings
