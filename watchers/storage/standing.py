"""How the desk stands, in three numbers: what is polled, what of it fails, what waits to be told."""

from dataclasses import dataclass

from sqlalchemy import Connection

from watchers.storage import outbox, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Sources that are polled, those of them that fail now, and deliveries that wait."""

    polled: int
    failing: int
    waiting: int


def standing(connection: Connection) -> Standing:
    """Count them."""
    polled, failing = sources.count(connection)
    return Standing(polled=polled, failing=failing, waiting=outbox.waiting(connection))
