"""The running desk, and what people told it: desks, entities, channels, watches and their routes."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from watchers.storage.schema.columns import Moment, desk_id, metadata, row_id

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
    row_id(),
    Column("name", String(100), nullable=False, unique=True),
    Column("origin", String(8), nullable=False),
    Column("guild", String(32), unique=True),
    Column("timezone", String(64), nullable=False),
    Column("digest_at", String(5), nullable=False),
    Column("admin_channel", String(100)),
    Column("created_at", Moment, nullable=False),
    Column("label", String(100)),  # what the server that is this desk is called
    Column("editors_role", String(32)),
    Column("posting", String(8), nullable=False, server_default="active"),  # paused: its alerts wait
    Column("left_at", Moment),  # when the bot was removed from its server; null: it is there
)

entities = Table(
    "entities",
    metadata,
    row_id(),
    desk_id(),
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
    row_id(),
    desk_id(),
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
    row_id(),
    desk_id(),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("sources", JSON),
    Column("origin", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("paused_until", Moment),
    UniqueConstraint("desk_id", "name"),
)

routes = Table(
    "routes",
    metadata,
    row_id(),
    Column("watch_id", ForeignKey("watches.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("when", String(8), nullable=False),
    Column("mention", String(32)),
    Column("quiet", String(11)),
)

tag_routes = Table(
    "tag_routes",
    metadata,
    row_id(),
    desk_id(),
    Column("tag", String(100), nullable=False),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("when", String(8), nullable=False),
    Column("mention", String(32)),
    Column("quiet", String(11)),
    UniqueConstraint("desk_id", "tag", "channel_id"),
)
