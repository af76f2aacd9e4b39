"""A card as a Discord message: what a webhook posts, and what a bot would.

The first line (the push preview, and what search finds) is `**Headline** · Outlet · <link>`. Below it is one embed:
the verbatim sentences or the changed words, why it matched, who was first, and the delivery's reference. Everything
a stranger wrote is escaped, no mention works but a routed role's, and each part keeps within Discord's limits
(https://discord.com/developers/docs/resources/message#embed-object-embed-limits), counted in UTF-16 units.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cards.model import Attachment, Card, Carrier, ChangedParagraph, Entry, Link, Tone, WhyLine
from bot.cards.spans import cut_marked
from bot.cards.text import cut, escape, units
from bot.cards.words import counted
from watchers.models import AlertKind

_EMBED_TOTAL, _DESCRIPTION, _FIELD, _AUTHOR, _FOOTER = 6000, 4096, 1024, 256, 2048
_CONTENT_HEADLINE, _CONTENT_LINK, _EMBED_LINK = 600, 800, 2048
_ROLES = 8
_COPIES_NAMED = 6
_MORE = 24  # room for “… and 9999 more”
_SENTENCE, _WATCHES = 280, 100  # so that two long lines of evidence fit into a field
_ATTACHMENT_BYTES = 8 * 1024 * 1024  # Discord takes 10 MiB

_COLOURS: dict[Tone, int] = {
    "news": 0x2F6FDE,
    "change": 0xE0A100,
    "trouble": 0xD93A3A,
    "good": 0x2E9E5B,
    "quiet": 0x7A828C,
}
_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,19}")


@dataclass(frozen=True, slots=True)
class Message:
    """The body of a post, and the file that goes with it."""

    payload: Mapping[str, Any]
    attachment: Attachment | None


def message_for(card: Card) -> Message:
    """`card` as Discord's JSON. The attachment goes along only if the embed couldn't show everything."""
    roles = [role for role in dict.fromkeys(card.mentions) if _SNOWFLAKE.fullmatch(role)][:_ROLES]
    author = cut(" · ".join(filter(None, (card.label, card.demo))), _AUTHOR)
    footer = cut(card.footer, _FOOTER)
    fields = _fields(card)
    spent = units(author) + units(footer) + sum(units(name) + units(value) for name, value in fields)
    description, whole = _description(card, min(_DESCRIPTION, _EMBED_TOTAL - spent))

    embed: dict[str, Any] = {
        "color": _COLOURS[card.tone],
        "author": {"name": author},
        "fields": [{"name": name, "value": value, "inline": False} for name, value in fields],
        "footer": {"text": footer},
    }
    if description:
        embed["description"] = description
    if card.published:
        embed["timestamp"] = card.published.isoformat()
    if card.link and card.link.clickable and len(card.link.text) <= _EMBED_LINK:
        embed["url"] = card.link.text
    if card.image and _is_public_image(card.image):
        embed["thumbnail"] = {"url": card.image}

    payload: dict[str, Any] = {
        "content": _content(card, roles),
        "embeds": [embed],
        "allowed_mentions": {"parse": [], "roles": roles},
    }
    attachment = card.attachment if not whole else None
    if attachment:
        payload["attachments"] = [{"id": "0", "filename": attachment.filename}]
    return Message(payload, attachment and _within_bytes(attachment))


def _content(card: Card, roles: Sequence[str]) -> str:
    parts = [f"**{_escaped(card.headline, _CONTENT_HEADLINE)}**"]
    if card.kind is not AlertKind.STORY_NEW:
        parts.append(card.label)
    if card.outlet:
        parts.append(escape(card.outlet))
    if card.link and len(card.link.text) <= _CONTENT_LINK:
        parts.append(_link(card.link))
    # The roles come last: the preview on a phone begins with the news.
    return " · ".join(parts) + "".join(f" <@&{role}>" for role in roles)


def _escaped(text: str, limit: int) -> str:
    return escape(cut(text, limit, lambda part: units(escape(part))))


def _link(link: Link) -> str:
    return f"<{link.text}>" if link.clickable else escape(link.text)


def _when(moment: datetime | None) -> str:
    return f"<t:{int(moment.timestamp())}:R>" if moment else "undated"


# ── description ──────────────────────────────────────────────────────────────────────────────────────────


def _description(card: Card, limit: int) -> tuple[str, bool]:
    """The main part within `limit` units, and whether all of it is there."""
    blocks = [_escaped(sentence, limit // 2) for sentence in card.summary]
    if card.note:
        blocks.append(_escaped(card.note, limit // 2))
    lead = "\n".join(blocks)
    if not card.changes and not card.groups:
        return _fitted(blocks, limit, "\n")
    room = limit - units(lead) - 2
    if room < limit // 2:  # what changed matters more than what is said about it
        lead, room = "", limit
    if card.changes:
        rest, whole = _redline(card.changes, room)
    else:
        rest, whole = _fitted(_entry_lines(card), room, "\n")
    return (f"{lead}\n\n{rest}" if lead else rest), whole


def _redline(changes: Sequence[ChangedParagraph], limit: int) -> tuple[str, bool]:
    """The changed paragraphs, none so long that the first leaves no room for a second."""
    longest = limit if len(changes) == 1 else limit // 2
    blocks = [_change(change, longest) for change in changes]
    text, all_there = _fitted(blocks, limit, "\n\n")
    return text, all_there and blocks == [_change(change, 2 * limit) for change in changes]


def _fitted(blocks: Sequence[str], limit: int, separator: str) -> tuple[str, bool]:
    """As many of `blocks` as fit, and a word on how many are missing."""
    text = separator.join(blocks)
    if units(text) <= limit:
        return text, True
    kept: list[str] = []
    for block in blocks:
        tail = f"… and {len(blocks) - len(kept)} more"
        if units(separator.join([*kept, block, tail])) > limit:
            break
        kept.append(block)
    return separator.join([*kept, f"… and {len(blocks) - len(kept)} more"]), False


def _change(change: ChangedParagraph, limit: int) -> str:
    heading = f"**{_escaped(change.heading, limit // 3)}**\n" if change.heading else ""
    return heading + cut_marked(change.text, limit - units(heading), _escape_marked)


def _escape_marked(text: str) -> str:
    # A tilde beside the closing ~~ would close it early, backslash or not.
    return escape(text).replace("~", "~\N{ZERO WIDTH SPACE}")


def _entry_lines(card: Card) -> list[str]:
    lines = []
    for group in card.groups:
        for position, entry in enumerate(group.entries):
            title = f"__{escape(group.name)}__ ({len(group.entries)})\n" if position == 0 else ""
            lines.append(f"{title}- {_entry(entry)}")
    return lines


def _entry(entry: Entry) -> str:
    parts = [f"**{_escaped(entry.headline, 300)}**"]
    parts += [escape(part) for part in (entry.label, entry.outlet) if part]
    if entry.published:
        parts.append(_when(entry.published))
    if entry.copies:
        parts.append(counted(entry.copies, "copy", "copies"))
    if entry.also:
        parts.append("also " + _escaped(", ".join(entry.also), 200))
    if entry.link and len(entry.link.text) <= _CONTENT_LINK:
        parts.append(f"[read]({entry.link.text})" if entry.link.clickable else escape(entry.link.text))
    return " · ".join(parts)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────


def _fields(card: Card) -> list[tuple[str, str]]:
    fields = []
    if card.why:
        lines = [_why(line) for line in card.why]
        if card.why_left_off:
            lines.append(f"… and {card.why_left_off} more")
        fields.append(("Why", _fitted(lines, _FIELD, "\n")[0]))
    if card.carriers:
        first, *copies = card.carriers
        fields.append(("First", _carrier(first)))
        if copies:
            fields.append((f"Copies ({len(copies)})", _copies(copies)))
    return fields


def _why(line: WhyLine) -> str:
    watches = _escaped(", ".join(line.watches), _WATCHES)
    if not line.sentence:
        return f"{watches}: {line.place}"
    return f"“{cut_marked(line.sentence, _SENTENCE, _escape_marked)}” ({line.place}; {watches})"


def _copies(copies: Sequence[Carrier]) -> str:
    lines = [_carrier(copy) for copy in copies[:_COPIES_NAMED]]
    while units("\n".join(lines)) > _FIELD - _MORE:
        lines.pop()
    left_off = len(copies) - len(lines)
    return "\n".join([*lines, f"… and {left_off} more"] if left_off else lines)


def _carrier(carrier: Carrier) -> str:
    link = f" · [read]({carrier.link.text})" if carrier.link and carrier.link.clickable else ""
    text = f"{escape(carrier.outlet)} · {_when(carrier.published)}"
    return text + link if units(text + link) <= _FIELD // 2 else text


# ── image and file ───────────────────────────────────────────────────────────────────────────────────────


def _is_public_image(address: str) -> bool:
    """Discord refuses the whole post for an image address that it finds odd: only plain ones are sent."""
    return (
        len(address) <= _EMBED_LINK and re.match(r"https?://[a-z0-9.-]+\.[a-z][a-z0-9-]+(?:/|$)", address) is not None
    )


def _within_bytes(attachment: Attachment) -> Attachment:
    data = attachment.text.encode()
    if len(data) <= _ATTACHMENT_BYTES:
        return attachment
    return Attachment(attachment.filename, data[:_ATTACHMENT_BYTES].decode(errors="ignore"))
