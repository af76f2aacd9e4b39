"""Versions of followed pages: one row each time the text really changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from watchers.storage.schema import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A page's text at one time. `snapshot` names the file that holds the page as it was fetched."""

    number: int
    title: str
    text: str
    text_hash: str
    extractor: str
    snapshot: str | None


def latest(connection: Connection, source_id: int) -> Version | None:
    """The last version of a page."""
    row = connection.execute(
        select(versions).where(versions.c.source_id == source_id).order_by(versions.c.number.desc()).limit(1)
    ).first()
    if row is None:
        return None
    return Version(
        number=row.number,
        title=row.title,
        text=row.text,
        text_hash=row.text_hash,
        extractor=row.extractor,
        snapshot=row.snapshot,
    )


def add(connection: Connection, source_id: int, version: Version, now: datetime) -> None:
    """Record a new version."""
    connection.execute(
        insert(versions).values(
            source_id=source_id,
            number=version.number,
            title=version.title,
            text=version.text,
            text_hash=version.text_hash,
            extractor=version.extractor,
            snapshot=version.snapshot,
            seen_at=now,
        )
    )


def replace_text(connection: Connection, source_id: int, version: Version) -> None:
    """The same version as another extractor reads it: no new version, nothing told."""
    connection.execute(
        update(versions)
        .where(versions.c.source_id == source_id, versions.c.number == version.number)
        .values(text=version.text, text_hash=version.text_hash, extractor=version.extractor)
    )
