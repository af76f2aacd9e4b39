"""A delivery's reference: the same over attempts, and never another delivery's."""

import re
from datetime import datetime

from sqlalchemy import delete, update

from tests.storage.building import MINUTE, NOW, Desk, alert, reading
from watchers.storage import meta, outbox, sending
from watchers.storage.outgoing import reference, tellers_of
from watchers.storage.schema import deliveries
from watchers.storage.schema import meta as meta_rows
from watchers.storage.sending import Taken


def _take(desk: Desk, now: datetime = NOW) -> Taken:
    taken = desk.write(sending.take, desk.channel(), now=now, burst=9)
    assert taken is not None
    return taken


def test_a_reference_stays_over_attempts_and_fits_a_nonce(desk: Desk) -> None:
    desk.tell(alert("a"))
    first = _take(desk)
    desk.write(outbox.recover, NOW + MINUTE)
    again = _take(desk, now=NOW + MINUTE)
    assert first.outgoing.reference == again.outgoing.reference
    assert re.fullmatch(rf"WD-[A-Z2-7]{{5}}-{first.id}", first.outgoing.reference)
    assert len(reference("", 10**15, NOW)) == 25
    assert (first.outgoing.made_at, again.outgoing.made_at) == (NOW, NOW)


def test_the_same_number_given_again_is_another_reference(desk: Desk) -> None:
    """By SQLite, once the newest rows are gone with their channel; by a database restored from an older backup."""
    desk.tell(alert("a"))
    first = _take(desk)
    desk.write(lambda connection: connection.execute(delete(deliveries)))
    desk.now = NOW + MINUTE
    desk.tell(alert("b"))
    desk.write(lambda connection: connection.execute(update(deliveries).values(id=first.id)))
    again = _take(desk, now=NOW + MINUTE)
    assert first.id == again.id
    assert first.outgoing.reference != again.outgoing.reference


def test_two_databases_share_no_reference(desk: Desk) -> None:
    desk.tell(alert("a"))
    first = _take(desk)
    desk.write(lambda connection: connection.execute(delete(meta_rows).where(meta_rows.c.key == meta.INSTANCE)))
    desk.write(outbox.recover, NOW)
    another = _take(desk)
    assert first.outgoing.reference != another.outgoing.reference


def test_the_tellers_of_any_number_of_stories_are_asked_for_at_once(desk: Desk) -> None:
    """PostgreSQL counts the parameters of a statement with 16 bits."""
    story = desk.bring(reading()).placed[0].placement.story_id
    assert [each.outlet for each in desk.read(tellers_of, range(100_000))[story or 0]] == ["Courier"]
