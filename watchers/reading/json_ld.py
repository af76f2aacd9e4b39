"""schema.org's JSON-LD in a page's scripts → the fields of the article that it describes.

Publishers write it by hand and by plug-in: lists, `@graph`, nesting, entities within strings, trailing commas. What
doesn't parse is left out, for a page without it is an ordinary page.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final

from watchers.sources.plain_text import clean

_RANKS: Final = (  # what a page is about goes before what else stands on it
    re.compile(r"\w*Article|BlogPosting|LiveBlogPosting|Report|Legislation|SpecialAnnouncement|DiscussionForumPosting"),
    re.compile(r"WebPage|ItemPage|GovernmentService|VideoObject|PodcastEpisode"),
)
_MOST_NODES: Final = 2_000


def article_node(scripts: list[str]) -> Mapping[str, object]:
    """The node that describes the page's article: an article's before a mere page's; empty if there is none."""
    nodes = list(_nodes(scripts))
    return next((node for kind in _RANKS for node in nodes if any(map(kind.fullmatch, _types(node)))), {})


def text_of(value: object) -> str:
    """A text property as one line; its first value where it is a list, a thing's name where it is a thing."""
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, Mapping):
        value = value.get("name")
    return " ".join(clean(unescape(value)).split()) if isinstance(value, str) else ""


def names_of(value: object) -> list[str]:
    """The names of people or organisations: one, or a list of them."""
    return [name for one in (value if isinstance(value, list) else [value]) if (name := text_of(one))]


def address_of(value: object) -> str:
    """The address in an image property: a string, a thing with `url`, or a list of either."""
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, Mapping):
        value = value.get("url") or value.get("contentUrl")
    return clean(value).strip() if isinstance(value, str) else ""


def _nodes(scripts: list[str]) -> Iterator[Mapping[str, object]]:
    """Every object within the scripts, in the order of the document, at most `_MOST_NODES`."""
    waiting = [parsed for script in reversed(scripts) if (parsed := _parsed(script)) is not None]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, Mapping):
            yield value
            waiting.extend(value[key] for key in ("mainEntity", "mainEntityOfPage", "@graph") if key in value)


def _parsed(script: str) -> object:
    script = script.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip(" \t\r\n;")
    try:
        parsed: object = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None
    return parsed


def _types(node: Mapping[str, object]) -> list[str]:
    named = node.get("@type")
    names = named if isinstance(named, list) else [named]
    return [name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)]
