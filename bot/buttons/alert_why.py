"""Why an alert was sent, for its button and for the message menu: what was told then, beside the watches of today.

alert's row ─why_reply→ Reply: words and sentences, queries, what else matched, where else it went
"""

import asyncio
from collections.abc import Sequence

from bot.answers import alert as answers
from bot.answers.alert import WatchToday
from bot.answers.reply import Reply, said
from bot.asking import Ask
from watchers.errors import QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.models import AlertKind, Reading
from watchers.storage import alerts
from watchers.storage.alerts import Kept
from watchers.storage.names import DeskNames


async def why_reply(ask: Ask, kept: Kept, here: str | None) -> Reply:
    """Why an alert was sent. `here` is the message that is asked about."""
    alert = kept.alert
    if alert.kind is AlertKind.DIGEST:
        return Reply(embed=answers.members(alert))
    if not alert.watches:
        return Reply(embed=answers.own_notice(alert))
    texts = await ask.read(alerts.readings, kept)
    also = await ask.read(alerts.also_matched, kept)
    places = await ask.read(alerts.sent, kept)
    told, further = alert.watches[: answers.WATCHES], alert.watches[answers.WATCHES :]
    watches = await asyncio.to_thread(_today, ask.desk, told, texts)
    elsewhere = answers.went(places, str(ask.interaction.guild_id), here)
    return Reply(embed=answers.why(alert, watches, further, also, elsewhere))


def _today(desk: DeskNames, names: Sequence[str], texts: Sequence[Reading]) -> list[WatchToday]:
    return [watch_today(desk, name, texts) for name in names]


def watch_today(desk: DeskNames, name: str, texts: Sequence[Reading]) -> WatchToday:
    """A watch as it is now, and whether it would still bring these texts."""
    watch = next((watch for watch in desk.watches if watch.name == name), None)
    if watch is None:
        return WatchToday(name=name, query=None, note="⚠ This watch is gone: it was removed since.")
    try:
        matcher = Matcher({watch.id: compile_query(watch.query, desk.entity_names)})
    except QueryError as error:
        note: str | None = f"⚠ Today its query can't be understood: {said(error.message)}."
    else:
        found = [matcher.match(_document(text)) for text in texts]
        note = None
        if found and not any(found):
            note = "⚠ Today it would not bring this: the watch, an entity or the text was changed since."
        elif watch.state != "active":
            note = "⏸ It is paused now."
    return WatchToday(name=name, query=watch.query, note=note)


def _document(text: Reading) -> Document:
    return Document(title=text.title, text=text.text, outlet=text.outlet, language=text.language, url=text.url)
