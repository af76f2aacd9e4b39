"""A desk's watch list as it may leave the desk: in chat, for who edits there.

rows ─export→ Watchlist ─share→ with the routes of tags at their watches, without addresses that hold a secret → Shared
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from config.watchlist import Route, Watch, Watchlist
from watchers.fetch.redact import redact_url
from watchers.storage import tag_routes, watchlist
from watchers.storage.schema import desks
from watchers.storage.tag_routes import TagRoute
from watchers.storage.watchlist import FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A watch list without secrets, and what had to be left out for that."""

    watchlist: Watchlist
    secret_sources: int
    lost_watches: tuple[str, ...]  # that ask none but those sources


def share(connection: Connection, desk: int) -> Shared:
    """The desk's watch list for its people. The server that a desk of chat is, is nothing of the list."""
    told = watchlist.export(connection, desk)
    origin = connection.execute(select(desks.c.origin).where(desks.c.id == desk)).scalar_one()
    of_tags = tag_routes.of(connection, desk)
    sources = {name: source for name, source in told.sources.items() if redact_url(source.url) == source.url}
    words = {word for name, source in sources.items() for word in (name, *source.tags)}
    watches = {
        name: watch.model_copy(
            update={
                "routes": _routes(watch, of_tags),
                "sources": tuple(word for word in watch.sources if word in words),
            }
        )
        for name, watch in told.watches.items()
        if not watch.sources or words.intersection(watch.sources)
    }
    settings = told.desk if origin == FILE else told.desk.model_copy(update={"guild": None})
    return Shared(
        watchlist=told.model_copy(update={"desk": settings, "sources": sources, "watches": watches}),
        secret_sources=len(told.sources) - len(sources),
        lost_watches=tuple(name for name in told.watches if name not in watches),
    )


def _routes(watch: Watch, of_tags: Sequence[TagRoute]) -> tuple[Route, ...]:
    """A watch's own routes, then those of its tags to channels that it isn't led to yet."""
    found = {route.channel: route for route in watch.routes}
    for tag in watch.tags:
        for route in of_tags:
            if route.tag == tag and route.channel not in found:
                found[route.channel] = Route.model_validate(
                    {"channel": route.channel, "when": route.when, "mention": route.mention, "quiet": route.quiet}
                )
    return tuple(found.values())
