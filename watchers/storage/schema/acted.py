"""What people did in chat: the audit of their acts, what they think of alerts, what they muted, what they drafted."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from watchers.storage.schema.columns import Moment, desk_id, metadata, row_id

audit = Table(
    "audit",
    metadata,
    row_id(),
    desk_id(),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),  # the chat service's id of who acted
    Column("actor_name", String(100), nullable=False),
    Column("act", String(40), nullable=False),  # as the command is called: "watch add"
    Column("noun", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("before", JSON),  # the row as it stood; null: there was none
    Column("after", JSON),
    Column("refused", Text),  # why it was not done; null: it was
    Column("undoes", Integer),  # the entry that this one took back
    Index("ix_audit_desk_id_noun", "desk_id", "noun"),
)

dismissals = Table(
    "dismissals",
    metadata,
    row_id(),
    desk_id(),
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("watch", String(100), nullable=False),
    Column("term", Text, nullable=False),  # empty where no word brought the alert
    Column("reason", String(16), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("alert_id", "actor", "watch", "term"),
    Index("ix_dismissals_desk_id_watch", "desk_id", "watch"),
)

mutes = Table(
    "mutes",
    metadata,
    row_id(),
    desk_id(),
    Column("watch_id", ForeignKey("watches.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), nullable=False),
    Column("until", Moment, nullable=False),
    UniqueConstraint("watch_id", "source_id"),
)

drafts = Table(
    "drafts",
    metadata,
    row_id(),
    desk_id(),
    Column("actor", String(32), nullable=False),
    Column("what", String(16), nullable=False),
    Column("name", String(100), nullable=False),
    Column("content", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,  # a number is never given again: an old preview's button may still be there
)
