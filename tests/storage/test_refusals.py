"""A channel that refuses: a dead letter, a notice to the admins, and a pause where nothing else would be taken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from tests.storage.building import MINUTE, NOW, Desk, alert
from watchers.models import Alert, AlertKind, Refused, Retry
from watchers.storage import outbox, sending
from watchers.storage.refusals import bury, postpone
from watchers.storage.schema import channels
from watchers.storage.sending import Taken

HOUR = timedelta(hours=1)


def _refused(desk: Desk, result: Retry | Refused, *, channel: str = "team", one: Alert | None = None) -> bool:
    desk.tell(one or alert(), channel=channel)
    return _refused_again(desk, result, channel=channel)


def _refused_again(desk: Desk, result: Retry | Refused, *, channel: str = "team", now: datetime = NOW) -> bool:
    return desk.write(bury, desk.channel(channel), _taken(desk, channel, now), result, demo=False, now=now)


def _taken(desk: Desk, channel: str = "team", now: datetime = NOW) -> Taken:
    taken = desk.write(sending.take, desk.channel(channel), now=now, burst=10)
    assert taken is not None
    return taken


def _put_off(desk: Desk, now: datetime) -> None:
    later = now + MINUTE
    desk.write(
        postpone, desk.channel("team"), _taken(desk, now=now), Retry("503"), at=later, demo=False, now=now
    )  # fmt: skip


def _notice(desk: Desk, now: datetime = NOW) -> str:
    return _taken(desk, "newsroom", now).outgoing.alert.title


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


@pytest.mark.parametrize("result", [Refused("400"), Refused("404", pause=True), Retry("503")])
def test_what_the_admin_channel_itself_does_not_take_is_in_the_log_only(desk: Desk, result: Retry | Refused) -> None:
    _refused(desk, result, channel="newsroom")
    assert desk.outbox() == [("story.new:1", "newsroom", "dead")]


@pytest.mark.parametrize("notice", [AlertKind.DESK_NOTICE, AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED])
def test_of_a_refused_notice_there_is_no_other(desk: Desk, notice: AlertKind) -> None:
    _refused(desk, Refused("400"), one=replace(alert(), kind=notice))
    assert desk.outbox() == [("story.new:1", "team", "dead")]


def test_what_is_refused_again_after_a_retry_is_told_again(desk: Desk) -> None:
    _refused(desk, Refused("400"))
    desk.write(outbox.retry, None, now=NOW + MINUTE)
    _refused_again(desk, Refused("400"), now=NOW + MINUTE)
    assert [key.startswith("desk.notice:") for key, _, _ in desk.outbox()] == [False, True, True]


@pytest.mark.parametrize("result", [Refused("400"), Refused("404", pause=True), Retry("503")])
def test_a_channel_that_is_removed_while_a_post_is_out_is_no_error(desk: Desk, result: Retry | Refused) -> None:
    desk.tell(alert(), channel="team")
    taken, channel = _taken(desk), desk.channel("team")
    desk.write(lambda connection: connection.execute(delete(channels).where(channels.c.id == channel)))
    desk.write(bury, channel, taken, result, demo=False, now=NOW)
    desk.write(postpone, channel, taken, Retry("503"), at=NOW, demo=False, now=NOW + HOUR)
    assert desk.outbox() == []


def test_the_admins_are_told_once_of_an_alert_that_is_tried_for_an_hour(desk: Desk) -> None:
    desk.tell(alert("a"), channel="team")
    for minutes in range(0, 60, 10):
        _put_off(desk, NOW + minutes * MINUTE)
    assert len(desk.outbox()) == 1
    for minutes in range(60, 120, 10):
        _put_off(desk, NOW + minutes * MINUTE)
    assert len(desk.outbox()) == 2
    assert _notice(desk, NOW + 2 * HOUR).startswith(
        "Channel team has not taken an alert since 2026-03-02 12:00 UTC: 503"
    )
