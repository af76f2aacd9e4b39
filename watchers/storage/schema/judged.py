"""What a desk makes of it and tells: matches, stories, placements, known stories, alerts, deliveries."""

from sqlalchemy import (
    JSON,
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

# ── what a desk makes of it ──────────────────────────────────────────────────────────────────────────────

matches = Table(
    "matches",
    metadata,
    row_id(),
    desk_id(),
    Column("watch_id", ForeignKey("watches.id", ondelete="CASCADE"), nullable=False),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("evidence", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("watch_id", "article_id"),
)

stories = Table(
    "stories",
    metadata,
    row_id(),
    desk_id(),
    Column("title", Text, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
)

known_stories = Table(
    "known_stories",
    metadata,
    row_id(),
    desk_id(),
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
    Column("known_id", ForeignKey("known_stories.id", ondelete="SET NULL"), index=True),
    Column("of_article_id", ForeignKey("articles.id")),
    Column("score", Float),
    Column("at", Moment, nullable=False),
)

# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────

alerts = Table(
    "alerts",
    metadata,
    row_id(),
    desk_id(),
    Column("key", String(200), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("story_id", ForeignKey("stories.id"), index=True),
    Column("payload", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_alerts_desk_id_key", "desk_id", "key"),
)

deliveries = Table(
    "deliveries",
    metadata,
    row_id(),
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False, index=True),
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
    Index("ix_deliveries_message_id", "message_id"),
)

posts = Table(
    "posts",
    metadata,
    row_id(),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("story_id", ForeignKey("stories.id"), nullable=False, index=True),
    Column("message_id", String(64), nullable=False),
    Column("shown_rev", Integer, nullable=False),  # how many of the story's tellers the post shows
    Column("wanted_rev", Integer, nullable=False),  # how many there are
    Column("posted_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("next_at", Moment, nullable=False),  # not edited before
    Index(
        "ix_posts_behind",
        "next_at",
        sqlite_where=text("shown_rev < wanted_rev"),
        postgresql_where=text("shown_rev < wanted_rev"),
    ),
)
