"""What must hold of any Discord message that a card becomes, whoever wrote its words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cards.text import units


def texts(payload: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Each text of a message with its limit."""
    yield payload["content"], 2000
    (embed,) = payload["embeds"]
    yield embed.get("description", ""), 4096
    yield embed.get("author", {}).get("name", ""), 256
    yield embed.get("title", ""), 256
    yield embed["footer"]["text"], 2048
    for field in embed["fields"]:
        assert field["value"]
        yield field["name"], 256
        yield field["value"], 1024


def markup(payload: Mapping[str, Any]) -> str:
    """All text in which Discord reads markdown."""
    (embed,) = payload["embeds"]
    return "\n".join([payload["content"], embed.get("description", ""), *(field["value"] for field in embed["fields"])])


def is_within_limits(payload: Mapping[str, Any]) -> None:
    for text, limit in texts(payload):
        assert units(text) <= limit
    assert sum(units(text) for text, _ in list(texts(payload))[1:]) <= 6000


def is_harmless(payload: Mapping[str, Any]) -> None:
    """Nothing of a stranger is a mention, a link or code."""
    assert payload["allowed_mentions"] == {"parse": [], "roles": []}
    disarmed = re.sub(r"\\([^0-9A-Za-z\s])", "·", markup(payload))  # what a backslash disarms means nothing
    ours = re.sub(r"<https?://[^\s<>]*>|\[[^\[\]<>`|]*\]\(https?://[^\s()]*\)|<t:-?\d+:[Rf]>", "", disarmed)
    assert not re.search(r"[<>`\[\]|]|://", ours)
    assert not re.search(r"@(?:everyone|here)|<@|<#|</", ours, re.IGNORECASE)
