"""Posts that follow their story: what is behind, when it may be edited, and until when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from tests.storage.building import MINUTE, NOW, Desk, reading, watch_list
from watchers.models import Decision
from watchers.storage import desks, outbox, posts, sending
from watchers.storage import schema as rows
from watchers.storage.posts import FOLLOWS, GATHER, YOUNG, Post

HOUR = timedelta(hours=1)


def _tell(desk: Desk, *, message_id: str | None = "77", resent: bool = False, now: datetime = NOW) -> None:
    """The first outlet has the story, and the newsroom is told."""
    desk.bring(reading())
    if resent:
        assert desk.write(sending.take, desk.channel(), now=now, burst=9) is not None
        desk.write(outbox.recover, now)
    taken = desk.write(sending.take, desk.channel(), now=now, burst=9)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id=message_id, now=now)


def _copy(desk: Desk, number: int = 1, now: datetime = NOW) -> None:
    """One more outlet has it, in the same words."""
    desk.now = now
    recorded = desk.bring(reading(url=f"https://wire{number}.example/quay", outlet=f"Wire {number}"))
    assert [placed.placement.decision for placed in recorded.placed] == [Decision.COPY]


def _behind(desk: Desk, now: datetime = NOW) -> Post | None:
    return desk.read(posts.next_behind, desk.channel(), now)


def _edit(desk: Desk, now: datetime = NOW) -> None:
    post = _behind(desk, now)
    assert post is not None
    desk.write(posts.mark_shown, post, now)


def test_a_post_shows_all_there_is_until_a_copy_arrives(desk: Desk) -> None:
    _tell(desk)
    assert _behind(desk) is None
    _copy(desk)
    post = _behind(desk)
    assert post is not None
    assert (post.message_id, post.tellers) == ("77", 2)
    assert [copy.outlet for copy in post.outgoing.alert.copies] == ["Wire 1"]
    assert desk.read(posts.channels_behind, NOW) == [desk.channel()]


def test_an_edit_has_the_reference_and_the_alert_of_the_post(desk: Desk) -> None:
    desk.bring(reading())
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id="77", now=NOW)
    _copy(desk)
    post = _behind(desk)
    assert post is not None
    assert (post.outgoing.reference, post.outgoing.alert_id) == (taken.outgoing.reference, taken.outgoing.alert_id)
    assert post.outgoing.alert_id is not None


def test_what_came_before_the_post_is_in_it_and_what_came_while_it_was_sent_is_not(desk: Desk) -> None:
    desk.bring(reading())
    _copy(desk, 1)
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    assert taken is not None
    assert len(taken.outgoing.alert.copies) == 1
    desk.write(sending.mark_sent, taken, message_id="77", now=NOW)
    assert _behind(desk) is None
    _copy(desk, 2)
    _edit(desk)
    assert _behind(desk, NOW + HOUR) is None


def test_a_copy_that_comes_while_the_post_is_under_way_is_not_lost(desk: Desk) -> None:
    desk.bring(reading())
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    assert taken is not None
    _copy(desk)
    desk.write(sending.mark_sent, taken, message_id="77", now=NOW)
    assert _behind(desk) is not None


def test_what_may_stand_from_an_earlier_attempt_is_edited_if_more_tell_it(desk: Desk) -> None:
    desk.bring(reading())
    assert desk.write(sending.take, desk.channel(), now=NOW, burst=9) is not None
    _copy(desk)
    desk.write(outbox.recover, NOW)
    again = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    assert again is not None
    desk.write(sending.mark_sent, again, message_id="77", now=NOW)
    assert _behind(desk) is not None


def test_a_post_found_again_that_tells_of_one_outlet_is_not_edited(desk: Desk) -> None:
    _tell(desk, resent=True)
    assert _behind(desk) is None


def test_a_copy_that_comes_between_look_and_edit_is_shown_by_the_next(desk: Desk) -> None:
    _tell(desk)
    _copy(desk, 1)
    post = _behind(desk)
    assert post is not None
    _copy(desk, 2)
    desk.write(posts.mark_shown, post, NOW)
    assert _behind(desk, NOW + GATHER) is not None


def test_a_young_post_is_edited_at_once_and_then_a_few_at_a_time(desk: Desk) -> None:
    _tell(desk)
    _copy(desk, 1, NOW + MINUTE)
    _edit(desk, NOW + MINUTE)
    _copy(desk, 2, NOW + MINUTE)
    assert _behind(desk, NOW + MINUTE) is None
    assert _behind(desk, NOW + MINUTE + GATHER) is not None


def test_a_post_over_an_hour_old_is_edited_at_most_once_an_hour(desk: Desk) -> None:
    _tell(desk)
    _copy(desk, 1, NOW + YOUNG)
    _edit(desk, NOW + YOUNG)
    _copy(desk, 2, NOW + YOUNG + MINUTE)
    assert _behind(desk, NOW + YOUNG + HOUR - MINUTE) is None
    assert _behind(desk, NOW + YOUNG + HOUR) is not None


def test_a_post_over_a_week_old_stays_as_it_is_and_is_forgotten_with_the_next(desk: Desk) -> None:
    _tell(desk)
    _copy(desk, 1, NOW + FOLLOWS)
    assert _behind(desk, NOW + FOLLOWS) is None
    desk.bring(reading("Sheep on the quay", "Sheep, forty of them, before the harbor cameras.", url=None))
    taken = desk.write(sending.take, desk.channel(), now=NOW + FOLLOWS, burst=9)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id="78", now=NOW + FOLLOWS)
    assert desk.number("posts") == 1


def test_each_channel_s_post_follows(desk: Desk) -> None:
    desk.apply(watch_list(watches={"cameras": {"query": '"harbor cameras"', "routes": ["newsroom", "team"]}}))
    desk.bring(reading())
    for name in ("newsroom", "team"):
        taken = desk.write(sending.take, desk.channel(name), now=NOW, burst=9)
        assert taken is not None
        desk.write(sending.mark_sent, taken, message_id=f"{name}-1", now=NOW)
    _copy(desk)
    assert desk.read(posts.channels_behind, NOW) == [desk.channel("newsroom"), desk.channel("team")]


def test_a_service_that_gives_no_id_has_no_post_to_follow(desk: Desk) -> None:
    _tell(desk, message_id=None)
    assert desk.number("posts") == 0


def test_what_was_told_in_a_digest_has_no_post(desk: Desk) -> None:
    desk.bring(reading())
    desk.bring(reading("Sheep on the quay", "Sheep, forty of them, before the harbor cameras.", url=None))
    digest = desk.write(sending.take, desk.channel(), now=NOW, burst=1)
    assert digest is not None
    desk.write(sending.mark_sent, digest, message_id="77", now=NOW)
    assert desk.number("posts") == 0


@pytest.mark.parametrize("what", ["channel", "posting", "left"])
def test_where_nothing_is_posted_nothing_is_edited(desk: Desk, what: str) -> None:
    _tell(desk)
    _copy(desk)
    if what == "channel":
        desk.write(desks.pause_channel, desk.channel(), "404")
    else:
        values = {"posting": "paused"} if what == "posting" else {"left_at": NOW}
        desk.write(lambda connection: connection.execute(update(rows.desks).values(**values)))
    assert _behind(desk) is None
    assert desk.read(posts.channels_behind, NOW) == []


def test_an_edit_that_is_put_off_or_a_post_that_is_forgotten_is_not_behind(desk: Desk) -> None:
    _tell(desk)
    _copy(desk)
    post = _behind(desk)
    assert post is not None
    desk.write(posts.put_off, post, NOW + MINUTE)
    assert _behind(desk) is None
    desk.write(posts.put_off_channel, desk.channel(), NOW + HOUR)
    assert _behind(desk, NOW + MINUTE) is None
    assert _behind(desk, NOW + HOUR) is not None
    desk.write(posts.forget, post)
    assert _behind(desk, NOW + HOUR) is None


def test_a_removed_channel_takes_its_posts_along(desk: Desk) -> None:
    _tell(desk)
    channel = desk.channel()
    desk.write(lambda connection: connection.execute(rows.channels.delete().where(rows.channels.c.id == channel)))
    assert desk.number("posts") == 0


def test_posts_that_are_not_behind_cost_a_tick_nothing(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("the plan is SQLite's")
    plans: list[str] = []
    with desk.database.reading() as connection:

        def explain(_: object, cursor: Any, statement: str, parameters: object, *__: object) -> None:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row[-1]) for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explain)
        posts.channels_behind(connection, NOW)
        event.remove(connection, "before_cursor_execute", explain)
    assert "ix_posts_behind" in plans[0]


def test_another_story_raises_nothing(desk: Desk) -> None:
    _tell(desk)
    desk.bring(reading("Sheep on the quay", "Sheep, forty of them, before the harbor cameras.", url=None))
    assert desk.read(lambda connection: connection.execute(select(rows.posts.c.wanted_rev)).scalars().all()) == [1]
