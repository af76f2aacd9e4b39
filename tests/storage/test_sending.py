"""What goes to a channel next: in order, each once, digests where they belong."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import delete, event, update

from tests.storage.building import MINUTE, NOW, Desk, alert, reading
from watchers.models import Alert, Item
from watchers.slots import Due
from watchers.storage import desks, items, outbox, sending
from watchers.storage.items import StoredItem
from watchers.storage.schema import channels, deliveries
from watchers.storage.schema import desks as desk_rows
from watchers.storage.sending import FLOOD_WAITS, STEPS_ASIDE, Taken

BURST = 3


def _take(desk: Desk, *, now: datetime = NOW, channel: str = "newsroom") -> Taken | None:
    return desk.write(sending.take, desk.channel(channel), now=now, burst=BURST)


def _sent(desk: Desk, *, now: datetime = NOW, channel: str = "newsroom") -> Alert | None:
    taken = _take(desk, now=now, channel=channel)
    if taken is None:
        return None
    desk.write(sending.mark_sent, taken, message_id="77", now=now)
    return taken.outgoing.alert


def _tell(desk: Desk, *keys: str, slot: str | None = None, at: datetime = NOW) -> None:
    for key in keys:
        desk.tell(alert(key), slot=slot, at=at)


def _members(digest: Alert | None) -> Sequence[str]:
    assert digest is not None
    return [member.key for member in digest.members]


def _states(desk: Desk) -> dict[str, str]:
    return {key: state for key, _, state in desk.outbox()}


def test_deliveries_go_out_in_the_order_in_which_they_were_made(desk: Desk) -> None:
    _tell(desk, "c", "a", "b")
    assert [_sent(desk) for _ in range(4)] == [alert("c"), alert("a"), alert("b"), None]
    assert _states(desk) == {"c": "sent", "a": "sent", "b": "sent"}


def test_what_is_not_due_waits_without_holding_back(desk: Desk) -> None:
    _tell(desk, "later", at=NOW + MINUTE)
    _tell(desk, "now")
    assert [_sent(desk), _sent(desk)] == [alert("now"), None]
    assert _sent(desk, now=NOW + MINUTE) == alert("later")


def test_hard_case_60_what_was_due_goes_first_by_a_clock_that_was_put_back_since(desk: Desk) -> None:
    _tell(desk, "made before")
    desk.now = back = NOW - 2 * MINUTE
    _tell(desk, "made after", at=back)
    assert desk.read(sending.channels_with_work, back) == [desk.channel()]
    assert desk.read(sending.next_at, desk.channel(), back) == back
    assert [_sent(desk, now=back) for _ in range(3)] == [alert("made before"), alert("made after"), None]


def test_one_that_is_to_be_tried_again_holds_back_those_behind_it_at_its_channel_only(desk: Desk) -> None:
    _tell(desk, "a", "b")
    desk.tell(alert("a"), channel="team")
    taken = _take(desk)
    assert taken is not None
    desk.write(sending.mark_later, taken.id, error="503", maybe_taken=False, at=NOW + MINUTE, now=NOW)
    channel = desk.channel()
    assert _take(desk) is None
    assert desk.read(sending.next_at, channel, NOW) == NOW + MINUTE
    assert _sent(desk, channel="team") == alert("a")
    again = _take(desk, now=NOW + MINUTE)
    assert again is not None
    assert (again.outgoing.alert.key, again.attempts, again.outgoing.resent) == ("a", 2, False)


def test_an_attempt_without_a_definite_answer_marks_the_next(desk: Desk) -> None:
    _tell(desk, "a")
    for maybe_taken in (False, True, False):
        taken = _take(desk)
        assert taken is not None
        desk.write(sending.mark_later, taken.id, error="?", maybe_taken=maybe_taken, at=NOW, now=NOW)
    last = _take(desk)
    assert last is not None
    assert last.outgoing.resent


def test_the_next_moment_is_told_and_nothing_where_all_is_told(desk: Desk) -> None:
    channel = desk.channel()
    assert desk.read(sending.next_at, channel, NOW) is None
    _tell(desk, "a", at=NOW + MINUTE)
    assert desk.read(sending.next_at, channel, NOW) is None
    assert desk.read(sending.next_at, channel, NOW + MINUTE) == NOW + MINUTE


def test_a_slot_s_deliveries_go_out_as_one_digest(desk: Desk) -> None:
    _tell(desk, "a", "b", slot="daily:2026-03-02")
    digest = _take(desk)
    assert digest is not None
    assert digest.outgoing.alert.kind == "digest"
    assert _members(digest.outgoing.alert) == ["a", "b"]
    assert _states(desk) == {"a": "collected", "b": "collected", digest.outgoing.alert.key: "sending"}
    desk.write(sending.mark_sent, digest, message_id=None, now=NOW)
    assert set(_states(desk).values()) == {"sent"}


def test_each_slot_has_its_own_digest(desk: Desk) -> None:
    _tell(desk, "a", slot="daily:2026-03-01")
    _tell(desk, "b", slot="daily:2026-03-02")
    _tell(desk, "c", slot="daily:2026-03-01")
    assert [_members(_sent(desk)), _members(_sent(desk))] == [["a", "c"], ["b"]]


def test_a_slot_that_comes_due_while_a_channel_is_being_drained_is_a_digest_all_the_same(desk: Desk) -> None:
    _tell(desk, "single")
    _tell(desk, "a", "b", slot="hourly:2026-03-02T13", at=NOW + MINUTE)
    assert _sent(desk) == alert("single")
    assert _members(_sent(desk, now=NOW + MINUTE)) == ["a", "b"]


def test_as_many_as_a_burst_are_cards_of_their_own(desk: Desk) -> None:
    _tell(desk, "a", "b", "c")
    assert [_sent(desk), _sent(desk), _sent(desk)] == [alert("a"), alert("b"), alert("c")]


def test_more_than_a_burst_are_one_digest(desk: Desk) -> None:
    _tell(desk, *"abcd")
    assert _members(_sent(desk)) == list("abcd")
    assert _sent(desk) is None


@pytest.mark.parametrize("slot", [None, "daily:2026-03-02"])
def test_more_than_a_digest_holds_is_several(desk: Desk, monkeypatch: pytest.MonkeyPatch, slot: str | None) -> None:
    """The last holds up to a burst more, so that nothing of what is left goes alone."""
    monkeypatch.setattr(sending, "LARGEST_DIGEST", 4)
    _tell(desk, *"abcdefghijk", slot=slot)
    assert [_members(_sent(desk)) for _ in range(2)] == [list("abcd"), list("efghijk")]
    assert _sent(desk) is None
    assert set(_states(desk).values()) == {"sent"}


def test_nothing_overtakes_a_digest_that_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LARGEST_DIGEST", 4)
    _tell(desk, *"abcdefghijklmnop")
    first = _take(desk)
    assert first is not None
    desk.write(sending.mark_later, first.id, error="503", maybe_taken=False, at=NOW + MINUTE, now=NOW)
    assert [_take(desk) for _ in range(3)] == [None] * 3
    assert ["".join(_members(_sent(desk, now=NOW + MINUTE))) for _ in range(4)] == ["abcd", "efgh", "ijkl", "mnop"]


def test_what_was_tried_already_goes_out_as_the_card_it_is(desk: Desk) -> None:
    _tell(desk, "a")
    taken = _take(desk)
    assert taken is not None
    desk.write(sending.mark_later, taken.id, error="503", maybe_taken=True, at=NOW, now=NOW)
    _tell(desk, *"bcde")
    first = _sent(desk)
    assert first is not None
    assert first.key == "a"
    assert _members(_sent(desk)) == list("bcde")


def test_a_digest_is_never_a_member_of_another(desk: Desk) -> None:
    for day in range(5):
        _tell(desk, f"{day}", slot=f"daily:2026-03-0{day + 1}")
    assert [_members(_sent(desk)) for _ in range(5)] == [[f"{day}"] for day in range(5)]


def test_a_digest_calls_everyone_whom_its_members_call(desk: Desk) -> None:
    for key, roles in (("a", ("11", "22")), ("b", ("22", "33"))):
        address = outbox.Address(channel_id=desk.channel(), due=Due(NOW, "daily:2026-03-02"), mentions=roles)
        desk.write(outbox.tell, desk.id, alert(key), [address], now=NOW)
    digest = _take(desk)
    assert digest is not None
    assert digest.outgoing.mentions == ("11", "22", "33")


def test_a_digest_that_was_being_sent_at_a_crash_keeps_its_members(desk: Desk) -> None:
    _tell(desk, *"abcd")
    _take(desk)
    desk.write(outbox.recover, NOW)
    again = _take(desk)
    assert again is not None
    assert again.outgoing.resent
    assert _members(again.outgoing.alert) == list("abcd")


def test_a_paused_channel_sends_nothing_and_keeps_what_waits(desk: Desk) -> None:
    _tell(desk, "a")
    channel = desk.channel()
    assert desk.read(sending.channels_with_work, NOW) == [channel]
    desk.write(desks.pause_channel, channel, "404")
    assert desk.read(sending.channels_with_work, NOW) == []
    assert desk.read(sending.next_at, channel, NOW) is None
    assert _take(desk) is None
    assert _states(desk) == {"a": "pending"}


@pytest.mark.parametrize("values", [{"posting": "paused"}, {"left_at": NOW}])
def test_a_desk_that_rests_sends_nothing_and_keeps_what_waits(desk: Desk, values: dict[str, object]) -> None:
    _tell(desk, "a")
    desk.write(lambda connection: connection.execute(update(desk_rows).values(**values)))
    assert desk.read(sending.channels_with_work, NOW) == []
    assert desk.read(sending.next_at, desk.channel(), NOW) is None
    assert _take(desk) is None
    desk.write(lambda connection: connection.execute(update(desk_rows).values(posting="active", left_at=None)))
    assert _sent(desk) == alert("a")


@pytest.mark.parametrize("number", [1, 2])
def test_a_digest_says_how_many_it_holds(desk: Desk, number: int) -> None:
    _tell(desk, *"ab"[:number], slot="daily:2026-03-02")
    digest = _sent(desk)
    assert digest is not None
    assert digest.title == ("1 alert" if number == 1 else "2 alerts")


# ── a post that a channel can't bear ─────────────────────────────────────────────────────────────────────


def _fail(desk: Desk, times: int, *, maybe_taken: bool) -> None:
    for _ in range(times):
        taken = _take(desk)
        assert taken is not None
        assert taken.outgoing.alert.key == "a"
        desk.write(sending.mark_later, taken.id, error="?", maybe_taken=maybe_taken, at=NOW, now=NOW)


def _put_off(desk: Desk, *, maybe_taken: bool) -> None:
    """One attempt more, and a minute until the next."""
    taken = _take(desk)
    assert taken is not None
    desk.write(sending.mark_later, taken.id, error="?", maybe_taken=maybe_taken, at=NOW + MINUTE, now=NOW)


def test_after_so_many_breakdowns_a_delivery_steps_aside_until_it_is_tried_again(desk: Desk) -> None:
    _tell(desk, "a", "b")
    _fail(desk, STEPS_ASIDE - 1, maybe_taken=True)
    _put_off(desk, maybe_taken=True)
    assert [_sent(desk), _sent(desk)] == [alert("b"), None]
    assert _sent(desk, now=NOW + MINUTE) == alert("a")


def test_an_attempt_that_was_answered_is_no_breakdown(desk: Desk) -> None:
    _tell(desk, "a", "b")
    _fail(desk, 3 * STEPS_ASIDE, maybe_taken=False)
    _put_off(desk, maybe_taken=False)
    assert _take(desk) is None


def test_a_channel_whose_next_delivery_is_to_be_tried_again_has_work_only_then(desk: Desk) -> None:
    _tell(desk, "a", "b")
    _put_off(desk, maybe_taken=False)
    assert desk.read(sending.channels_with_work, NOW) == []
    assert desk.read(sending.channels_with_work, NOW, patience=60.0) == [desk.channel()]
    assert desk.read(sending.channels_with_work, NOW + MINUTE) == [desk.channel()]


# ── a flood ──────────────────────────────────────────────────────────────────────────────────────────────


def _flood(desk: Desk) -> str:
    """A flood of two items, one of which is read and told."""
    slot = f"held:{desk.source().id}:2026-03-02T12:00:00"
    desk.show(*(Item(title=f"Report {n}", url=f"https://courier.example/{n}") for n in range(2)), held=slot)
    _tell(desk, "a", slot=slot)
    _read(desk, desk.unread()[0])
    return slot


def _read(desk: Desk, stored: StoredItem) -> None:
    article = desk.bring(reading(stored.item.title, url=stored.item.url)).saved.article_id
    desk.write(items.mark_read, stored, article)
    desk.write(lambda connection: connection.execute(delete(deliveries).where(deliveries.c.slot.is_(None))))


def test_hard_case_51_a_flood_that_is_read_bit_by_bit_is_one_digest(desk: Desk) -> None:
    slot = _flood(desk)
    assert desk.read(sending.channels_with_work, NOW) == []
    assert _sent(desk) is None
    _tell(desk, "b", slot=slot)
    _read(desk, desk.unread()[0])
    assert desk.read(sending.channels_with_work, NOW) == [desk.channel()]
    assert _members(_sent(desk)) == ["a", "b"]


def test_a_flood_that_is_still_being_read_holds_back_nothing_else(desk: Desk) -> None:
    _flood(desk)
    _tell(desk, "c")
    assert [_sent(desk), _sent(desk)] == [alert("c"), None]


def test_what_is_read_of_a_flood_is_told_after_a_while_whatever_is_left_of_it(desk: Desk) -> None:
    _flood(desk)
    assert _sent(desk, now=NOW + FLOOD_WAITS - MINUTE) is None
    assert _members(_sent(desk, now=NOW + FLOOD_WAITS)) == ["a"]


def test_a_page_that_can_not_be_reached_holds_up_no_flood(desk: Desk) -> None:
    _flood(desk)
    desk.write(items.try_again, desk.unread()[0].id, attempts=1, at=NOW + MINUTE)
    assert _members(_sent(desk)) == ["a"]


def test_a_digest_is_made_with_as_many_queries_whatever_it_holds(desk: Desk) -> None:
    def queries(number: int) -> int:
        asked: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        for each in range(number):
            told = reading(f"Report {number}-{each}", f"The harbor cameras, {number}, {each}.", url=None)
            desk.bring(told)
        with desk.database.writing() as connection:
            event.listen(connection, "before_cursor_execute", count)
            sending.collect(connection, desk.channel(), now=NOW, burst=1)
            event.remove(connection, "before_cursor_execute", count)
        return len(asked)

    assert queries(2) == queries(12)


@pytest.mark.parametrize("outcome", ["sent", "later", "dead"])
def test_what_becomes_of_a_removed_channel_s_post_is_nothing_to_the_delivery_that_has_its_number_now(
    desk: Desk, outcome: str
) -> None:
    desk.tell(alert("story.new:1"), channel="team")
    taken = _take(desk, channel="team")
    assert taken is not None
    desk.write(lambda connection: connection.execute(delete(channels).where(channels.c.name == "team")))
    desk.tell(alert("story.new:2"), channel="newsroom")
    if outcome == "sent":
        desk.write(sending.mark_sent, taken, message_id="5", now=NOW)
    elif outcome == "later":
        desk.write(sending.mark_later, taken.id, error="", maybe_taken=True, at=NOW + MINUTE, now=NOW)
    else:
        desk.write(sending.mark_dead, taken.id, error="", maybe_taken=False, now=NOW)
    later = _take(desk)
    assert later is not None
    assert (later.outgoing.alert.key, later.outgoing.resent, later.attempts) == ("story.new:2", False, 1)
