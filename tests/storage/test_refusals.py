"""A channel that refuses: a dead letter, a notice to the admins, and a pause where nothing else would be taken."""

from tests.storage.building import NOW, Desk, alert
from watchers.models import Refused, Retry
from watchers.storage import sending
from watchers.storage.refusals import bury


def _refused(desk: Desk, result: Retry | Refused) -> bool:
    desk.tell(alert(), channel="team")
    taken = desk.write(sending.take, desk.channel("team"), now=NOW, burst=10)
    assert taken is not None
    return desk.write(bury, desk.channel("team"), taken, result, demo=False, now=NOW)


def _notice(desk: Desk) -> str:
    taken = desk.write(sending.take, desk.channel("newsroom"), now=NOW, burst=10)
    assert taken is not None
    return taken.outgoing.alert.title


def test_a_refused_alert_is_a_dead_letter_and_the_admins_are_told(desk: Desk) -> None:
    assert not _refused(desk, Refused("400: invalid"))
    assert desk.outbox()[0] == ("story.new:1", "team", "dead")
    assert _notice(desk).startswith("Channel team refused an alert: 400: invalid")
    assert desk.read(lambda connection: sending.channels_with_work(connection, NOW)) == []


def test_hard_case_86_a_channel_that_is_gone_is_paused_and_the_admins_are_told_what_to_do(desk: Desk) -> None:
    assert _refused(desk, Refused("404: Unknown Webhook", pause=True))
    assert "wiredesk channel resume team" in _notice(desk)
    assert {channel.name: channel.state for channel in desk.told.desks[0].channels} == {
        "newsroom": "active",
        "team": "paused",
    }


def test_what_was_tried_for_too_long_is_a_dead_letter(desk: Desk) -> None:
    assert not _refused(desk, Retry("503", maybe_taken=True))
    assert desk.outbox()[0] == ("story.new:1", "team", "dead")
