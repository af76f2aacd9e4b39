"""Every table, once, for SQLite and PostgreSQL alike.

Scope: what the web shows (sources, items, articles, versions) is global, fetched and stored once however many desks
follow it. What a desk thinks of it (watches, matches, stories, placements, known stories, alerts, deliveries) carries
`desk_id`. Nothing here decides anything; the modules beside this one read and write these tables.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite, which has no zones, gets it without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without a zone reached the database: {value!r}"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        """Back to an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _desk() -> Column[int]:
    return Column("desk_id", ForeignKey("desks.id", ondelete="CASCADE"), nullable=False)


# ── the running desk ─────────────────────────────────────────────────────────────────────────────────────

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("fence", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

# ── what people told the desk ────────────────────────────────────────────────────────────────────────────

desks = Table(
    "desks",
    metadata,
    _id(),
    Column("name", String(100), nullable=False, unique=True),
    Column("origin", String(8), nullable=False),
    Column("guild", String(32), unique=True),
    Column("timezone", String(64), nullable=False),
    Column("digest_at", String(5), nullable=False),
    Column("admin_channel", String(100)),
    Column("created_at", Moment, nullable=False),
)

entities = Table(
    "entities",
    metadata,
    _id(),
    _desk(),
    Column("name", String(100), nullable=False),
    Column("label", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    UniqueConstraint("desk_id", "name"),
)

channels = Table(
    "channels",
    metadata,
    _id(),
    _desk(),
    Column("name", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    UniqueConstraint("desk_id", "name"),
)

watches = Table(
    "watches",
    metadata,
    _id(),
    _desk(),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("sources", JSON),
    Column("origin", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("desk_id", "name"),
)

routes = Table(
    "routes",
    metadata,
    _id(),
    Column("watch_id", ForeignKey("watches.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("when", String(8), nullable=False),
    Column("mention", String(32)),
    Column("quiet", String(11)),
)

# ── what is polled ───────────────────────────────────────────────────────────────────────────────────────

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("url", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("select", Text, nullable=False, default=""),
    Column("ignore", Text, nullable=False, default=""),
    Column("private_to", Integer, nullable=False, default=0),  # a desk, where the URL carries its secret
    Column("found_kind", String(8)),
    Column("title", Text, nullable=False, default=""),
    Column("outlet", Text),
    Column("language", String(16)),
    Column("address", Text),  # where three agreeing permanent redirects led
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("seen_entries", JSON, nullable=False, default=list),
    Column("moved_to", Text),
    Column("moved_count", Integer, nullable=False, default=0),
    Column("last_outcome", String(16)),
    Column("last_error", Text),
    Column("degraded", Text),
    Column("failures", Integer, nullable=False, default=0),
    Column("failing_since", Moment),
    Column("told_failing", Boolean, nullable=False, default=False),
    Column("told_silent", Boolean, nullable=False, default=False),  # what it was told to fail for was its silence
    Column("gone", Boolean, nullable=False, default=False),
    Column("first_ok_at", Moment),
    Column("last_polled_at", Moment),
    Column("last_ok_at", Moment),
    Column("last_new_at", Moment),
    Column("next_at", Moment),
    Column("min_interval", Float),  # seconds, and hours of UTC to skip: what the publisher asks for in its feed
    Column("skip_hours", JSON, nullable=False, default=list),
    Column("retry_at", Moment),  # the server's own Retry-After: honoured even by `--once`
    UniqueConstraint("url", "kind", "select", "ignore", "private_to"),
    Index("ix_sources_next_at", "next_at"),
)

follows = Table(
    "follows",
    metadata,
    _id(),
    _desk(),
    Column("source_id", ForeignKey("sources.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("every", Float),
    Column("read", String(8), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("trust", String(8), nullable=False),
    Column("origin", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    UniqueConstraint("desk_id", "name"),
)

items = Table(
    "items",
    metadata,
    _id(),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("entry_key", String(32)),
    Column("link_key", String(32)),
    Column("story_key", String(32)),
    Column("content_key", String(32), nullable=False),
    Column("state", String(8), nullable=False),  # unread, read
    Column("silent", Boolean, nullable=False),  # old when first seen: recorded, never told by itself
    Column("held", String(64)),  # the flood it came with: told in one digest
    Column("attempts", Integer, nullable=False, default=0),  # to read its page
    Column("next_at", Moment),  # of the next attempt
    Column("shown", JSON, nullable=False),  # the entry as the source tells it
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("published", Moment),
    Column("first_seen", Moment, nullable=False),
    Column("article_id", ForeignKey("articles.id")),
    Index("ix_items_source_id_entry_key", "source_id", "entry_key"),
    Index("ix_items_source_id_link_key", "source_id", "link_key"),
    Index("ix_items_source_id_story_key", "source_id", "story_key"),
    Index(
        "ix_items_unread",
        "source_id",
        "next_at",
        sqlite_where=text("state = 'unread'"),
        postgresql_where=text("state = 'unread'"),
    ),
    Index("ix_items_source_id_published", "source_id", "published"),
    Index("ix_items_article_id", "article_id"),
)

versions = Table(
    "versions",
    metadata,
    _id(),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("extractor", String(32), nullable=False),
    Column("snapshot", String(80)),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("source_id", "number"),
)

# ── what was read ────────────────────────────────────────────────────────────────────────────────────────

fingerprints = Table(
    "fingerprints",
    metadata,
    _id(),
    Column("text_hash", String(64), nullable=False, unique=True),
    Column("words", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("sampled", Boolean, nullable=False),
)

shingles = Table(
    "shingles",
    metadata,
    Column("shingle", BigInteger, primary_key=True, autoincrement=False),
    Column("fingerprint_id", ForeignKey("fingerprints.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    _id(),
    Column("identity", Text, nullable=False),  # the first address it was known by, or its item's key
    Column("source_id", ForeignKey("sources.id")),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("title_key", String(300), nullable=False, index=True),
    Column("text", Text),  # null once retention took it
    Column("text_hash", String(64), nullable=False),
    Column("fingerprint_id", ForeignKey("fingerprints.id"), index=True),
    Column("outlet", Text),
    Column("published", Moment),
    Column("updated", Moment),
    Column("byline", Text),
    Column("language", String(16)),
    Column("image", Text),
    Column("outcome", String(16), nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("first_seen", Moment, nullable=False, index=True),
)

article_addresses = Table(
    "article_addresses",
    metadata,
    Column("address", Text, primary_key=True),  # canonical; every one that led to the article
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("text", Text),
    Column("text_hash", String(64), nullable=False),
    Column("replaced_at", Moment, nullable=False),
)

# ── what a desk makes of it ──────────────────────────────────────────────────────────────────────────────

matches = Table(
    "matches",
    metadata,
    _id(),
    _desk(),
    Column("watch_id", ForeignKey("watches.id", ondelete="CASCADE"), nullable=False),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("evidence", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("watch_id", "article_id"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    _desk(),
    Column("title", Text, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
)

known_stories = Table(
    "known_stories",
    metadata,
    _id(),
    _desk(),
    Column("title", Text),
    Column("title_key", String(300), nullable=False),
    Column("url", Text),
    Column("outlet", Text),
    Column("published", Moment),
    Column("fingerprint_id", ForeignKey("fingerprints.id"), index=True),
    Column("origin", String(8), nullable=False),
    Column("added_at", Moment, nullable=False),
    Index("ix_known_stories_desk_id_title_key", "desk_id", "title_key"),
)

known_addresses = Table(
    "known_addresses",
    metadata,
    Column("known_id", ForeignKey("known_stories.id", ondelete="CASCADE"), primary_key=True),
    Column("identity", Text, primary_key=True),
    Index("ix_known_addresses_identity", "identity"),
)

placements = Table(
    "placements",
    metadata,
    Column("desk_id", ForeignKey("desks.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("decision", String(12), nullable=False),
    Column("story_id", ForeignKey("stories.id"), index=True),
    Column("known_id", ForeignKey("known_stories.id", ondelete="SET NULL")),
    Column("of_article_id", ForeignKey("articles.id")),
    Column("score", Float),
    Column("at", Moment, nullable=False),
)

# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────

alerts = Table(
    "alerts",
    metadata,
    _id(),
    _desk(),
    Column("key", String(200), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("story_id", ForeignKey("stories.id")),
    Column("payload", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_alerts_desk_id_key", "desk_id", "key"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("alert_key", String(200), nullable=False),
    Column("state", String(12), nullable=False),
    Column("slot", String(80)),  # the digest it waits for; null: a card of its own
    Column("due_at", Moment, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("breakdowns", Integer, nullable=False, default=0),  # attempts without a definite answer
    Column("first_tried_at", Moment),
    Column("error", Text),
    Column("resent", Boolean, nullable=False, default=False),
    Column("digest_id", ForeignKey("deliveries.id")),
    Column("message_id", String(64)),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("channel_id", "alert_key"),
    Index("ix_deliveries_channel_id_state_due_at", "channel_id", "state", "due_at"),
    Index("ix_deliveries_digest_id", "digest_id"),
)
