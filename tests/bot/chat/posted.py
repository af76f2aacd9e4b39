"""Alerts of a server's desk, posted with their buttons: an article comes, is matched, told, and sent to its channel.

alert = await post_story(room, room.first)
answer = await room.ann.click(alert.message, label="Why?")
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from sqlalchemy import Connection, insert, select

from bot.buttons.alert import alert_view
from config.watchlist import Source, Watch
from tests.bot.chat.newsroom import Room, Server
from watchers.listening import listen
from watchers.models import Alert, Outcome, Outgoing, Reading
from watchers.slots import Due
from watchers.storage import desks, outbox, sending, told
from watchers.storage import sources as source_rows
from watchers.storage.outbox import Address
from watchers.storage.placing import Arrival, Manner
from watchers.storage.recording import Recorded, record
from watchers.storage.schema import channels, follows, items
from watchers.stories.fingerprint import fingerprint
from watchers.stories.identity import addresses, article_hash

BODY = (
    "The harbor commission voted on Monday to switch off the harbor cameras along the eastern quay, after residents "
    "had complained for a year that the devices followed them to their doors.\n\n"
    "Commissioner Odile Farrant, who wrote the motion, said that nobody had ever explained to her what the recordings "
    "were used for, or who had looked at them during the winter of the great storms."
)
QUERIES: Mapping[str, str] = {"cameras": '"harbor cameras"'}


@dataclass(frozen=True, slots=True)
class Posted:
    """An alert in a channel."""

    outgoing: Outgoing
    message: discord.Message

    @property
    def alert_id(self) -> int:
        assert self.outgoing.alert_id is not None
        return self.outgoing.alert_id


def desk_of(server: Server) -> int:
    """The desk of a server that was set up."""
    assert server.desk is not None
    return server.desk


def story(title: str = "Quay goes dark", **more: Any) -> Reading:
    """A report that the watch `cameras` names."""
    given: dict[str, Any] = {"text": BODY, "url": "https://courier.example/quay", "outlet": "Courier", **more}
    return Reading(outcome=Outcome.OK, title=title, **given)


async def follow(
    room: Room, server: Server, *, queries: Mapping[str, str] = QUERIES, sources: Any = ("courier",)
) -> None:
    """Give a server's desk watches that post to its channel, and sources."""

    def tell(connection: Connection, desk: int) -> None:
        channel = connection.execute(select(channels.c.name).where(channels.c.desk_id == desk).limit(1)).scalar_one()
        for name in sources:
            told.add_source(connection, desk, name, Source(url=f"https://{name}.example/feed"))
        for name, query in queries.items():
            watch = Watch.model_validate({"query": query, "routes": [channel]})
            told.add_watch(connection, desk, name, watch, now=room.now[0])

    await room.database.write(tell, desk_of(server))
    await room.office.refresh()


async def bring(room: Room, server: Server, article: Reading, *, through: tuple[str, ...] = ("courier",)) -> Recorded:
    """An article comes to a server's desk, shown by its sources."""

    def come(connection: Connection, desk: int) -> Recorded:
        listening = listen(desks.load(connection))
        by_name = {
            row.name: row.source_id for row in connection.execute(select(follows).where(follows.c.desk_id == desk))
        }
        ids = [by_name[name] for name in through]
        first = source_rows.load(connection, ids[0])
        assert first is not None
        follows_of_desk = tuple(each for each in first.follows if each.desk_id == desk)
        arrival = Arrival(
            names=addresses(article.url),
            source_id=ids[0],
            reading=article,
            text_hash=article_hash(article),
            fingerprint=fingerprint(article.text),
            matches=listening.hear(article, follows_of_desk),
        )
        recorded = record(connection, arrival, listening.told, Manner(), room.now[0])
        for source_id in ids:
            shown = {"source_id": source_id, "content_key": "", "state": "read", "silent": False, "shown": {}}
            seen = {"title": article.title, "first_seen": room.now[0], "article_id": recorded.saved.article_id}
            connection.execute(insert(items).values(**shown, **seen))
        return recorded

    recorded: Recorded = await room.database.write(come, desk_of(server))
    return recorded


async def tell(room: Room, server: Server, alert: Alert) -> None:
    """Tell an alert that is no story at the server's channel."""

    def put(connection: Connection, desk: int) -> None:
        channel = connection.execute(select(channels.c.id).where(channels.c.desk_id == desk).limit(1)).scalar_one()
        address = Address(channel_id=channel, due=Due(room.now[0], None), mentions=())
        outbox.tell(connection, desk, alert, [address], now=room.now[0])

    await room.database.write(put, desk_of(server))


async def post(room: Room, server: Server, *, burst: int = 5) -> Posted:
    """Send what a server's channel has next, with the buttons under it."""

    def take(connection: Connection, desk: int) -> sending.Taken | None:
        channel = connection.execute(select(channels.c.id).where(channels.c.desk_id == desk).limit(1)).scalar_one()
        return sending.take(connection, channel, now=room.now[0], burst=burst)

    taken = await room.database.write(take, desk_of(server))
    assert taken is not None, "there is nothing to send"
    channel = room.env.bot.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = alert_view(taken.outgoing) or discord.utils.MISSING
    message = await channel.send(f"**{taken.outgoing.alert.title}**", view=view)
    await room.database.write(sending.mark_sent, taken, message_id=str(message.id), now=room.now[0])
    return Posted(taken.outgoing, message)


async def post_story(room: Room, server: Server, article: Reading | None = None, **more: Any) -> Posted:
    """A story comes and is posted."""
    await bring(room, server, article or story(), **more)
    return await post(room, server)


async def press(room: Room, who: Any, message: discord.Message, custom_id: str) -> Any:
    """Press what isn't there: a message of the bot's own with a button of that name, as nobody could make it."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Forged", custom_id=custom_id))
    channel = room.env.bot.get_channel(message.channel.id)
    assert isinstance(channel, discord.TextChannel)
    forged = await channel.send("forged", view=view)
    return await who.click(forged, custom_id=custom_id)
