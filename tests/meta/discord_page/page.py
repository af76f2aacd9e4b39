"""The page that is photographed: messages in one chat column, with all its style in it and nothing fetched."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.message import Shown, message_html

STYLE: Final = Path(__file__).with_name("style.css")
WIDTH: Final = 720  # CSS pixels: a chat column on a desk
PHONE: Final = 390


def render_page(messages: Sequence[Shown], *, now: datetime, names: Mapping[str, str], width: int = WIDTH) -> str:
    """The messages as one HTML page.

    `now` (aware) is the moment of looking: times are told from it and on its clock. `names` gives what roles, users
    and channels are called by their ids, without `@` and `#`; any other id is shown as unknown. `width` is the
    column's, in CSS pixels.
    """
    viewer = Viewer(now=now, names=names)
    body = "\n".join(message_html(shown, viewer) for shown in messages)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Messages</title>'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style></head>\n"
        f'<body style="width:{width}px">{body}</body></html>\n'
    )
