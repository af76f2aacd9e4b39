"""A channel that the desk can't use is told to its admins, once, and is known to every command."""

from collections.abc import Mapping
from datetime import timedelta

from tests.storage.building import NOW, Desk, alert, watch_list
from watchers.slots import Due
from watchers.storage import desks, outbox, unusable
from watchers.storage.outbox import Address
from watchers.storage.unusable import Unusable


def _record(desk: Desk, found: Mapping[str, str], hour: int = 0) -> None:
    by_row = {desk.channel(name): reason for name, reason in found.items()}
    desk.write(unusable.record, by_row, demo=False, now=NOW + timedelta(hours=hour))


def _told(desk: Desk) -> list[str]:
    return [row.alert for row in desk.read(outbox.listed) if row.channel == "newsroom"]


def test_the_admins_are_told_once_while_the_reason_stays(desk: Desk) -> None:
    for hour in range(3):
        _record(desk, {"team": "no secret"}, hour)
    assert len(_told(desk)) == 1
    _record(desk, {"team": "no address"}, 3)
    assert len(_told(desk)) == 2


def test_what_was_well_meanwhile_is_told_again(desk: Desk) -> None:
    for hour, found in enumerate(({"team": "no secret"}, {}, {"team": "no secret"})):
        _record(desk, found, hour)
    assert len(_told(desk)) == 2


def test_the_admin_channel_itself_is_not_told_that_it_can_t_be_used(desk: Desk) -> None:
    _record(desk, {"newsroom": "no secret"})
    assert _told(desk) == []
    assert [each.name for each in desk.read(unusable.listed)] == ["newsroom"]


def test_they_are_listed_with_how_much_waits_for_each(desk: Desk) -> None:
    for number in range(2):
        address = Address(channel_id=desk.channel("team"), due=Due(NOW, None), mentions=())
        desk.write(outbox.tell, desk.id, alert(f"story.new:{number}"), [address], now=NOW)
    _record(desk, {"team": "no secret"})
    assert desk.read(unusable.listed) == [Unusable(name="team", reason="no secret", waiting=2)]
    desk.write(desks.pause_channel, desk.channel("team"), "paused by command")
    assert desk.read(unusable.listed) == []


def test_a_channel_that_is_removed_is_forgotten(desk: Desk) -> None:
    _record(desk, {"team": "no secret"})
    gone = {desk.channel("team"): "no secret"}
    desk.apply(watch_list(channels={"newsroom": {"kind": "terminal"}}), prune=True)
    assert desk.read(unusable.listed) == []
    desk.write(unusable.record, gone, demo=False, now=NOW)
    assert desk.read(unusable.known) == {}
