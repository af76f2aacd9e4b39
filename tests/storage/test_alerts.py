"""An alert looked up again: by its row, by its message; what it came from and where it went."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select, update

from tests.storage.building import NOW, STORY, Desk, alert, reading, watch_list
from watchers.errors import ConfigError
from watchers.models import Alert, AlertKind
from watchers.storage import alerts, guilds, sending, versions
from watchers.storage.alerts import Kept
from watchers.storage.schema import alerts as alert_rows
from watchers.storage.schema import articles, channels, items, sources
from watchers.storage.versions import Version

TWO = {
    "watches": {
        "cameras": {"query": '"harbor cameras"', "routes": ["newsroom"]},
        "storms": {"query": "storms", "routes": []},
    }
}


@pytest.fixture
def newest(desk: Desk) -> Callable[[], Kept]:
    """The desk's newest alert."""

    def find(connection: Connection) -> Kept:
        row = connection.execute(select(alert_rows.c.id).order_by(alert_rows.c.id.desc()).limit(1)).scalar_one()
        return alerts.find(connection, desk.id, row)

    return lambda: desk.read(find)


def _post(desk: Desk, message_id: str, *, channel: str = "newsroom", kind: str = "discord") -> None:
    """Send what a channel has next, as to a channel of that kind."""

    def as_kind(connection: Connection) -> None:
        connection.execute(update(channels).where(channels.c.name == channel).values(kind=kind, settings={"id": "77"}))

    desk.write(as_kind)
    taken = desk.write(sending.take, desk.channel(channel), now=desk.now, burst=5)
    assert taken is not None
    desk.write(sending.mark_sent, taken, message_id=message_id, now=desk.now)


def test_an_alert_is_found_as_it_was_told(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.bring(reading())
    found = newest()
    assert (found.alert.title, found.alert.kind, found.made_at) == ("Quay goes dark", AlertKind.STORY_NEW, NOW)
    assert [why.term for why in found.alert.why] == ["harbor cameras"]


def test_an_alert_of_another_desk_is_not_there(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.bring(reading())
    other = desk.write(guilds.make, "5", now=NOW)
    with pytest.raises(ConfigError, match="not there any more"):
        desk.read(alerts.find, other, newest().id)


# ── by its message ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("service", ["discord", "webhook"])
def test_a_message_leads_to_the_alert_that_it_told(desk: Desk, newest: Callable[[], Kept], service: str) -> None:
    desk.bring(reading())
    _post(desk, "501", kind=service)
    assert desk.read(alerts.of_message, desk.id, "501") == newest()


def test_a_message_that_told_nothing_leads_nowhere(desk: Desk) -> None:
    desk.bring(reading())
    _post(desk, "501")
    assert desk.read(alerts.of_message, desk.id, "502") is None


def test_a_message_of_another_desk_leads_nowhere(desk: Desk) -> None:
    desk.bring(reading())
    _post(desk, "501")
    other = desk.write(guilds.make, "5", now=NOW)
    assert desk.read(alerts.of_message, other, "501") is None


def test_the_same_number_at_another_service_leads_nowhere(desk: Desk) -> None:
    desk.bring(reading())
    _post(desk, "501", kind="apprise")
    assert desk.read(alerts.of_message, desk.id, "501") is None


# ── what it came from ────────────────────────────────────────────────────────────────────────────────────


def test_a_story_came_from_the_article_at_the_alerts_address(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.bring(reading())
    kept = newest()
    desk.bring(reading("Cameras off", f"Seen elsewhere.\n\n{STORY}", url="https://ledger.example/1"))
    found = desk.read(alerts.article_of, kept)
    assert found is not None
    assert found.reading.url == "https://courier.example/quay"
    assert [text.title for text in desk.read(alerts.readings, kept)] == ["Quay goes dark"]


def test_a_story_that_a_channel_first_sees_by_a_copy_came_from_that_copy(
    desk: Desk, newest: Callable[[], Kept]
) -> None:
    desk.bring(reading(body=STORY))
    both = TWO | {"watches": {**TWO["watches"], "dogs": {"query": '"stray dog"', "routes": ["team"]}}}
    desk.apply(watch_list(**both))
    desk.bring(reading("Cameras off", f"A stray dog.\n\n{STORY}", url="https://ledger.example/1"))
    found = desk.read(alerts.article_of, newest())
    assert found is not None
    assert found.reading.url == "https://ledger.example/1"


def test_an_article_whose_text_is_kept_no_more_has_none_to_read(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.bring(reading())
    desk.write(lambda connection: connection.execute(update(articles).values(text=None)))
    assert desk.read(alerts.readings, newest()) == ()


def test_other_watches_of_the_desk_that_matched_are_named(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.bring(reading())
    kept = newest()
    desk.apply(watch_list(**TWO))
    desk.bring(reading())
    assert desk.read(alerts.also_matched, kept) == ("storms",)


def test_every_source_of_the_desk_that_showed_it_is_named_once(desk: Desk, newest: Callable[[], Kept]) -> None:
    two = {"courier": {"url": "https://courier.example/feed"}, "ledger": {"url": "https://ledger.example/feed"}}
    desk.apply(watch_list(sources=two))
    article = desk.bring(reading()).saved.article_id

    def shown_by_all(connection: Connection) -> None:
        stranger = connection.execute(
            insert(sources).values(url="https://stranger.example/", kind="feed").returning(sources.c.id)
        ).scalar_one()
        for source_id in (desk.source("courier").id, desk.source("ledger").id, stranger):
            connection.execute(
                insert(items).values(
                    source_id=source_id,
                    content_key="",
                    state="read",
                    silent=False,
                    shown={},
                    title="Quay",
                    first_seen=NOW,
                    article_id=article,
                )
            )

    desk.write(shown_by_all)
    assert [origin.name for origin in desk.read(alerts.sources, newest())] == ["courier", "ledger"]


def test_a_changed_page_came_from_its_source_and_its_two_versions(desk: Desk, newest: Callable[[], Kept]) -> None:
    source = desk.source().id
    for number, text in enumerate(("first", "second", "third"), start=1):
        version = Version(number=number, title="Policy", text=text, text_hash=text, extractor="test", snapshot=None)
        desk.write(versions.add, source, version, NOW)
    changed = Alert(key=f"policy.changed:{source}:2", kind=AlertKind.POLICY_CHANGED, title="Policy")
    desk.tell(changed)
    kept = newest()
    assert [text.text for text in desk.read(alerts.readings, kept)] == ["second", "first"]
    assert [origin.name for origin in desk.read(alerts.sources, kept)] == ["courier"]


def test_a_notice_came_from_nowhere(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.tell(Alert(key="desk.notice:x", kind=AlertKind.DESK_NOTICE, title="A disk is full"))
    kept = newest()
    assert desk.read(alerts.article_of, kept) is None
    assert (desk.read(alerts.readings, kept), desk.read(alerts.sources, kept)) == ((), ())
    assert desk.read(alerts.also_matched, kept) == ()


# ── where it went ────────────────────────────────────────────────────────────────────────────────────────


def test_where_it_went_is_told_of_every_channel_of_the_desk(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.tell(alert())
    _post(desk, "501")
    desk.tell(alert(), channel="team")
    went = desk.read(alerts.sent, newest())
    assert [(each.channel, each.chat_id, each.message_id, each.state) for each in went] == [
        ("newsroom", "77", "501", "sent"),
        ("team", None, None, "pending"),
    ]


def test_where_another_desk_was_told_of_the_same_is_not_told(desk: Desk, newest: Callable[[], Kept]) -> None:
    desk.tell(alert("policy.changed:1:2"))
    kept = newest()

    def as_of_another(connection: Connection) -> None:
        other = guilds.make(connection, "5", now=NOW)
        connection.execute(update(channels).where(channels.c.name == "team").values(desk_id=other))

    desk.tell(alert("policy.changed:1:2"), channel="team")
    desk.write(as_of_another)
    assert [each.channel for each in desk.read(alerts.sent, kept)] == ["newsroom"]
