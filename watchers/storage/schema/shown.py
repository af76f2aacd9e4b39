"""What the web shows, once however many desks follow it: sources and their items, pages' versions, articles."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from watchers.storage.schema.columns import Moment, desk_id, metadata, row_id

# ── what is polled ───────────────────────────────────────────────────────────────────────────────────────

sources = Table(
    "sources",
    metadata,
    row_id(),
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
    row_id(),
    desk_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("text", Text),
    Column("text_hash", String(64), nullable=False),
    Column("replaced_at", Moment, nullable=False),
)
