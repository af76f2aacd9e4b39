"""Which entries are new, edited, or the ones we have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from watchers.models import Item
from watchers.sources.recognise import ItemKeys, KnownItem, Recognition, keyed, keys_of, recognise

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def story(number: int, **changes: object) -> Item:
    item = Item(
        entry_id=f"gazette-{number}",
        url=f"https://gazette.example/{number}",
        title=f"Harbour story number {number}",
        published=NOON + timedelta(minutes=number),
        summary=f"Words of story {number}.",
    )
    return replace(item, **changes)  # type: ignore[arg-type]  # names and types are the item's own


class Store:
    """What storage does with a recognition, in memory."""

    def __init__(self) -> None:
        self.rows: dict[int, ItemKeys] = {}

    def poll(self, items: Sequence[Item], entries: int | None = None) -> Recognition:
        wanted = {key for item in items for key in self._keys(keys_of(item))}
        known = [
            KnownItem(item_id=number, keys=keys)
            for number, keys in self.rows.items()
            if not wanted.isdisjoint(self._keys(keys))
        ]
        found = recognise(keyed(items), known, entries=entries or len(items), first_poll=not self.rows)
        for number, keys in [(number, keys) for number, _, keys in found.edited] + list(found.rekeyed):
            self.rows[number] = keys
        for _, keys in found.new:
            self.rows[len(self.rows)] = keys
        return found

    @staticmethod
    def _keys(keys: ItemKeys) -> set[tuple[str, str | None]]:
        return {("entry", keys.entry_key), ("link", keys.link_key), ("story", keys.story_key)} - {
            ("entry", None),
            ("link", None),
        }


def counts(found: Recognition) -> tuple[int, int, int]:
    return len(found.new), len(found.edited), len(found.unchanged)


def test_every_entry_of_a_first_poll_is_new_and_none_is_held() -> None:
    found = Store().poll([story(number) for number in range(20)])
    assert counts(found) == (20, 0, 0)
    assert not found.held


def test_the_same_entries_in_another_order_are_unchanged() -> None:
    store = Store()
    store.poll([story(number) for number in range(5)])
    found = store.poll([story(number) for number in (3, 1, 4, 0, 2)])
    assert counts(found) == (0, 0, 5)
    assert found.rekeyed == ()


def test_hard_case_51_every_guid_changed_at_once() -> None:
    store = Store()
    store.poll([story(number) for number in range(20)])
    found = store.poll([story(number, entry_id=f"new-{number}") for number in range(20)])
    assert counts(found) == (0, 0, 20)
    assert not found.held
    edited = store.poll([story(3, entry_id="new-3", title="Harbour story, corrected")], entries=20)
    assert counts(edited) == (0, 1, 0)  # the new id was learnt


def test_hard_case_51_nearly_everything_new_at_once_is_held() -> None:
    store = Store()
    store.poll([story(number) for number in range(10)])
    flood = [story(number) for number in range(100, 109)] + [story(1)]
    assert store.poll(flood).held
    assert not store.poll([story(number) for number in range(200, 208)] + [story(1), story(2)]).held


def test_a_small_feed_is_never_held() -> None:
    store = Store()
    store.poll([story(1)])
    assert not store.poll([story(number) for number in range(10, 19)]).held


def test_hard_case_52_the_same_guid_given_to_another_story() -> None:
    store = Store()
    store.poll([story(1, entry_id="latest")])
    found = store.poll([story(2, entry_id="latest")])
    assert counts(found) == (1, 0, 0)
    assert counts(store.poll([story(2, entry_id="latest")])) == (0, 0, 1)


def test_hard_case_53_no_id_and_no_date_are_link_and_title() -> None:
    store = Store()
    bare = [story(number, entry_id=None, published=None) for number in range(3)]
    store.poll(bare)
    assert counts(store.poll(bare)) == (0, 0, 3)


def test_hard_case_54_ids_that_repeat_within_a_feed_are_not_trusted() -> None:
    store = Store()
    same = [story(number, entry_id="https://gazette.example/") for number in range(5)]
    assert counts(store.poll(same)) == (5, 0, 0)
    assert counts(store.poll(same)) == (0, 0, 5)
    found = store.poll([*same, story(9, entry_id="https://gazette.example/")])
    assert [item.title for item, _ in found.new] == ["Harbour story number 9"]
    edited = store.poll([*same[1:], replace(same[0], title="Harbour story, corrected")])
    assert counts(edited) == (0, 1, 4)


def test_hard_case_54_one_more_entry_under_a_repeated_id_is_new_though_it_comes_alone() -> None:
    store = Store()
    store.poll([story(number, entry_id="x", url="https://gazette.example/") for number in range(3)])
    assert counts(store.poll([story(9, entry_id="x", url="https://gazette.example/")], entries=4)) == (1, 0, 0)


def test_hard_case_55_a_title_edited_under_the_same_id_is_a_revision() -> None:
    store = Store()
    store.poll([story(1), story(2)])
    found = store.poll([story(1, title="Harbour story number one, corrected"), story(2)])
    assert [(number, item.title) for number, item, _ in found.edited] == [(0, "Harbour story number one, corrected")]
    assert counts(store.poll([story(1, title="Harbour story number one, corrected"), story(2)])) == (0, 0, 2)


def test_hard_case_55_a_title_edited_under_the_same_link_without_id_is_a_revision() -> None:
    store = Store()
    store.poll([story(1, entry_id=None), story(2, entry_id=None)])
    found = store.poll([story(1, entry_id=None, title="Corrected"), story(2, entry_id=None)])
    assert counts(found) == (0, 1, 1)


def test_hard_case_55_a_date_edited_is_a_revision_and_never_new() -> None:
    store = Store()
    store.poll([story(number) for number in range(9)])
    found = store.poll([story(0, published=NOON + timedelta(days=1)), *(story(number) for number in range(1, 9))])
    assert counts(found) == (0, 1, 8)


def test_dates_that_move_on_every_entry_at_once_are_nobodys_edit() -> None:
    store = Store()
    store.poll([story(number) for number in range(9)])
    found = store.poll([story(number, published=NOON + timedelta(days=1)) for number in range(9)])
    assert counts(found) == (0, 0, 9)


def test_hard_case_56_an_old_entry_that_slides_back_in_is_unchanged() -> None:
    store = Store()
    store.poll([story(number) for number in range(5)])
    store.poll([story(number) for number in range(5, 10)])
    assert counts(store.poll([story(0), *(story(number) for number in range(6, 10))])) == (0, 0, 5)


def test_hard_case_61_a_link_with_other_trackers_is_the_same_and_no_edit() -> None:
    store = Store()
    store.poll([story(1, entry_id=None)])
    found = store.poll([story(1, entry_id=None, url="http://www.gazette.example/1/?utm_source=rss")])
    assert counts(found) == (0, 0, 1)


def test_hard_case_61_a_parameter_that_means_something_tells_entries_apart() -> None:
    url = "https://gazette.example/read?articleId="
    store = Store()
    store.poll([story(1, entry_id=None, url=f"{url}77")])
    assert counts(store.poll([story(1, entry_id=None, url=f"{url}78")])) == (1, 0, 0)


def test_counters_in_a_text_are_no_edit_and_numbers_are() -> None:
    store = Store()
    store.poll([story(1, summary="Three hurt. 1,204 views · 12 comments")])
    assert counts(store.poll([story(1, summary="Three hurt. 1,977 views · 31 comments")])) == (0, 0, 1)
    store.poll([story(2, summary="Fire: 3 hurt.")], entries=2)
    assert counts(store.poll([story(2, summary="Fire: 5 hurt.")], entries=2)) == (0, 1, 0)


def test_posts_of_a_live_page_under_one_link_are_not_merged() -> None:
    live = "https://gazette.example/live"
    store = Store()
    store.poll([story(1, url=live), story(2, url=live)])
    assert counts(store.poll([story(1, url=live), story(2, url=live), story(3, url=live)])) == (1, 0, 2)


def test_posts_of_a_live_page_without_ids_are_not_merged() -> None:
    live = "https://gazette.example/live"
    store = Store()
    store.poll([story(1, url=live, entry_id=None)])
    both = [story(2, url=live, entry_id=None), story(1, url=live, entry_id=None)]
    assert counts(store.poll(both)) == (1, 0, 1)


def test_episodes_with_one_link_and_one_title_are_told_apart_by_their_ids() -> None:
    store = Store()
    show = {"url": "https://gazette.example/show", "title": "The daily show"}
    store.poll([story(1, **show), story(2, **show)])
    assert counts(store.poll([story(1, **show), story(2, **show), story(3, **show)])) == (1, 0, 2)


def test_entries_with_neither_link_nor_id_nor_title_are_recorded_once() -> None:
    store = Store()
    nameless = [Item(published=NOON), Item(published=NOON + timedelta(hours=1)), Item(summary="Words alone.")]
    assert counts(store.poll(nameless)) == (3, 0, 0)
    assert counts(store.poll(nameless)) == (0, 0, 3)


def test_an_entry_without_link_is_known_by_its_id_when_its_words_change() -> None:
    store = Store()
    store.poll([story(1, url=None)])
    assert counts(store.poll([story(1, url=None, title="Corrected", summary="Other words.")])) == (0, 1, 0)


def test_an_entry_shown_twice_counts_once() -> None:
    assert counts(Store().poll([story(1), story(1)])) == (1, 0, 0)


def test_a_link_that_moved_under_the_same_id_and_title_is_learnt_and_no_edit() -> None:
    store = Store()
    store.poll([story(1)])
    found = store.poll([story(1, url="https://gazette.example/2024/1")])
    assert counts(found) == (0, 0, 1)
    assert [number for number, _ in found.rekeyed] == [0]


ITEMS = st.lists(
    st.builds(
        Item,
        entry_id=st.sampled_from([None, "a", "b", "c"]),
        url=st.sampled_from([None, "https://gazette.example/1", "https://gazette.example/2"]),
        title=st.sampled_from(["", "One", "Two"]),
        summary=st.sampled_from(["", "Words."]),
        published=st.sampled_from([None, NOON]),
    ),
    max_size=8,
)


@given(ITEMS, st.randoms(use_true_random=False))
def test_a_second_look_in_any_order_finds_nothing_new_and_nothing_edited(items: list[Item], random: object) -> None:
    store = Store()
    store.poll(items)
    again = list(items)
    random.shuffle(again)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    found = store.poll(again)
    assert (found.new, found.edited) == ((), ())
