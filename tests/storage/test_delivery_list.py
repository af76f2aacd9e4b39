"""Deliveries as people list them: titles, Refs, and what each that waits is waiting for."""

import pytest

from tests.storage.building import MINUTE, NOW, Desk, alert
from watchers.errors import CannotRun
from watchers.slots import Due
from watchers.storage import delivery_list, outbox, sending, unusable


def _waits(desk: Desk) -> list[str | None]:
    return [each.waits_for for each in desk.read(delivery_list.deliveries_of, now=NOW)]


def test_a_delivery_has_the_title_of_its_alert_and_the_ref_of_its_card(desk: Desk) -> None:
    desk.tell(alert(title="Quay goes dark"))
    assert [each.ref for each in desk.read(delivery_list.deliveries_of, now=NOW)] == [None], "nothing was sent yet"
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    (listed,) = desk.read(delivery_list.deliveries_of, now=NOW)
    assert (listed.title, listed.ref) == ("Quay goes dark", taken and taken.outgoing.reference)
    assert (listed.due, listed.waits_for) == (None, None), "it is on its way"


def test_what_came_with_a_flood_waits_for_the_rest_of_it(desk: Desk) -> None:
    address = outbox.Address(channel_id=desk.channel(), due=Due(NOW, "held:1:2026-03-02"), mentions=())
    desk.write(outbox.tell, desk.id, alert(), [address], now=NOW)
    assert _waits(desk) == ["held"]


def test_what_gave_no_answer_too_often_holds_up_nothing_behind_it(desk: Desk) -> None:
    for key in ("a", "b"):
        desk.tell(alert(key))
    for breakdowns in range(1, sending.STEPS_ASIDE + 1):
        taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
        assert taken
        later = NOW + MINUTE if breakdowns == sending.STEPS_ASIDE else NOW
        desk.write(sending.mark_later, taken.id, error="timeout", maybe_taken=True, at=later, now=NOW)
    assert _waits(desk) == ["retry", "turn"]


def test_a_channel_that_can_not_be_used_is_the_reason(desk: Desk) -> None:
    desk.tell(alert())
    desk.write(unusable.record, {desk.channel(): "no secret"}, demo=False, now=NOW)
    (listed,) = (each for each in desk.read(delivery_list.deliveries_of, now=NOW) if each.channel == "newsroom")
    assert (listed.waits_for, listed.reason) == ("unusable", "no secret")


def test_a_ref_names_one_delivery_and_anything_else_is_an_alert_s_key(desk: Desk) -> None:
    desk.tell(alert())
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=9)
    assert taken
    assert desk.read(delivery_list.named, taken.outgoing.reference.lower()) == taken.id
    assert desk.read(delivery_list.named, "story.new:1") == "story.new:1"
    with pytest.raises(CannotRun, match="no delivery"):
        desk.read(delivery_list.named, "WD-AAAAA-999")
