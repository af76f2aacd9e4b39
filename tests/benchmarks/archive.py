"""Many articles of the past, written in bulk by SQLite itself: what an article is placed among.

Each has its address and its item; a tenth are in stories, told long ago, with fingerprints as long as a feed's texts
have. Keys and shingles are random numbers, which is what hashes look like to an index.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from tests.benchmarks import texts
from watchers.storage import schema

TOLD: Final = 10  # of so many articles, one is in a story
SHINGLES: Final = 80  # of its text
_AT_ONCE: Final = 50_000  # articles a statement
_SEEN: Final = texts.NOW - timedelta(days=60)  # the last of them

# :first to :last are the numbers of articles; what is told has the number of its article.
_NUMBERS: Final = "WITH RECURSIVE n(i) AS (VALUES (:first) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
_TOLD: Final = f"FROM n WHERE i % {TOLD} = 0"
_STATEMENTS: Final = (
    f"""INSERT INTO fingerprints (id, text_hash, words, stored, sampled)
        {_NUMBERS} SELECT i, lower(hex(randomblob(32))), 120, {SHINGLES}, 0 {_TOLD}""",
    f"""INSERT INTO shingles (shingle, fingerprint_id)
        {_NUMBERS}, s(k) AS (VALUES (1) UNION ALL SELECT k + 1 FROM s WHERE k < {SHINGLES})
        SELECT random() AS shingle, i FROM n, s WHERE i % {TOLD} = 0 ORDER BY shingle""",
    f"""INSERT INTO articles (id, identity, source_id, url, title, title_key, text, text_hash, fingerprint_id, outlet,
                              published, language, outcome, partial, first_seen)
        {_NUMBERS}, named(i, url, title) AS (SELECT i, 'https://old.example/' || i, 'Story ' || i FROM n)
        SELECT i, url, :source, url, title, lower(title), hex(randomblob(300)), lower(hex(randomblob(32))),
               CASE WHEN i % {TOLD} = 0 THEN i END, 'An outlet', :seen, 'en', 'ok', 0, :seen FROM named""",
    f"""INSERT INTO article_addresses (address, article_id)
        {_NUMBERS} SELECT 'https://old.example/' || i, i FROM n""",
    f"""INSERT INTO items (source_id, entry_key, link_key, story_key, content_key, state, silent, attempts, shown, url,
                           title, published, first_seen, article_id)
        {_NUMBERS} SELECT :source, lower(hex(randomblob(16))), lower(hex(randomblob(16))), lower(hex(randomblob(16))),
               lower(hex(randomblob(16))), 'read', 0, 0, '{{}}', 'https://old.example/' || i, 'Story ' || i, :seen,
               :seen, i FROM n""",
    f"""INSERT INTO matches (desk_id, watch_id, article_id, evidence, at)
        {_NUMBERS} SELECT :desk, :watch, i, '[]', :seen {_TOLD}""",
    f"""INSERT INTO stories (id, desk_id, title, article_id, opened_at)
        {_NUMBERS} SELECT i, :desk, 'Story ' || i, i, :seen {_TOLD}""",
    f"""INSERT INTO placements (desk_id, article_id, decision, story_id, at)
        {_NUMBERS} SELECT :desk, i, CASE WHEN i % {TOLD} = 0 THEN 'new' ELSE 'unmatched' END,
               CASE WHEN i % {TOLD} = 0 THEN i END, :seen FROM n""",
    f"""INSERT INTO alerts (id, desk_id, key, kind, story_id, payload, created_at)
        {_NUMBERS} SELECT i, :desk, 'story.new:' || i, 'story.new', i, '{{}}', :seen {_TOLD}""",
    f"""INSERT INTO deliveries (id, alert_id, channel_id, alert_key, state, due_at, mentions, attempts, breakdowns,
                                resent, message_id, created_at, changed_at)
        {_NUMBERS} SELECT i, i, :channel, 'story.new:' || i, 'sent', :seen, '[]', 1, 0, 0, i, :seen, :seen {_TOLD}""",
)


def fill(connection: Connection, desk: int, numbers: range) -> None:
    """Write articles that have these numbers at the least: what was placed since keeps its own."""
    one = {
        name: connection.execute(select(table.c.id).where(table.c.desk_id == desk)).scalars().first()
        for name, table in (("watch", schema.watches), ("channel", schema.channels))
    }
    source = connection.execute(select(schema.sources.c.id)).scalars().first()
    seen = _SEEN.replace(tzinfo=None).isoformat(" ", "microseconds")
    before = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM articles").scalar_one()
    for start in range(before, before + len(numbers), _AT_ONCE):
        last = min(start + _AT_ONCE, before + len(numbers))
        asked = {"first": start + 1, "last": last, "desk": desk, "source": source, "seen": seen, **one}
        for statement in _STATEMENTS:
            connection.exec_driver_sql(statement, asked)
