"""A message as HTML: who asked, the app's name, content, embeds, files, components, and who can see it.

Shown ─message_html─▶ content (markdown), embeds, files (embeds), components, modal, each by its own module
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.components import components_html
from tests.meta.discord_page.embeds import embed_html, file_html
from tests.meta.discord_page.markdown import render
from tests.meta.discord_page.modal import modal_html
from tests.meta.discord_page.moments import beside_name

APP: Final = "Wiredesk"
_EPHEMERAL: Final = 1 << 6


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of the app, and how it came about.

    `payload` is the message as JSON, as it is posted or as the API answers it: `content`, `embeds`, `components` of
    either generation, `attachments`, `flags`. `invoked` is the command that `by` used (“/watch show”, or a menu's
    name), none for a post of the app's own accord. `ephemeral` says what bit 6 of `flags` says as well. `modal` is the
    data of a modal response, drawn as a dialog instead of a message where the payload is empty, else below it.
    `files` are the texts of attachments, by filename, of which the first lines are shown.
    """

    payload: Mapping[str, Any]
    invoked: str | None = None
    by: str = "Ann"
    ephemeral: bool = False
    modal: Mapping[str, Any] | None = None
    files: Mapping[str, str] = field(default_factory=dict)


def message_html(shown: Shown, viewer: Viewer) -> str:
    """`shown` for `viewer`, at whose moment it arrived."""
    message = _message(shown, viewer) if shown.payload else ""
    dialog = f'<div class="veil">{modal_html(shown.modal, viewer, APP)}</div>' if shown.modal else ""
    return message + dialog


def _message(shown: Shown, viewer: Viewer) -> str:
    payload = shown.payload
    ephemeral = shown.ephemeral or bool(payload.get("flags", 0) & _EPHEMERAL)
    parts = [
        _used(shown.invoked, shown.by) if shown.invoked else "",
        '<span class="avatar"></span>',
        _head(viewer),
        f'<div class="content">{render(payload["content"], viewer)}</div>' if payload.get("content") else "",
        *(file_html(attachment, shown.files) for attachment in payload.get("attachments") or ()),
        *(embed_html(embed, viewer) for embed in payload.get("embeds") or ()),
        components_html(payload.get("components") or (), viewer),
        _ONLY_YOU if ephemeral else "",
    ]
    return f'<div class="message{" ephemeral" if ephemeral else ""}">{"".join(parts)}</div>'


def _head(viewer: Viewer) -> str:
    at = beside_name(viewer.now, viewer.now)
    name = f'<span class="app">{APP}</span><span class="tag">APP</span>'
    return f'<div class="head">{name}<span class="at">{at}</span></div>'


def _used(invoked: str, by: str) -> str:
    initial = escape(by[:1].upper())
    return (
        f'<div class="used"><span class="spine"></span><span class="person">{initial}</span>'
        f'<b>{escape(by)}</b> used <span class="command">{escape(invoked)}</span></div>'
    )


_ONLY_YOU: Final = '<div class="only"><span class="eye"></span>Only you can see this · <a>Dismiss message</a></div>'
