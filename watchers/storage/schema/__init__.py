"""Every table, once, for SQLite and PostgreSQL alike.

Scope: what the web shows (sources, items, articles, versions) is global, fetched and stored once however many desks
follow it. What a desk thinks of it (watches, matches, stories, placements, known stories, alerts, deliveries) carries
`desk_id`. Nothing here decides anything; the modules beside this one read and write these tables.
"""

from watchers.storage.schema.acted import audit, dismissals, drafts, mutes
from watchers.storage.schema.columns import Moment, metadata
from watchers.storage.schema.judged import (
    alerts,
    deliveries,
    known_addresses,
    known_stories,
    matches,
    placements,
    posts,
    stories,
)
from watchers.storage.schema.shown import (
    article_addresses,
    articles,
    fingerprints,
    follows,
    items,
    revisions,
    shingles,
    sources,
    versions,
)
from watchers.storage.schema.told import channels, desks, entities, leases, meta, routes, tag_routes, watches

__all__ = [
    "Moment",
    "alerts",
    "article_addresses",
    "articles",
    "audit",
    "channels",
    "deliveries",
    "desks",
    "dismissals",
    "drafts",
    "entities",
    "fingerprints",
    "follows",
    "items",
    "known_addresses",
    "known_stories",
    "leases",
    "matches",
    "meta",
    "metadata",
    "mutes",
    "placements",
    "posts",
    "revisions",
    "routes",
    "shingles",
    "sources",
    "stories",
    "tag_routes",
    "versions",
    "watches",
]
