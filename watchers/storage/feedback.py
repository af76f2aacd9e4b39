"""What editors answer to an alert: it is not relevant, its source be mute for a while, its story be known.

    alert + reason ─dismiss→ counted by watch and term ─dismissed→ what /watch show tells
    alert + watch ─mute→ its sources aren't heard by that watch for a day ─unmute→ they are again
    alert ─make_known→ a known story, with its text's fingerprint

Each is on record in the same transaction. An alert of another desk is not there (`alerts.find`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from watchers.errors import ConfigError
from watchers.fetch.redact import redact_url
from watchers.models import Alert
from watchers.storage import alerts, audit, known, meta, told
from watchers.storage.alerts import Kept
from watchers.storage.articles import StoredArticle
from watchers.storage.audit import By
from watchers.storage.schema import article_addresses, dismissals, fingerprints, mutes, shingles
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import FEWEST_WORDS, Fingerprint, fingerprint

MUTE_LASTS: Final = timedelta(hours=24)
_ALERT: Final = "alert"
_MARKED: Final = "marked"  # the origin of known stories that editors made so
_LONGEST_TERM: Final = 200  # characters: an index holds it


class Reason(StrEnum):
    """Why an alert is not relevant."""

    WRONG_ENTITY = "wrong entity"
    OFF_TOPIC = "off topic"
    OLD = "old"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """How often a watch's alerts were dismissed for a reason, by the term that brought them (empty: no word did)."""

    term: str
    reason: Reason
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """Sources that a watch doesn't hear until a moment, by name."""

    watch_id: int
    watch: str
    sources: tuple[str, ...]
    until: datetime


# ── not relevant ─────────────────────────────────────────────────────────────────────────────────────────


def dismiss(connection: Connection, by: By, alert_id: int, reason: Reason) -> Alert:
    """Count an alert as not relevant: once a person, whose later answer takes the place of the earlier one."""
    kept = alerts.find(connection, by.desk, alert_id)
    own = (dismissals.c.alert_id == kept.id) & (dismissals.c.actor == by.actor.id)
    before = connection.execute(select(dismissals.c.reason).where(own).limit(1)).scalar()
    if before == reason:
        return kept.alert
    connection.execute(delete(dismissals).where(own))
    rows = [
        {
            "desk_id": by.desk,
            "alert_id": kept.id,
            "watch": watch,
            "term": term,
            "reason": reason.value,
            "actor": by.actor.id,
            "at": by.now,
        }
        for watch, term in causes(kept.alert)
    ]
    if rows:
        connection.execute(insert(dismissals), rows)
    audit.record(
        connection,
        by,
        _ALERT,
        kept.alert.title,
        before=None if before is None else {"alert": kept.id, "dismissed": before},
        after={"alert": kept.id, "dismissed": reason.value},
    )
    return kept.alert


def causes(alert: Alert) -> list[tuple[str, str]]:
    """What brought an alert: its watches, each with each of its terms that stand in it, or none."""
    found = [(why.watch, why.term[:_LONGEST_TERM]) for why in alert.why]
    with_words = {watch for watch, _ in found}
    return list(dict.fromkeys([*found, *((watch, "") for watch in alert.watches if watch not in with_words)]))


def dismissed(connection: Connection, desk: int, watch: str) -> list[Dismissed]:
    """How often a watch's alerts were dismissed, by term and reason; the most frequent first."""
    times = func.count().label("times")
    rows = connection.execute(
        select(dismissals.c.term, dismissals.c.reason, times)
        .where(dismissals.c.desk_id == desk, dismissals.c.watch == watch)
        .group_by(dismissals.c.term, dismissals.c.reason)
        .order_by(times.desc(), dismissals.c.term, dismissals.c.reason)
    )
    return [Dismissed(term=row.term, reason=Reason(row.reason), count=row.times) for row in rows]


# ── mute ─────────────────────────────────────────────────────────────────────────────────────────────────


def mute(connection: Connection, by: By, alert_id: int, watch_id: int) -> Muted:
    """Let a watch not hear the sources of one of its alerts for a day from now.

    Raises ConfigError where the alert or the watch is gone, or the desk follows none of its sources.
    """
    kept, watch = _watch_of(connection, by.desk, alert_id, watch_id)
    origins = alerts.sources(connection, kept)
    if not origins:
        raise ConfigError("this alert came from no source that the desk follows: there is nothing to mute")
    ids = {origin.source_id for origin in origins}
    names = tuple(origin.name for origin in origins)
    until = by.now + MUTE_LASTS
    connection.execute(delete(mutes).where(mutes.c.watch_id == watch_id, mutes.c.source_id.in_(ids)))
    connection.execute(
        insert(mutes),
        [
            {"desk_id": by.desk, "watch_id": watch_id, "source_id": source_id, "until": until}
            for source_id in sorted(ids)
        ],
    )
    _record_mute(connection, by, kept, watch, names, until=until)
    return Muted(watch_id=watch_id, watch=watch, sources=names, until=until)


def unmute(connection: Connection, by: By, alert_id: int, watch_id: int) -> Muted:
    """Let a watch hear the sources of one of its alerts again. Raises ConfigError where it does already."""
    kept, watch = _watch_of(connection, by.desk, alert_id, watch_id)
    origins = alerts.sources(connection, kept)
    ids = {origin.source_id for origin in origins}
    ended = set(
        connection.execute(
            delete(mutes).where(mutes.c.watch_id == watch_id, mutes.c.source_id.in_(ids)).returning(mutes.c.source_id)
        ).scalars()
    )
    if not ended:
        raise ConfigError(f"{watch}: it hears this alert's sources already: nothing was changed")
    names = tuple(origin.name for origin in origins if origin.source_id in ended)
    _record_mute(connection, by, kept, watch, names, until=None)
    return Muted(watch_id=watch_id, watch=watch, sources=names, until=by.now)


def _watch_of(connection: Connection, desk: int, alert_id: int, watch_id: int) -> tuple[Kept, str]:
    """An alert, and the name of one of the watches that it was told for."""
    kept = alerts.find(connection, desk, alert_id)
    watch = told.find_by_id(connection, desk, "watch", watch_id)
    if watch.name not in kept.alert.watches:
        raise ConfigError(f"{watch.name}: this watch did not bring the alert: choose one that did")
    return kept, watch.name


def _record_mute(
    connection: Connection, by: By, kept: Kept, watch: str, names: Collection[str], *, until: datetime | None
) -> None:
    what = {"alert": kept.id, "watch": watch, "sources": list(names)}
    after = None if until is None else what | {"muted_until": until.isoformat()}
    audit.record(connection, by, _ALERT, kept.alert.title, before=None if until else what, after=after)
    meta.bump_generation(connection)


# ── known ────────────────────────────────────────────────────────────────────────────────────────────────


def make_known(connection: Connection, by: By, alert_id: int) -> bool:
    """Make an alert's article a known story of the desk. False: it is one already.

    Raises ConfigError where the alert is gone, or tells no article.
    """
    kept = alerts.find(connection, by.desk, alert_id)
    article = alerts.article_of(connection, kept)
    if article is None:
        raise ConfigError("this alert tells no article: only stories can be made known")
    return remember(connection, by, _known_text(connection, article))


def remember(connection: Connection, by: By, text: KnownText) -> bool:
    """Make a text known to the desk, on record. False: it is already, or there is nothing to know it by."""
    if not known.add(connection, by.desk, [text], origin=_MARKED, now=by.now):
        return False
    shown = {"title": text.title, "url": None if text.url is None else redact_url(text.url)}
    audit.record(connection, by, "story", text.title or shown["url"] or "", before=None, after=shown)
    return True


def _known_text(connection: Connection, article: StoredArticle) -> KnownText:
    addresses = connection.execute(
        select(article_addresses.c.address).where(article_addresses.c.article_id == article.id)
    ).scalars()
    made = _fingerprint(connection, article)
    return KnownText(
        title=article.reading.title or None,
        url=article.reading.url,
        urls=tuple(address for address in addresses if address.startswith("http")),
        outlet=article.reading.outlet,
        published=article.reading.published,
        fingerprint=made if made is not None and made.words >= FEWEST_WORDS else None,
    )


def _fingerprint(connection: Connection, article: StoredArticle) -> Fingerprint | None:
    """The fingerprint of an article's text, as it was kept where the text is kept no more."""
    if article.reading.text:
        return fingerprint(article.reading.text)
    row = connection.execute(select(fingerprints).where(fingerprints.c.id == article.fingerprint_id)).first()
    if row is None:
        return None
    kept = connection.execute(select(shingles.c.shingle).where(shingles.c.fingerprint_id == row.id)).scalars()
    return Fingerprint(text_hash=row.text_hash, words=row.words, shingles=frozenset(kept), sampled=row.sampled)
