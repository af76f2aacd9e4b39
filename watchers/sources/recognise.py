"""Which entries of a poll are new, edited, or the ones we have. Pure: keys and rules, no storage.

    Items ─keyed→ ItemKeys ─with the stored ones that share a key─→ Recognition (new, edited, unchanged)

The rules, each asked of what the one before left over:
1. the entry's id, if it is trusted: shown once and stored at most once. An id whose link and title are both others
   was given to another story;
2. link and title together: the id changed, is repeated, or was never there;
3. the link alone, for entries without a trusted id, where nothing else shows or has that link: the title was edited.
What is left is new. An entry is never merged into another by a mere likeness, for then it would be lost.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeVar

from watchers.models import Item
from watchers.sources.limits import MAX_ENTRIES
from watchers.stories.canonical import canonical_url

T = TypeVar("T")
K = TypeVar("K")

HELD_SHARE: Final = 0.8
HELD_ENTRIES: Final = 10
_HALF: Final = 16  # hex digits of the link in a story key; those of the title follow
_WORDS: Final = 24  # hex digits of the words in a content key; those of the date follow
_FEW: Final = 3
# Counters that feeds print into their texts; they move without anyone having edited anything.
_COUNTER = re.compile(
    r"\b\d[\d.,]{0,12}\s?[km]?\s{1,3}(views?|reads?|comments?|replies|likes?|points?"
    r"|(second|minute|hour|day)s? ago)\b|\b(views?|comments?|likes?|points?)\s?[:(]\s?\d[\d.,]{0,12}\)?",
    re.IGNORECASE,
)
# A digit beside what each of them has beside one: most texts have none, which is soon told.
_COUNTER_DIGIT = re.compile(r"\d(?:(?<=[:(].)|(?<=[:(]\s.)|[\d.,]{0,12}\s?[km]?\s{1,3}[vrclpsmhd])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKeys:
    """What an entry is recognised by; hex, 32 digits each.

    `story_key` is link and title, half each; `content_key` is the words (24 digits) and the date (8).
    """

    entry_key: str | None
    link_key: str | None
    story_key: str
    content_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """A stored item of the same source."""

    item_id: int
    keys: ItemKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a poll brought. `rekeyed` are unchanged items whose keys are others now: to be stored."""

    new: tuple[tuple[Item, ItemKeys], ...] = ()
    edited: tuple[tuple[int, Item, ItemKeys], ...] = ()
    unchanged: tuple[int, ...] = ()
    rekeyed: tuple[tuple[int, ItemKeys], ...] = ()
    held: bool = False  # nearly everything is new at once: told as one digest


def keys_of(item: Item) -> ItemKeys:
    """The keys of an entry.

    Without a link the story key stands on the title; without an id too, on the date or else the words besides.
    """
    title = _normal(item.title)
    summary = _normal(item.summary)
    published = item.published.isoformat() if item.published else ""
    link = canonical_url(item.url) if item.url else None
    bare = "" if item.entry_id and title else f"bare {published or summary}"
    place = bare if link is None else f"link {link}"
    changed = item.updated or item.published
    words = _digest(f"{_without_counts(title)}\n{_without_counts(summary)}")[:_WORDS]
    return ItemKeys(
        entry_key=_digest(_without_counter(item)) if item.entry_id else None,
        link_key=_digest(link) if link is not None else None,
        story_key=_digest(place)[:_HALF] + _digest(title)[:_HALF],
        content_key=words + _digest(changed.isoformat() if changed else "")[: 2 * _HALF - _WORDS],
    )


def keyed(items: Iterable[Item]) -> list[tuple[Item, ItemKeys]]:
    """Entries, each with its keys."""
    return [(item, keys_of(item)) for item in items]


def _without_counts(text: str) -> str:
    return _COUNTER.sub("", text) if _COUNTER_DIGIT.search(text) else text


def _without_counter(item: Item) -> str:
    """The entry's id; where it is its own link with a fragment that counts the edits (`…#0`, `…#1`), without that."""
    entry_id = item.entry_id or ""
    bare, mark, counter = entry_id.rpartition("#")
    return (
        bare
        if mark and counter.isdecimal() and item.url is not None and bare == item.url.partition("#")[0]
        else entry_id
    )


def recognise(
    found: Sequence[tuple[Item, ItemKeys]], known: Sequence[KnownItem], *, entries: int, first_poll: bool
) -> Recognition:
    """Sort the parsed entries of one poll, each with its keys.

    `known` holds every stored item of the source that shares any key with one of them; `entries` is how many
    the source shows, parsed or not. Entries that are the same in everything count once.
    """
    incoming = {keys: item for item, keys in reversed(found)}
    shown = list(reversed(incoming))
    matched = _Matching(shown, known).matched()
    new = tuple((incoming[keys], keys) for keys in shown if keys not in matched)
    pairs = [(keys, matched[keys]) for keys in shown if keys in matched]
    edited = {keys for keys, stored in pairs if keys.content_key[:_WORDS] != stored.keys.content_key[:_WORDS]}
    dated = {keys for keys, stored in pairs if keys.content_key != stored.keys.content_key} - edited
    # Some feeds stamp every entry with the hour of the poll: that is nobody's edit.
    if len(dated) <= max(_FEW, entries // 2):
        edited |= dated
    return Recognition(
        new=new,
        edited=tuple((stored.item_id, incoming[keys], keys) for keys, stored in pairs if keys in edited),
        unchanged=tuple(stored.item_id for keys, stored in pairs if keys not in edited),
        rekeyed=tuple(
            (stored.item_id, keys)
            for keys, stored in pairs
            if keys not in edited and _identity(keys) != _identity(stored.keys)
        ),
        held=not first_poll and entries >= HELD_ENTRIES and len(new) > HELD_SHARE * min(entries, MAX_ENTRIES),
    )


class _Matching:
    """The three rules over one poll; each stored item answers one entry."""

    def __init__(self, shown: Sequence[ItemKeys], known: Sequence[KnownItem]) -> None:
        self._shown = shown
        self._known = known
        self._free = {stored.item_id for stored in known}
        self._stories = _grouped(known, lambda stored: stored.keys.story_key)
        self._links = _grouped(known, lambda stored: stored.keys.link_key)
        self._matched: dict[ItemKeys, KnownItem] = {}
        shown_ids = Counter(keys.entry_key for keys in shown)
        known_ids = Counter(stored.keys.entry_key for stored in known)
        self._trusted = {name for name, times in shown_ids.items() if name and times == 1 and known_ids[name] <= 1}

    def matched(self) -> dict[ItemKeys, KnownItem]:
        """Each entry that we have, and the stored item that it is."""
        self._by_id()
        self._by_link_and_title()
        self._by_link()
        return self._matched

    def _by_id(self) -> None:
        stored_by_id = {stored.keys.entry_key: stored for stored in self._known}
        for keys in self._shown:
            stored = stored_by_id.get(keys.entry_key) if keys.entry_key in self._trusted else None
            if stored is not None and not _another_story(keys, stored.keys):
                self._match(keys, stored)

    def _by_link_and_title(self) -> None:
        times = Counter(keys.story_key for keys in self._shown)
        for story_key, entries in _grouped(self._left(), lambda keys: keys.story_key).items():
            for digits in (None, _WORDS):  # those that agree in their date too come first
                for keys in entries:
                    content = keys.content_key[:digits]
                    same = (
                        s for s in self._free_of(self._stories[story_key]) if s.keys.content_key[:digits] == content
                    )
                    if keys not in self._matched and (stored := next(same, None)):
                        self._match(keys, stored)
            left = [keys for keys in entries if keys not in self._matched]
            candidates = self._free_of(self._stories[story_key])
            # Of several posts under one link and title, only the same words tell which is which.
            if times[story_key] == len(left) == len(candidates) == 1:
                self._match(left[0], candidates[0])

    def _by_link(self) -> None:
        times = Counter(keys.link_key for keys in self._shown)
        for keys in self._left():
            if keys.link_key is None or keys.entry_key in self._trusted:
                continue
            stored = self._links[keys.link_key]
            if times[keys.link_key] == len(stored) == len(self._free_of(stored)) == 1:
                self._match(keys, stored[0])

    def _match(self, keys: ItemKeys, stored: KnownItem) -> None:
        self._matched[keys] = stored
        self._free.remove(stored.item_id)

    def _left(self) -> list[ItemKeys]:
        return [keys for keys in self._shown if keys not in self._matched]

    def _free_of(self, stored: Sequence[KnownItem]) -> list[KnownItem]:
        return [one for one in stored if one.item_id in self._free]


def _grouped(values: Iterable[T], key: Callable[[T], K]) -> defaultdict[K, list[T]]:
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return groups


def _another_story(one: ItemKeys, other: ItemKeys) -> bool:
    return one.link_key != other.link_key and one.story_key[_HALF:] != other.story_key[_HALF:]


def _identity(keys: ItemKeys) -> tuple[str | None, str | None, str]:
    return keys.entry_key, keys.link_key, keys.story_key


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
