"""How one desk stands. On both databases."""

from datetime import timedelta

from tests.storage.building import NOW, Desk, alert
from watchers.models import Refused
from watchers.storage import desk_standing, refusals, sending
from watchers.storage.desk_standing import DeskStanding

HOUR = timedelta(hours=1)


def standing(desk: Desk, *, of: int | None = None) -> DeskStanding:
    return desk.read(desk_standing.of_desk, of or desk.id, desk.now)


def test_what_waits_is_counted_with_its_oldest_apart_from_what_is_planned(desk: Desk) -> None:
    desk.tell(alert("story.new:1"))
    desk.now += HOUR
    desk.tell(alert("story.new:2"))
    desk.tell(alert("story.new:3"), at=desk.now + HOUR, slot="daily")
    now = standing(desk)
    assert (now.waiting, now.oldest, now.planned, now.dead, now.last) == (2, NOW, 1, 0, None)


def test_the_last_that_was_told_says_when_and_where(desk: Desk) -> None:
    for number in (1, 2):
        desk.tell(alert(f"story.new:{number}"))
        taken = desk.write(sending.take, desk.channel(), now=desk.now, burst=5)
        assert taken is not None
        desk.write(sending.mark_sent, taken, message_id=str(number), now=desk.now)
        desk.now += HOUR
    last = standing(desk).last
    assert last is not None
    assert (last.at, last.channel, last.message_id) == (NOW + HOUR, "newsroom", "2")


def test_dead_letters_are_counted(desk: Desk) -> None:
    desk.tell(alert("story.new:1"), channel="team")
    taken = desk.write(sending.take, desk.channel("team"), now=desk.now, burst=5)
    assert taken is not None
    desk.write(refusals.bury, desk.channel("team"), taken, Refused("too long"), demo=False, now=desk.now)
    assert standing(desk).dead == 1


def test_another_desk_sees_none_of_it(desk: Desk) -> None:
    desk.tell(alert("story.new:1"))
    other = standing(desk, of=desk.id + 1)
    assert (other.waiting, other.oldest, other.planned, other.dead, other.last) == (0, None, 0, 0, None)


def test_the_database_has_a_size(desk: Desk) -> None:
    assert standing(desk).database_bytes > 100_000
