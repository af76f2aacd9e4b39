"""What editors answer to an alert: counted, muted, known; each on record."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from tests.storage.building import NOW, STORY, Desk, alert, reading, watch_list
from watchers.errors import ConfigError
from watchers.models import Alert, AlertKind, Decision, Why
from watchers.storage import audit, feedback, guilds, known, meta, told
from watchers.storage.audit import Actor, By, Entry
from watchers.storage.feedback import MUTE_LASTS, Dismissed, Reason
from watchers.storage.schema import alerts, articles

ANN, BO = Actor("1", "Ann"), Actor("2", "Bo")


def _by(desk: Desk, actor: Actor = ANN, act: str = "alert dismiss", now: datetime = NOW) -> By:
    return By(desk=desk.id, actor=actor, act=act, now=now)


def _newest(desk: Desk) -> int:
    def find(connection: Connection) -> int:
        return int(connection.execute(select(alerts.c.id).order_by(alerts.c.id.desc()).limit(1)).scalar_one())

    return desk.read(find)


def _told(desk: Desk, key: str, *why: tuple[str, str], watches: tuple[str, ...] = ("cameras",)) -> int:
    """Tell an alert that these (watch, term) brought; returns its row."""
    reasons = tuple(Why(watch=watch, term=term, field="title", paragraph=None, text=term) for watch, term in why)
    desk.tell(alert(key, why=reasons, watches=watches))
    return _newest(desk)


def _counts(desk: Desk, watch: str = "cameras") -> list[tuple[str, str, int]]:
    return [(each.term, each.reason, each.count) for each in desk.read(feedback.dismissed, desk.id, watch)]


def _entries(desk: Desk) -> list[Entry]:
    return desk.read(audit.entries, desk.id, limit=50)


def _watch(desk: Desk, name: str = "cameras") -> int:
    return desk.read(told.find, desk.id, "watch", name).id


# ── not relevant ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_dismissal_counts_for_each_watch_and_each_of_its_terms(desk: Desk) -> None:
    row = _told(
        desk, "story.new:1", ("cameras", "quay"), ("cameras", "dog"), ("boats", "quay"), watches=("cameras", "boats")
    )
    desk.write(feedback.dismiss, _by(desk), row, Reason.OLD)
    assert _counts(desk) == [("dog", "old", 1), ("quay", "old", 1)]
    assert _counts(desk, "boats") == [("quay", "old", 1)]


def test_a_term_that_stands_in_several_places_counts_once(desk: Desk) -> None:
    row = _told(desk, "story.new:1", ("cameras", "quay"), ("cameras", "quay"))
    desk.write(feedback.dismiss, _by(desk), row, Reason.OLD)
    assert _counts(desk) == [("quay", "old", 1)]


def test_a_watch_that_no_word_decided_counts_under_an_empty_term(desk: Desk) -> None:
    row = _told(desk, "story.new:1")
    desk.write(feedback.dismiss, _by(desk), row, Reason.OFF_TOPIC)
    assert desk.read(feedback.dismissed, desk.id, "cameras") == [Dismissed(term="", reason=Reason.OFF_TOPIC, count=1)]


def test_each_person_counts_once_an_alert_and_may_change_their_mind(desk: Desk) -> None:
    row = _told(desk, "story.new:1", ("cameras", "quay"))
    for actor, reason in ((ANN, Reason.OLD), (ANN, Reason.OLD), (BO, Reason.OLD), (ANN, Reason.DUPLICATE)):
        desk.write(feedback.dismiss, _by(desk, actor), row, reason)
    assert _counts(desk) == [("quay", "duplicate", 1), ("quay", "old", 1)]


def test_the_most_frequent_comes_first(desk: Desk) -> None:
    for number, term in enumerate(("dog", "quay", "quay")):
        row = _told(desk, f"story.new:{number}", ("cameras", term))
        desk.write(feedback.dismiss, _by(desk), row, Reason.WRONG_ENTITY)
    assert _counts(desk) == [("quay", "wrong entity", 2), ("dog", "wrong entity", 1)]


def test_a_term_of_any_length_is_counted(desk: Desk) -> None:
    row = _told(desk, "story.new:1", ("cameras", "あ" * 9_000))
    desk.write(feedback.dismiss, _by(desk), row, Reason.OLD)
    assert [count for _, _, count in _counts(desk)] == [1]


def test_a_dismissal_is_on_record_with_what_it_replaced_and_a_repeated_one_is_not(desk: Desk) -> None:
    row = _told(desk, "story.new:1", ("cameras", "quay"))
    for reason in (Reason.OLD, Reason.OLD, Reason.DUPLICATE):
        desk.write(feedback.dismiss, _by(desk), row, reason)
    second, first = _entries(desk)
    assert (first.noun, first.name, first.before) == ("alert", "Quay goes dark", None)
    assert first.after == second.before == {"alert": row, "dismissed": "old"}
    assert second.after == {"alert": row, "dismissed": "duplicate"}


def test_another_desks_alert_can_not_be_judged(desk: Desk) -> None:
    row = _told(desk, "story.new:1", ("cameras", "quay"))
    other = desk.write(guilds.make, "5", now=NOW)
    with pytest.raises(ConfigError, match="not there any more"):
        desk.write(feedback.dismiss, replace(_by(desk), desk=other), row, Reason.OLD)
    assert (_counts(desk), desk.read(audit.entries, other, limit=5)) == ([], [])


def test_an_undo_of_watches_passes_over_what_was_said_of_alerts(desk: Desk) -> None:
    desk.bring(reading())
    desk.write(feedback.mute, _by(desk, act="alert mute"), _newest(desk), _watch(desk))
    desk.write(feedback.dismiss, _by(desk), _newest(desk), Reason.OLD)
    assert desk.read(audit.last_change, desk.id, "watch") is None


# ── mute ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mute_leaves_the_source_out_of_the_watchs_hearing_until_it_ends(desk: Desk) -> None:
    desk.bring(reading())
    muted = desk.write(feedback.mute, _by(desk, act="alert mute"), _newest(desk), _watch(desk))
    assert (muted.watch, muted.sources, muted.until) == ("cameras", ("courier",), NOW + MUTE_LASTS)
    assert desk.told.desks[0].watches[0].muted == {"courier"}
    assert desk.write(told.wake, NOW + MUTE_LASTS - timedelta(seconds=1)) == 0
    assert desk.write(told.wake, NOW + MUTE_LASTS) == 1
    assert desk.told.desks[0].watches[0].muted == frozenset()


def test_a_second_mute_begins_anew(desk: Desk) -> None:
    desk.bring(reading())
    for hours in (0, 5):
        now = NOW + timedelta(hours=hours)
        muted = desk.write(feedback.mute, _by(desk, act="alert mute", now=now), _newest(desk), _watch(desk))
    assert muted.until == NOW + timedelta(hours=5) + MUTE_LASTS
    assert desk.number("mutes") == 1
    assert desk.write(told.wake, NOW + MUTE_LASTS) == 0


def test_a_watch_of_the_file_may_be_muted_and_stays_as_it_is(desk: Desk) -> None:
    desk.bring(reading())
    before = desk.read(told.find, desk.id, "watch", "cameras")
    desk.write(feedback.mute, _by(desk, act="alert mute"), _newest(desk), _watch(desk))
    assert before.origin == "file"
    assert desk.read(told.find, desk.id, "watch", "cameras") == before


def test_a_mute_that_is_taken_back_twice_is_refused_the_second_time(desk: Desk) -> None:
    desk.bring(reading())
    where = (_by(desk, act="alert mute"), _newest(desk), _watch(desk))
    desk.write(feedback.mute, *where)
    assert desk.write(feedback.unmute, *where).sources == ("courier",)
    with pytest.raises(ConfigError, match="hears this alert's sources already"):
        desk.write(feedback.unmute, *where)


def test_a_watch_that_did_not_bring_the_alert_is_not_muted(desk: Desk) -> None:
    desk.bring(reading())
    row = _newest(desk)
    boats = {"cameras": {"query": '"harbor cameras"'}, "boats": {"query": "boats"}}
    desk.apply(watch_list(watches=boats))
    with pytest.raises(ConfigError, match="boats: this watch did not bring the alert"):
        desk.write(feedback.mute, _by(desk, act="alert mute"), row, _watch(desk, "boats"))


def test_an_alert_without_a_source_has_nothing_to_mute(desk: Desk) -> None:
    row = _told(desk, "story.new:1")
    with pytest.raises(ConfigError, match="nothing to mute"):
        desk.write(feedback.mute, _by(desk, act="alert mute"), row, _watch(desk))


def test_a_mute_is_taken_over_by_the_running_desk(desk: Desk) -> None:
    desk.bring(reading())
    where = (_by(desk, act="alert mute"), _newest(desk), _watch(desk))
    before = desk.read(meta.generation)
    desk.write(feedback.mute, *where)
    desk.write(feedback.unmute, *where)
    assert desk.read(meta.generation) == before + 2


# ── known ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text_is_kept", [True, False])
def test_an_alerts_article_is_known_by_title_address_and_text(desk: Desk, text_is_kept: bool) -> None:
    desk.bring(reading())
    if not text_is_kept:
        desk.write(lambda connection: connection.execute(update(articles).values(text=None)))
    assert desk.write(feedback.make_known, _by(desk, act="alert known"), _newest(desk))
    (one,) = desk.read(known.every, desk.id)
    assert (one.title, one.url, one.outlet) == ("Quay goes dark", "https://courier.example/quay", "Courier")
    (copy,) = desk.bring(reading("Another title", f"Seen elsewhere.\n\n{STORY}", url="https://l.example/1")).placed
    assert copy.placement.decision is Decision.KNOWN


def test_an_alerts_article_is_made_known_once(desk: Desk) -> None:
    desk.bring(reading())
    for actor, new in ((ANN, True), (BO, False)):
        assert desk.write(feedback.make_known, _by(desk, actor, "alert known"), _newest(desk)) is new
    (entry,) = _entries(desk)
    assert (entry.noun, entry.after) == (
        "story",
        {"title": "Quay goes dark", "url": "https://courier.example/quay"},
    )


def test_a_secret_in_an_address_is_not_on_record(desk: Desk) -> None:
    desk.bring(reading(url="https://courier.example/quay?token=hush"))
    desk.write(feedback.make_known, _by(desk, act="alert known"), _newest(desk))
    assert "hush" not in str(_entries(desk))


def test_what_is_no_story_is_not_made_known(desk: Desk) -> None:
    desk.tell(Alert(key="desk.notice:x", kind=AlertKind.DESK_NOTICE, title="A disk is full"))
    with pytest.raises(ConfigError, match="only stories can be made known"):
        desk.write(feedback.make_known, _by(desk, act="alert known"), _newest(desk))
