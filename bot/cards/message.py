"""A card as a Discord message: what a webhook posts, and what the bot does.

The first line (the push preview, and what search finds) is `**Headline** · Outlet · <link>`. Below it is one embed:
the verbatim sentences or the changed words (description.py), why it matched, who was first, and the delivery's
reference. Everything a stranger wrote is escaped, no mention works but a routed role's, and each part keeps within
Discord's limits (https://discord.com/developers/docs/resources/message#embed-object-embed-limits), counted in UTF-16
units.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.description import description_of
from bot.cards.markdown import address, escaped, joined, linked, marked, when
from bot.cards.model import Attachment, Card, Carrier, EarlierStory, Tone, WatchWhy
from bot.cards.text import cut, escape, units
from watchers.models import AlertKind

_EMBED_TOTAL, _DESCRIPTION, _FIELD, _FOOTER = 6000, 4096, 1024, 2048
_CONTENT_HEADLINE, _CONTENT_LINK, _EMBED_LINK = 600, 800, 2048
_ROLES = 8
_COPIES_NAMED = 6
_MORE = 24  # room for “… and 9999 more”
_WATCH, _FOUND = 100, 500

_COLOURS: dict[Tone, int] = {
    "news": 0x2F6FDE,
    "change": 0xE0A100,
    "trouble": 0xD93A3A,
    "good": 0x2E9E5B,
    "quiet": 0x7A828C,
}
_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,19}")
_ATTACHMENT_BYTES = 8 * 1024 * 1024  # Discord takes 10 MiB


@dataclass(frozen=True, slots=True)
class Message:
    """The body of a post, and the file that goes with it."""

    payload: Mapping[str, Any]
    attachment: Attachment | None


def message_for(card: Card, *, with_file: bool = True) -> Message:
    """`card` as Discord's JSON. The attachment goes along only if the embed couldn't show everything.

    `with_file` False is for services that take the JSON alone: the embed shows what it can, and speaks of no file.
    """
    roles = [role for role in dict.fromkeys(card.mentions) if _SNOWFLAKE.fullmatch(role)][:_ROLES]
    footer = cut(card.footer, _FOOTER)
    fields = _fields(card)
    spent = units(card.demo or "") + units(footer) + sum(units(name) + units(value) for name, value in fields)
    description, whole = description_of(card, min(_DESCRIPTION, _EMBED_TOTAL - spent), with_file=with_file)

    embed: dict[str, Any] = {
        "color": _COLOURS[card.tone],
        "fields": [{"name": name, "value": value, "inline": False} for name, value in fields],
        "footer": {"text": footer},
    }
    if card.demo:
        embed["author"] = {"name": card.demo}
    if description:
        embed["description"] = description
    if card.link and card.link.clickable and _CONTENT_LINK < len(card.link.text) <= _EMBED_LINK:
        embed |= {"title": "Read it", "url": card.link.text}
    if card.image and _is_public_image(card.image):
        embed["thumbnail"] = {"url": card.image}

    payload: dict[str, Any] = {
        "content": _content(card, roles),
        "embeds": [embed],
        "allowed_mentions": {"parse": [], "roles": roles},
    }
    attachment = card.attachment if with_file and not whole else None
    if attachment:
        payload["attachments"] = [{"id": "0", "filename": attachment.filename}]
    return Message(payload, attachment and _within_bytes(attachment))


def _content(card: Card, roles: Sequence[str]) -> str:
    parts = [f"**{escaped(card.headline, _CONTENT_HEADLINE)}**"]
    if card.kind is not AlertKind.STORY_NEW:
        parts.append(card.label)
    if card.outlet:
        parts.append(escape(card.outlet))
    if card.link and len(card.link.text) <= _CONTENT_LINK:
        parts.append(address(card.link))
    # The roles come last: the preview on a phone begins with the news.
    return " · ".join(parts) + "".join(f" <@&{role}>" for role in roles)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────


def _fields(card: Card) -> list[tuple[str, str]]:
    fields = []
    if card.why:
        lines = [_why(line) for line in card.why]
        if card.why_left_off:
            lines.append(f"… and {card.why_left_off} more")
        fields.append(("Why", joined(lines, _FIELD, "\n")[0]))
    if card.first and (card.first.published or card.copies):
        fields.append(("First", _carrier(card.first)))
    if card.copies:
        fields.append((f"Copies ({len(card.copies)})", _copies(card.copies)))
    if card.earlier:
        fields.append(("Earlier", _earlier(card.earlier)))
    return fields


def _why(line: WatchWhy) -> str:
    return f"{escaped(line.watch, _WATCH)}: {marked(line.found, _FOUND)}"


def _copies(copies: Sequence[Carrier]) -> str:
    named = [_carrier(copy) for copy in copies[:_COPIES_NAMED]]
    while units(", ".join(named)) > _FIELD - _MORE:
        named.pop()
    left_off = len(copies) - len(named)
    return ", ".join(named) + (f" … and {left_off} more" if left_off else "")


def _carrier(carrier: Carrier) -> str:
    moment = f" {when(carrier.published)}" if carrier.published else ""
    link = None if carrier.own else carrier.link  # the first line has it already
    text = linked(carrier.outlet, link, _FIELD // 4) + moment
    return text if units(text) <= _FIELD // 2 else escaped(carrier.outlet, _FIELD // 4) + moment


def _earlier(story: EarlierStory) -> str:
    text = linked(story.headline, story.link, _FIELD // 4) + (f" · {escape(story.outlet)}" if story.outlet else "")
    if units(text) > _FIELD // 2:  # an endless address
        text = escaped(story.headline, _FIELD // 2)
    return text + (f" · {when(story.published)}" if story.published else "")


# ── image and file ───────────────────────────────────────────────────────────────────────────────────────


def _is_public_image(place: str) -> bool:
    """Discord refuses the whole post for an image address that it finds odd: only plain ones are sent."""
    return len(place) <= _EMBED_LINK and re.match(r"https?://[a-z0-9.-]+\.[a-z][a-z0-9-]+(?:/|$)", place) is not None


def _within_bytes(attachment: Attachment) -> Attachment:
    data = attachment.text.encode()
    if len(data) <= _ATTACHMENT_BYTES:
        return attachment
    return Attachment(attachment.filename, data[:_ATTACHMENT_BYTES].decode(errors="ignore"))
