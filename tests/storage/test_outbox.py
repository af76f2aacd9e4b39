"""One delivery an alert and channel, listed, tried again and dropped by command."""

from datetime import timedelta

from tests.storage.building import MINUTE, NOW, Desk, alert
from watchers.slots import Due
from watchers.storage import outbox, sending

BURST = 10


def _dead(desk: Desk, *, maybe_taken: bool = False) -> None:
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    desk.write(sending.mark_dead, taken.id, error="refused", maybe_taken=maybe_taken, now=NOW)


def test_an_alert_is_told_once_a_channel(desk: Desk) -> None:
    assert desk.tell(alert())
    assert not desk.tell(alert(title="Another card of the same thing"))
    assert desk.tell(alert(), channel="team")
    assert desk.outbox() == [("story.new:1", "newsroom", "pending"), ("story.new:1", "team", "pending")]


def test_an_alert_without_an_address_counts_only_where_that_is_meant(desk: Desk) -> None:
    assert not desk.write(outbox.tell, desk.id, alert(), [], now=NOW)
    assert desk.write(outbox.tell, desk.id, alert(), [], now=NOW, even_unaddressed=True)
    assert (desk.number("alerts"), desk.number("deliveries")) == (1, 0)


def test_what_waits_is_counted(desk: Desk) -> None:
    desk.tell(alert("a"))
    desk.tell(alert("b"))
    assert desk.read(outbox.waiting) == 2
    desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert desk.read(outbox.waiting) == 2
    _dead(desk)
    assert desk.read(outbox.waiting) == 1


def test_deliveries_are_listed_by_their_states(desk: Desk) -> None:
    desk.tell(alert("a"))
    desk.tell(alert("b"))
    _dead(desk)
    (dead,) = desk.read(outbox.listed, states=["dead"])
    assert (dead.alert, dead.channel, dead.attempts, dead.error, dead.at) == ("a", "newsroom", 1, "refused", NOW)
    assert [each.alert for each in desk.read(outbox.listed)] == ["a", "b"]


def test_dead_letters_are_tried_again_by_command(desk: Desk) -> None:
    for key in ("a", "b"):
        desk.tell(alert(key))
        _dead(desk)
    assert [each.alert for each in desk.write(outbox.retry, "b", now=NOW)] == ["b"]
    assert desk.outbox() == [("a", "newsroom", "dead"), ("b", "newsroom", "pending")]
    assert [each.alert for each in desk.write(outbox.retry, None, now=NOW)] == ["a"]
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert (taken.outgoing.alert.key, taken.attempts, taken.outgoing.resent) == ("a", 1, False)


def test_a_dead_letter_that_may_have_arrived_is_marked_when_it_is_tried_again(desk: Desk) -> None:
    desk.tell(alert())
    _dead(desk, maybe_taken=True)
    desk.write(outbox.retry, None, now=NOW)
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert taken.outgoing.resent


def test_what_is_dropped_is_never_told(desk: Desk) -> None:
    desk.tell(alert("a"))
    desk.tell(alert("b"))
    assert [each.state for each in desk.write(outbox.drop, "a", now=NOW)] == ["superseded"]
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert taken.outgoing.alert.key == "b"
    assert desk.write(outbox.drop, "b", now=NOW) == []
    assert not desk.tell(alert("a"))


def test_a_dropped_digest_takes_its_members_along(desk: Desk) -> None:
    for key in ("a", "b"):
        desk.tell(alert(key), at=NOW, slot="daily:2026-03-02")
    desk.write(sending.collect, desk.channel(), now=NOW, burst=BURST)
    (digest,) = (each.alert for each in desk.read(outbox.listed, states=["pending"]))
    desk.write(outbox.drop, digest, now=NOW)
    assert {state for _, _, state in desk.outbox()} == {"superseded"}


def test_what_was_being_sent_at_a_crash_is_sent_again_marked(desk: Desk) -> None:
    desk.tell(alert("a"))
    desk.tell(alert("b"))
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert desk.write(outbox.recover, NOW + MINUTE) == 1
    again = desk.write(sending.take, desk.channel(), now=NOW + MINUTE, burst=BURST)
    assert again is not None
    assert again.outgoing.alert.key == "a"
    assert again.outgoing.reference == taken.outgoing.reference
    assert (taken.outgoing.resent, again.outgoing.resent) == (False, True)


# ── told again, sooner ───────────────────────────────────────────────────────────────────────────────────


def _tell(desk: Desk, due: Due, *mentions: str) -> bool:
    address = outbox.Address(channel_id=desk.channel(), due=due, mentions=mentions)
    return desk.write(outbox.tell, desk.id, alert(), [address], now=NOW)


def test_what_waits_for_a_digest_goes_at_once_where_it_is_told_at_once(desk: Desk) -> None:
    _tell(desk, Due(NOW + 600 * MINUTE, "daily:2026-03-03"), "11")
    assert not _tell(desk, Due(NOW, None), "22", "11")
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert (taken.outgoing.alert.key, taken.outgoing.mentions) == ("story.new:1", ("11", "22"))
    assert desk.number("deliveries") == 1


def test_what_is_told_sooner_already_stays_as_it_is(desk: Desk) -> None:
    _tell(desk, Due(NOW, None), "11")
    _tell(desk, Due(NOW + 600 * MINUTE, "daily:2026-03-03"), "22")
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    assert taken.outgoing.mentions == ("11",)


def test_what_is_to_be_tried_again_is_not_brought_forward(desk: Desk) -> None:
    _tell(desk, Due(NOW, None))
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=BURST)
    assert taken is not None
    again = NOW + 9 * MINUTE
    desk.write(sending.mark_later, taken.id, error="503", maybe_taken=False, at=again, now=NOW)
    _tell(desk, Due(NOW + MINUTE, None))
    assert desk.read(sending.next_at, desk.channel(), NOW) == again


def test_hard_case_60_what_was_to_be_tried_again_by_a_clock_that_was_ahead_is_due_once_it_is_put_back(
    desk: Desk,
) -> None:
    desk.now = ahead = NOW + timedelta(days=1)
    desk.tell(alert("a"))
    taken = desk.write(sending.take, desk.channel(), now=ahead, burst=BURST)
    assert taken is not None
    desk.write(sending.mark_later, taken.id, error="503", maybe_taken=False, at=ahead + MINUTE, now=ahead)
    assert desk.write(sending.take, desk.channel(), now=NOW, burst=BURST) is None
    desk.write(outbox.recover, NOW)
    assert desk.write(sending.take, desk.channel(), now=NOW, burst=BURST) is not None


def test_what_waits_for_its_hour_waits_also_after_a_start(desk: Desk) -> None:
    desk.tell(alert("a"), at=NOW + 60 * MINUTE, slot="hourly:2026-03-02T13")
    desk.write(outbox.recover, NOW)
    assert desk.write(sending.take, desk.channel(), now=NOW, burst=BURST) is None


def test_a_list_of_any_length_is_asked_for_at_once(desk: Desk) -> None:
    """PostgreSQL counts the parameters of a statement with 16 bits."""
    desk.tell(alert())
    assert len(desk.read(outbox.listed, ids=range(100_000))) == 1
