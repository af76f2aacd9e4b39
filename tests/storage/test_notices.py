"""What the admins are told, and the weekly note on what the desk listens to."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from tests.storage.building import NOW, STORY, Desk, reading, watch_list
from watchers.models import Alert, AlertKind
from watchers.storage import hygiene, notices, sending, sources
from watchers.storage.schema import articles, matches, revisions, watches

DAY = timedelta(days=1)


def _told(desk: Desk, channel: str = "newsroom") -> Sequence[Alert]:
    found = []
    while (taken := desk.write(sending.take, desk.channel(channel), now=NOW + 60 * DAY, burst=999)) is not None:
        found.append(taken.outgoing.alert)
        desk.write(sending.mark_sent, taken, message_id=None, now=NOW)
    return found


def test_a_failing_source_is_told_to_the_admin_channel_only(desk: Desk) -> None:
    told = desk.write(
        notices.about_source, desk.source(), AlertKind.SOURCE_FAILING, "503", demo=False, now=NOW
    )  # fmt: skip
    assert told == 1
    (alert,) = _told(desk)
    assert (alert.kind, alert.title, alert.url, alert.note) == (
        AlertKind.SOURCE_FAILING, "courier", "https://courier.example/feed", "503",
    )  # fmt: skip
    assert _told(desk, "team") == []


def test_each_turn_of_a_source_is_told(desk: Desk) -> None:
    for hours, kind in enumerate((AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED, AlertKind.SOURCE_FAILING)):
        desk.write(notices.about_source, desk.source(), kind, "", demo=False, now=NOW + timedelta(hours=hours))
    assert [alert.kind.value for alert in _told(desk)] == ["source.failing", "source.recovered", "source.failing"]


def test_a_source_s_trouble_has_a_beginning_and_either_an_end_or_a_next_try(desk: Desk) -> None:
    began, soon = NOW - timedelta(hours=5), NOW + timedelta(hours=1)
    for kind in (AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED):
        desk.write(
            notices.about_source, desk.source(), kind, "", since=began, next_try=soon, demo=False, now=NOW
        )  # fmt: skip
    failing, recovered = _told(desk)
    assert (failing.since, failing.until, failing.next_try) == (began, None, soon)
    assert (recovered.since, recovered.until, recovered.next_try) == (began, NOW, None)
    assert failing.published is None


def test_a_desk_without_an_admin_channel_has_it_in_the_log(desk: Desk) -> None:
    desk.apply(watch_list(desk={"timezone": "UTC"}))
    with capture_logs() as logged:
        assert not desk.write(notices.notice, desk.id, "subject", "Something is the matter.", demo=False, now=NOW)
    assert desk.outbox() == []
    assert [(line["log_level"], line["subject"]) for line in logged] == [("warning", "Something is the matter.")]


def test_the_log_takes_only_what_is_wrong_for_a_warning(desk: Desk) -> None:
    with capture_logs() as logged:
        for kind in (AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED):
            desk.write(notices.about_source, desk.source(), kind, "", demo=False, now=NOW)
    assert [(line["event"], line["log_level"]) for line in logged] == [
        ("source.failing", "warning"), ("source.recovered", "info"),
    ]  # fmt: skip


def test_a_notice_is_told_once_a_subject(desk: Desk) -> None:
    for text in ("Something is the matter.", "It still is."):
        desk.write(notices.notice, desk.id, "subject", text, demo=False, now=NOW)
    assert [alert.title for alert in _told(desk)] == ["Something is the matter."]


# ── hygiene ──────────────────────────────────────────────────────────────────────────────────────────────


def test_texts_that_no_desk_told_are_forgotten_after_their_time_and_their_identity_stays(desk: Desk) -> None:
    desk.bring(reading())
    desk.bring(reading("Brass band wins", "The band of the quay won the cup.", url="https://courier.example/band"))
    assert desk.write(hygiene.forget_texts, NOW) == 0
    assert desk.write(hygiene.forget_texts, NOW + DAY) == 1
    kept = desk.read(
        lambda connection: dict(
            connection.execute(articles.select().with_only_columns(articles.c.title, articles.c.text)).all()
        )
    )
    assert kept == {"Quay goes dark": STORY, "Brass band wins": None}
    assert desk.write(hygiene.forget_texts, NOW + DAY) == 0


def test_earlier_revisions_are_forgotten_with_their_article(desk: Desk) -> None:
    for text in (STORY, f"{STORY} Again."):
        desk.bring(reading(body=text))
    for text in ("The band won the cup.", "The band of the quay won the cup.", "The band lost."):
        desk.bring(reading("Brass band wins", text, url="https://courier.example/band"))

    def kept() -> list[tuple[str, str | None]]:
        rows = select(revisions.c.title, revisions.c.text).order_by(revisions.c.id)
        return desk.read(lambda connection: [(row.title, row.text) for row in connection.execute(rows)])

    before = kept()
    assert [title for title, text in before if text] == ["Quay goes dark", "Brass band wins", "Brass band wins"]
    desk.write(hygiene.forget_texts, NOW)
    assert kept() == before
    desk.write(hygiene.forget_texts, NOW + DAY)
    assert kept() == [("Quay goes dark", STORY), ("Brass band wins", None), ("Brass band wins", None)]


def _note(desk: Desk, now_in: timedelta = timedelta()) -> list[str]:
    desk.write(hygiene.tell, demo=False, now=NOW + now_in)
    notes = [alert for alert in _told(desk) if alert.kind is AlertKind.DESK_NOTICE]
    return [line for note in notes for line in note.title.split("\n")]


def test_nothing_is_noted_where_all_is_well(desk: Desk) -> None:
    desk.bring(reading())
    assert _note(desk) == []


def test_a_watch_that_matched_nothing_for_long_is_noted_once_a_week(desk: Desk) -> None:
    desk.write(lambda connection: connection.execute(update(watches).values(created_at=NOW - 31 * DAY)))
    assert _note(desk) == ["Watch cameras has matched nothing for 30 days: test its query, or remove it."]
    assert _note(desk, DAY) == []
    assert len(_note(desk, 7 * DAY)) == 1


def test_a_watch_that_matches_too_much_is_noted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hygiene, "NOISY_WEEK", 3)
    for number in range(4):
        desk.bring(
            reading(f"Report {number}", f"The harbor cameras, part {number}.", url=f"https://c.example/{number}")
        )
    assert _note(desk) == ["Watch cameras matched 4 articles this week: narrow its query."]
    desk.write(lambda connection: connection.execute(update(matches).values(at=NOW - 8 * DAY)))
    assert _note(desk, 7 * DAY) == []


def test_a_source_that_fell_silent_is_noted(desk: Desk) -> None:
    silent = {"last_ok_at": NOW, "last_new_at": NOW - 15 * DAY, "found_kind": "feed"}
    desk.write(sources.save, desk.source().id, silent)
    assert _note(desk) == ["Source courier has shown nothing new since 15 February."]
    desk.write(sources.save, desk.source().id, {"found_kind": "page"})
    assert _note(desk, 7 * DAY) == []
