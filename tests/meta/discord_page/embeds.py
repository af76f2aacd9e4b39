"""Embeds and files of a message, as HTML.

Author, footer and addresses are plain text to Discord's clients; title, description and fields are markdown. Pictures
are neutral boxes: nothing is fetched.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from tests.meta.discord_page.angles import Viewer, anchor
from tests.meta.discord_page.markdown import render
from tests.meta.discord_page.moments import beside_name

_IN_A_ROW: Final = 3
_PREVIEWED: Final = (".txt", ".yaml", ".yml", ".csv", ".json", ".opml", ".log")
_PREVIEW_LINES: Final = 6
_KIB: Final = 1024


def embed_html(embed: Mapping[str, Any], viewer: Viewer) -> str:
    """One embed: a bar in its colour, and its parts in Discord's order."""
    parts = [
        _author(embed.get("author")),
        _title(embed, viewer),
        f'<div class="description">{render(embed["description"], viewer)}</div>' if embed.get("description") else "",
        _fields(embed.get("fields") or (), viewer),
        _picture(embed.get("image"), "image"),
        _footer(embed, viewer),
    ]
    colour = f"#{embed.get('color') or 0x1E1F22:06x}"
    main = "".join(parts)
    thumbnail = _picture(embed.get("thumbnail"), "thumbnail")
    return f'<div class="embed" style="border-color:{colour}"><div class="main">{main}</div>{thumbnail}</div>'


def _author(author: Mapping[str, Any] | None) -> str:
    if not author:
        return ""
    name = escape(author["name"])
    icon = '<span class="icon"></span>' if author.get("icon_url") else ""
    return f'<div class="author">{icon}{anchor(author["url"], name) if author.get("url") else name}</div>'


def _title(embed: Mapping[str, Any], viewer: Viewer) -> str:
    if not embed.get("title"):
        return ""
    words = render(embed["title"], viewer, links=False)
    return f'<div class="title">{anchor(embed["url"], words) if embed.get("url") else words}</div>'


def _fields(fields: Sequence[Mapping[str, Any]], viewer: Viewer) -> str:
    """Fields in rows: up to three neighbours that are inline share one, any other has its own."""
    rows: list[list[Mapping[str, Any]]] = []
    for field in fields:
        open_row = rows and rows[-1][0].get("inline") and len(rows[-1]) < _IN_A_ROW
        if field.get("inline") and open_row:
            rows[-1].append(field)
        else:
            rows.append([field])
    html = "".join(f'<div class="row">{"".join(_field(field, viewer) for field in row)}</div>' for row in rows)
    return f'<div class="fields">{html}</div>' if rows else ""


def _field(field: Mapping[str, Any], viewer: Viewer) -> str:
    name, value = render(field["name"], viewer, links=False), render(field["value"], viewer)
    return f'<div class="field"><div class="name">{name}</div><div class="value">{value}</div></div>'


def _picture(picture: Mapping[str, Any] | None, kind: str) -> str:
    return f'<div class="picture {kind}"></div>' if picture else ""


def _footer(embed: Mapping[str, Any], viewer: Viewer) -> str:
    texts = [escape(embed["footer"]["text"])] if embed.get("footer") else []
    if embed.get("timestamp"):
        texts.append(beside_name(datetime.fromisoformat(embed["timestamp"]), viewer.now))
    return f'<div class="footer">{"<b>•</b>".join(texts)}</div>' if texts else ""


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────


def file_html(attachment: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The card of an attachment; of a text file, whose text is in `texts`, it shows the first lines."""
    name: str = attachment["filename"]
    text = texts.get(name)
    size = attachment.get("size", len(text.encode()) if text is not None else None)
    if text is not None and name.endswith(_PREVIEWED):
        lines = text.splitlines()
        more = len(lines) - _PREVIEW_LINES
        preview = escape("\n".join(lines[:_PREVIEW_LINES]))
        left = f'<span class="left">… {more} more lines</span>' if more > 0 else ""
        head = f'<div class="bar"><span class="filename">{escape(name)}</span> {_size(size)}{left}</div>'
        return f'<div class="file text"><pre>{preview}</pre>{head}</div>'
    label = f'<div><div class="filename">{escape(name)}</div>{_size(size)}</div>'
    return f'<div class="file"><span class="sheet"></span>{label}</div>'


def _size(size: int | None) -> str:
    if size is None:
        return ""
    words = (
        f"{size} bytes" if size < _KIB else f"{size / _KIB:.1f} KB" if size < _KIB**2 else f"{size / _KIB**2:.1f} MB"
    )
    return f'<span class="size">{words}</span>'
