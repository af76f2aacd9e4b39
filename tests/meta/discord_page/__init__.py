"""What Discord would show, as a picture for the documentation: no network, no account, no client of Discord's.

    message JSON ─Shown─▶ message (embeds, components, modal) ─▶ page.render_page: one HTML page ─▶ shot.shoot: a PNG
                              each text through markdown (angles, moments)

The texts go through Discord's own rules for markdown, so that a picture also shows whether an escape holds.
"""

from tests.meta.discord_page.message import Shown
from tests.meta.discord_page.page import PHONE, WIDTH, render_page
from tests.meta.discord_page.shot import shoot

__all__ = ["PHONE", "WIDTH", "Shown", "render_page", "shoot"]
