"""`wiredesk channel …`: where alerts go. `test` sends one card through the real channel."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.channels import Surroundings, make_channel
from bot.channels.discord import Poster
from bot.cli import context
from bot.cli.output import answer_console, emit
from bot.cli.rows import Json, Named, add_verbs, answer, noun_commands
from bot.line import Line
from bot.live_channels import channel_spec, why_unusable
from bot.web import make_guard, own_name
from config.settings import Settings, load_settings
from watchers.clock import Clock
from watchers.errors import CannotRun
from watchers.fetch.transport import guarded_client
from watchers.models import Alert, AlertKind, Outgoing, Refused, Retry, SendResult, Sent
from watchers.storage import desks, listing, meta, told, unusable
from watchers.storage.database import Database
from watchers.storage.desks import ChannelView
from watchers.storage.listing import ChannelListing

app = noun_commands("channel", summary="Where alerts go: the terminal, webhooks, other chats.")

_TIMEOUT = 20.0  # seconds for each step of a request
_TEST = Outgoing(
    reference="test",
    alert=Alert(
        key=f"{AlertKind.DESK_NOTICE.value}:test",
        kind=AlertKind.DESK_NOTICE,
        title="A test: this channel receives what the desk sends.",
        note="Someone ran `wiredesk channel test`. Nothing happened in the world.",
    ),
)


def lines(database: Database, desk: int) -> list[dict[str, Any]]:
    """The desk's channels as JSON lines. One that can't be used has for its reason why, and who found that."""
    with database.reading() as connection:
        found = listing.channels_of(connection, desk)
        views = {view.name: view for view in desks.all_channels(connection) if view.desk_id == desk}
        of_desk = unusable.known(connection)
        runs = meta.runs(connection, context.now())
    bot = load_settings(os.environ).discord_token is not None

    def reason(channel: ChannelListing) -> str | None:
        view = views[channel.name]
        if view.state != desks.ACTIVE:
            return channel.reason
        if (why := of_desk.get(view.id)) is not None:
            return f"the desk can't use it: {why}"
        if runs or (why := why_unusable(view, os.environ, bot=bot)) is None:
            return channel.reason
        return f"it can't be used from here: {why} (a desk with another environment may)"

    return [asdict(replace(channel, reason=reason(channel))) for channel in found]


@app.command("list")
def list_channels(as_json: Json = False) -> None:
    """List the channels, and how many deliveries wait for each."""
    with context.database() as database:
        found = lines(database, context.desk_of(database))
    columns = ("name", "kind", "state", "reason", "waiting", "origin")
    empty = "No channel: name one in the watch-list file."
    answer(found, columns, itemgetter(*columns), as_json=as_json, empty=empty)


@app.command("test")
def send_test(name: Named, as_json: Json = False) -> None:
    """Send one test card, also to a paused channel. Exit 0 when its service took it."""
    settings = context.settings()
    with context.database() as database:
        desk_id = context.desk_of(database)
        with database.reading() as connection:
            row = told.find(connection, desk_id, "channel", name)
            desk = next(desk for desk in desks.load(connection).desks if desk.id == desk_id)
    view = next(channel for channel in desk.channels if channel.id == row.id)
    result = asyncio.run(_send(settings, os.environ, view, ZoneInfo(desk.timezone), as_json=as_json))
    line = _result_line(view, result)
    if as_json:
        emit(line)
    else:
        word = {"sent": "took it", "retry": "did not take it now", "refused": "refused it"}[line["result"]]
        told_why = f": {line['error']}" if line["error"] else ""
        answer_console(as_json=False).print(Text(f"channel {name}: the service {word}{told_why}"))
    if not isinstance(result, Sent):
        raise CannotRun(f"channel {name}: the test was not sent")


async def _send(
    settings: Settings, environ: Mapping[str, str], view: ChannelView, timezone: ZoneInfo, *, as_json: bool
) -> SendResult:
    async with guarded_client(make_guard(settings), timeout=_TIMEOUT, headers=own_name(settings)) as http:
        line = None
        if settings.discord_token is not None and view.kind == "discord":
            line = Line(settings.discord_token.get_secret_value(), settings.discord_api)
            await line.sign_in()
        surroundings = Surroundings(
            console=answer_console(as_json=as_json),
            http=http,
            clock=Clock(),
            timezone=timezone,
            poster=None if line is None else Poster(line, lambda _: None),
        )
        channel = make_channel(channel_spec(view, environ), surroundings)
        try:
            # Each test is one of its own: Discord gives a post of the same reference again instead of a new one.
            return await channel.send(replace(_TEST, reference=f"test-{secrets.token_hex(4)}"))
        finally:
            if line is not None:
                await line.aclose()


def _result_line(view: ChannelView, result: SendResult) -> dict[str, Any]:
    line: dict[str, Any] = {"channel": view.name, "kind": view.kind, "result": "sent", "error": None}
    match result:
        case Sent(message_id):
            return line | {"message_id": message_id}
        case Retry(error):
            return line | {"result": "retry", "error": error, "message_id": None}
        case Refused(error):
            return line | {"result": "refused", "error": error, "message_id": None}


add_verbs(app, "channel", ("pause", "resume", "adopt"), lines)
