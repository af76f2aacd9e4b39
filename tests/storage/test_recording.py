"""One transaction an article: what it is at a desk, and who is told."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from tests.storage.building import MINUTE, NOW, PARAGRAPHS, STORY, Desk, reading, watch_list
from watchers.models import Decision, Earlier
from watchers.storage import known, sending
from watchers.storage.placing import Placed
from watchers.storage.recording import StaleMatchesError, record
from watchers.storage.schema import deliveries, matches
from watchers.stories.corpus import KnownText
from watchers.stories.fingerprint import fingerprint

OTHER = "https://ledger.example/harbor"


def _placed(desk: Desk, *args: object, **kwargs: object) -> Placed:
    (placed,) = desk.bring(*args, **kwargs).placed  # type: ignore[arg-type]  # passed on as it came
    return placed


def _know(desk: Desk, **story: object) -> None:
    desk.write(known.add, desk.id, [KnownText(**story)], origin="seed", now=NOW)  # type: ignore[arg-type]  # as above


def test_a_new_story_is_told_with_its_matches(desk: Desk) -> None:
    placed = _placed(desk, reading())
    assert (placed.placement.decision, placed.watches, placed.alerted) == (Decision.NEW, ("cameras",), True)
    assert desk.outbox() == [(f"story.new:{placed.placement.story_id}", "newsroom", "pending")]
    assert desk.number("matches") == 1


def test_an_article_that_no_watch_names_is_recorded_and_not_told(desk: Desk) -> None:
    placed = _placed(desk, reading("Brass band wins", "The brass band of the quay won the cup on Sunday."))
    assert (placed.placement.decision, placed.alerted) == (Decision.UNMATCHED, False)
    assert (desk.number("articles"), desk.outbox()) == (1, [])


@pytest.mark.parametrize(
    "story",
    [
        {"urls": ("https://www.courier.example/quay/?utm_source=x",)},
        {"title": "QUAY GOES DARK AFTER A LONG VOTE"},
        {"fingerprint": fingerprint(STORY)},
        {"fingerprint": fingerprint(f"Our partners report.\n\n{STORY}\n\nSupport this paper today.")},
    ],
)
def test_a_known_story_is_recorded_and_not_told(desk: Desk, story: dict[str, object]) -> None:
    _know(desk, **story)
    placed = _placed(desk, reading("Quay goes dark after a long vote"))
    assert (placed.placement.decision, placed.alerted) == (Decision.KNOWN, False)
    assert desk.outbox() == []


def test_an_excerpt_of_a_known_story_is_known(desk: Desk) -> None:
    _know(desk, fingerprint=fingerprint(STORY))
    excerpt = "\n\n".join(PARAGRAPHS[:2])
    assert _placed(desk, reading("From elsewhere", excerpt)).placement.decision is Decision.KNOWN


def test_a_report_that_quotes_a_known_story_names_it_as_earlier(desk: Desk) -> None:
    _know(
        desk,
        title="Cameras on the quay",
        url=OTHER,
        urls=(OTHER,),
        fingerprint=fingerprint("\n\n".join(PARAGRAPHS[1:3])),
    )
    more = "\n\n".join(f"Boat number {n} left pier {n + 3} before lamp {n * 7} was lit by hand." for n in range(20))
    assert _placed(desk, reading(body=f"{STORY}\n\n{more}")).placement.decision is Decision.NEW
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=10)
    assert taken is not None
    assert taken.outgoing.alert.earlier == Earlier(title="Cameras on the quay", url=OTHER, outlet=None, published=None)


def test_a_report_that_shares_a_few_words_with_a_known_story_names_none(desk: Desk) -> None:
    few = "Commissioner Odile Farrant, who wrote the motion, said that rain would come, and rain it did, all week long."
    _know(desk, title="Rain", url=OTHER, urls=(OTHER,), fingerprint=fingerprint(few))
    _placed(desk, reading())
    taken = desk.write(sending.take, desk.channel(), now=NOW, burst=10)
    assert taken is not None
    assert taken.outgoing.alert.earlier is None


def test_a_copy_at_another_address_joins_the_story_and_is_not_told_again(desk: Desk) -> None:
    first = _placed(desk, reading())
    copy = _placed(desk, reading("Cameras off", f"Seen elsewhere.\n\n{STORY}", url=OTHER, outlet="Ledger"))
    assert copy.placement.decision is Decision.COPY
    assert copy.placement.story_id == first.placement.story_id
    assert copy.placement.of_article_id is not None
    assert copy.placement.score is not None
    assert not copy.alerted
    assert len(desk.outbox()) == 1


def test_an_excerpt_at_another_address_is_a_copy(desk: Desk) -> None:
    first = _placed(desk, reading())
    excerpt = _placed(desk, reading("In short", "\n\n".join(PARAGRAPHS[:2]), url=OTHER, outlet="Ledger"))
    assert (excerpt.placement.decision, excerpt.placement.story_id) == (Decision.COPY, first.placement.story_id)


def test_another_event_in_other_words_is_another_story(desk: Desk) -> None:
    first = _placed(desk, reading())
    other = "A court in the north ruled that harbor cameras may stay where they are until the appeal is heard in May."
    second = _placed(desk, reading("Court keeps cameras", other, url=OTHER))
    assert second.placement.decision is Decision.NEW
    assert second.placement.story_id != first.placement.story_id


def test_a_changed_text_is_a_revision_and_not_told_again(desk: Desk) -> None:
    first = _placed(desk, reading())
    again = _placed(desk, reading(body=STORY.replace("Monday", "Tuesday")))
    assert (again.placement.decision, again.placement.story_id) == (Decision.REVISION, first.placement.story_id)
    assert (again.alerted, again.repeated) == (False, False)
    assert len(desk.outbox()) == 1


def test_the_same_text_again_is_a_repetition(desk: Desk) -> None:
    _placed(desk, reading())
    again = _placed(desk, reading())
    assert (again.placement.decision, again.repeated, again.alerted) == (Decision.NEW, True, False)


def test_a_revision_that_matches_for_the_first_time_is_new(desk: Desk) -> None:
    before = _placed(desk, reading(body="The harbor commission will vote on Monday on the devices along the quay."))
    after = _placed(desk, reading())
    assert [before.placement.decision, after.placement.decision] == [Decision.UNMATCHED, Decision.NEW]
    assert after.alerted


def test_a_revision_of_a_known_story_stays_silent(desk: Desk) -> None:
    _know(desk, urls=("https://courier.example/quay",))
    _placed(desk, reading())
    again = _placed(desk, reading(body=STORY.replace("Monday", "Tuesday")))
    assert (again.placement.decision, again.alerted) == (Decision.REVISION, False)


async def test_hard_case_62_thirty_copies_in_the_same_moment_make_one_story(desk: Desk) -> None:
    arrivals = [
        desk.arrival(reading(f"Dark, {n}", f"{n} writes.\n\n{STORY}", url=f"https://o{n}.example/a", outlet=f"{n}"))
        for n in range(30)
    ]
    told = desk.told
    answers = await asyncio.gather(
        *(desk.database.write(record, arrival, told, desk.manner, NOW) for arrival in arrivals)
    )
    decisions = Counter(placed.placement.decision for answer in answers for placed in answer.placed)
    assert decisions == {Decision.NEW: 1, Decision.COPY: 29}
    assert len(desk.outbox()) == 1


def test_what_is_silent_is_recorded_with_its_story_and_not_told(desk: Desk) -> None:
    placed = _placed(desk, reading(), silent=True)
    assert (placed.placement.decision, placed.alerted) == (Decision.NEW, False)
    assert desk.outbox() == []


def test_what_came_in_a_flood_waits_for_its_digest(desk: Desk) -> None:
    _placed(desk, reading(), held="held:1:then")
    slots = desk.read(lambda connection: connection.execute(select(deliveries.c.slot)).scalars().all())
    assert slots == ["held:1:then"]


def test_a_channel_s_first_sight_of_a_story_is_story_new_also_by_a_later_copy(desk: Desk) -> None:
    desk.apply(
        watch_list(
            watches={
                "cameras": {"query": '"harbor cameras"', "routes": ["newsroom"]},
                "bands": {"query": '"trombone players"', "routes": ["team"]},
            }
        )
    )
    first = _placed(desk, reading())
    longer = f"{STORY}\n\nAmong them were four trombone players."
    copy = _placed(desk, reading("Band plays", longer, url=OTHER, outlet="Ledger"))
    key = f"story.new:{first.placement.story_id}"
    assert (copy.placement.decision, copy.alerted) == (Decision.COPY, True)
    assert desk.outbox() == [(key, "newsroom", "pending"), (key, "team", "pending")]


def test_several_watches_for_one_channel_make_one_delivery_now_wins_and_all_are_called(desk: Desk) -> None:
    def route(when: str, mention: str) -> list[dict[str, str]]:
        return [{"channel": "newsroom", "when": when, "mention": mention}]

    desk.apply(
        watch_list(
            watches={
                "daily": {"query": "cameras", "routes": route("daily", "11")},
                "now": {"query": "harbor", "routes": route("now", "22")},
                "hourly": {"query": "quay", "routes": route("hourly", "33")},
            }
        )
    )
    placed = _placed(desk, reading())
    assert set(placed.watches) == {"daily", "now", "hourly"}
    (row,) = desk.read(lambda connection: connection.execute(select(deliveries)).all())
    assert (row.slot, row.due_at, row.mentions) == (None, NOW, ["11", "22", "33"])


def test_an_article_matched_by_an_older_watch_list_is_refused_whole(desk: Desk) -> None:
    arrival, told = desk.arrival(reading()), desk.told
    desk.apply(watch_list(watches={"cameras": {"query": "cameras", "routes": []}}))
    with pytest.raises(StaleMatchesError):
        desk.write(record, arrival, told, desk.manner, NOW)
    assert desk.number("articles") == 0


def test_a_story_without_a_route_is_an_alert_that_nobody_is_told(desk: Desk) -> None:
    desk.apply(watch_list(watches={"cameras": {"query": '"harbor cameras"', "routes": []}}))
    assert _placed(desk, reading()).alerted
    assert (desk.number("alerts"), desk.outbox()) == (1, [])


def test_the_evidence_is_kept_as_it_stands_in_the_text(desk: Desk) -> None:
    _placed(desk, reading())
    ((evidence,),) = desk.read(lambda connection: connection.execute(select(matches.c.evidence)).all())
    (found,) = evidence
    assert (found["field"], found["paragraph"]) == ("text", 1)
    assert STORY[found["start"] : found["end"]] == found["text"] == "harbor cameras"


def test_copies_that_arrive_before_the_card_goes_out_are_on_it(desk: Desk) -> None:
    _placed(desk, reading())
    for number in range(3):
        _placed(
            desk, reading(body=f"{number}.\n\n{STORY}", url=f"https://o{number}.example/a", outlet=f"Outlet {number}")
        )
    taken = desk.write(sending.take, desk.channel(), now=NOW + MINUTE, burst=10)
    assert taken is not None
    assert [teller.outlet for teller in taken.outgoing.alert.copies] == ["Outlet 0", "Outlet 1", "Outlet 2"]
