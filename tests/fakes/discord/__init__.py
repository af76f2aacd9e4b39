"""A fake Discord over real HTTP and a real gateway websocket, for an unmodified client in or out of the process.

    with FakeDiscord() as discord:
        guild = discord.guild("The Daily")
        room = guild.channel("newsroom")
        ann = guild.member("ann")
        ...                                     # start the bot at discord.api with discord.token
        discord.wait_ready()
        answer = discord.slash(ann, room, "watch add", name="wind")
        discord.press(ann, answer, "Save")

From the wire inwards: `server` (thread, public face) → `front` (log, referee, limits, trouble) → the routes in
`places`, `messages`, `commands`, `exchanges` → the state in `world`, `guilds`, `channels`, `posts`. `gateway` sends the
state's events to the bot; `acting` makes interactions of what people do, typed by `filling`; `answers` is what comes
back. `drafts`, `components`, `mentions`, `permissions` and `errors` hold Discord's rules, `trouble` breaks them on
purpose, and `referee` checks both sides against Discord's published OpenAPI document. `client` and `sample` are what
the fake's own tests try it with: an unmodified discord.py client, and a bot that uses everything once.
"""

from tests.fakes.discord.answers import Answer, Modal
from tests.fakes.discord.channels import Channel, Webhook
from tests.fakes.discord.guilds import Guild, Member, Role
from tests.fakes.discord.posts import Attachment, Post, Upload
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.trouble import Accept, Cut, Hang, RateLimited, Status, Trouble
from tests.fakes.discord.world import Request

__all__ = [
    "Accept",
    "Answer",
    "Attachment",
    "Channel",
    "Cut",
    "FakeDiscord",
    "Guild",
    "Hang",
    "Member",
    "Modal",
    "Post",
    "RateLimited",
    "Request",
    "Role",
    "Status",
    "Trouble",
    "Upload",
    "Webhook",
]
