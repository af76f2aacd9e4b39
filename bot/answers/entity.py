"""Answers about entities."""

from discord import Embed

from bot.answers.reply import card, said
from bot.cards.words import counted
from bot.nouns import Line
from watchers.storage.names import NamedEntity

FILE_MARK = "📄"  # rows that are the watch-list file's
FILE_NOTE = f"{FILE_MARK} comes from the watch-list file: read-only until adopted"


def line(entity: NamedEntity) -> Line:
    """An entity in a list."""
    marks = f" {FILE_MARK}" if entity.origin == "file" else ""
    rest = " (no longer in the file)" if entity.state != "active" else ""
    also = f" · {counted(len(entity.aliases), 'more name')}" if entity.aliases else ""
    return Line(
        id=entity.id,
        text=f"- **@{said(entity.name)}**{marks} {said(entity.label, 120)}{also}{rest}",
        label=f"@{entity.name}",
        hint=entity.label,
    )


def shown(entity: NamedEntity, used_by: tuple[str, ...]) -> Embed:
    """An entity with all its names and the watches that ask for it."""
    return card(
        f"@{said(entity.name)}",
        f"**{said(entity.label)}**",
        fields=(
            ("Also called", ", ".join(said(alias, 100) for alias in entity.aliases) or "nothing else"),
            ("Asked for by", ", ".join(said(name) for name in used_by) or "no watch yet"),
        ),
        footer=FILE_NOTE if entity.origin == "file" else "",
    )
