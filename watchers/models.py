"""The types at the boundaries, in the order in which data passes through them.

    FetchResult ─parse→ Parsed (Item… or PageText) ─read→ Reading ─match→ Match ─place→ Placement
        ─record→ rows, Alert ─deliver→ Outgoing → Sent | Refused | Retry

Everything here is frozen: a stage makes a new value and never changes the one it was given. Times are aware
datetimes in UTC, durations are seconds, texts are plain (no markup), paragraphs are separated by a blank line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Literal


class Outcome(StrEnum):
    """What a fetch came to. The same six words in code, database, commands and texts."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"  # 401, 403, challenge, consent, paywall
    MISSING = "missing"  # 404, 410, soft 404, redirected to the front page
    EMPTY = "empty"  # it came, and nothing in it was usable
    FAILED = "failed"  # network, limits, parse


SourceKindName = Literal["auto", "feed", "sitemap", "page"]
ReadPolicy = Literal["all", "matched", "never"]
Errand = Literal["poll", "page"]  # a source; an article's page, or what stands in front of it
Trust = Literal["primary", "normal", "low"]
When = Literal["now", "hourly", "daily"]
ChannelKind = Literal["terminal", "webhook", "apprise", "discord"]


# ── fetch ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave us for the next conditional GET, kept byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """One answer of the web. `body` is decoded of its transfer coding and within the byte cap."""

    outcome: Outcome
    url: str  # as asked
    final_url: str  # after redirects
    status: int | None = None
    body: bytes = b""
    content_type: str | None = None  # the header, verbatim
    validators: Validators = Validators()
    moved_to: str | None = None  # where it went, if every hop was permanent (301, 308)
    retry_after: float | None = None  # seconds, at most 24 h
    max_age: float | None = None  # seconds, from Cache-Control
    error: str | None = None  # one line for people, secrets redacted

    @property
    def gone(self) -> bool:
        """The server says it will never be back."""
        return self.status == HTTPStatus.GONE


# ── parse ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry that a source shows, as the source tells it."""

    entry_id: str | None = None  # guid or id, as given
    url: str | None = None  # absolute, http(s) only
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""  # the longest text the source itself gives, as plain paragraphs
    byline: str | None = None
    outlet: str | None = None  # per entry, where the source collects other outlets (news searches)
    language: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The main text of a page source, without furniture."""

    title: str
    text: str
    outlet: str | None = None  # what the site calls itself
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMemory:
    """What a source left behind at its last good poll, for the savings and for judging the next answer."""

    kind: SourceKindName = "auto"  # as found, once found
    learned: bool = False  # the kind is what an answer looked like, not what people told
    seen_entries: frozenset[str] = frozenset()  # hashes of the raw entries in the last body
    select: str | None = None  # CSS, pages only
    ignore: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the bytes of a source held. `items` are the entries not seen in the last body."""

    outcome: Outcome
    kind: SourceKindName = "auto"
    title: str = ""
    items: tuple[Item, ...] = ()
    entries: int = 0  # how many entries the body shows, seen or not
    entry_hashes: frozenset[str] = frozenset()
    page: PageText | None = None
    feeds: tuple[str, ...] = ()  # discovered, where the address is a web page
    outlet: str | None = None
    language: str | None = None
    min_interval: float | None = None  # seconds, from ttl / syndication hints
    skip_hours: frozenset[int] = frozenset()  # UTC hours in which the publisher asks not to be polled
    degraded: str | None = None  # salvaged with a loss; says which
    error: str | None = None


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as we have it: from its page, or from the feed's own words where the page gave nothing."""

    outcome: Outcome
    url: str | None
    canonical_url: str | None = None
    title: str = ""
    text: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    byline: str | None = None
    outlet: str | None = None
    language: str | None = None
    image: str | None = None
    partial: bool = False  # only the feed's own summary, not the page
    degraded: str | None = None  # salvaged with a loss; says which
    error: str | None = None


# ── match ────────────────────────────────────────────────────────────────────────────────────────────────


Field = Literal["title", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place where a term of a query stands.

    `start` and `end` are code points in the original text of `field`; `text` is exactly that span.
    `paragraph` counts from 1 and is null in a title.
    """

    term: str
    field: Field
    paragraph: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that an article answers, and why. No evidence: only `outlet:`, `lang:` or NOT decided."""

    watch_id: int
    evidence: tuple[Evidence, ...]


# ── place ────────────────────────────────────────────────────────────────────────────────────────────────


class Decision(StrEnum):
    """What an article is to a desk, in the order in which it is asked."""

    REVISION = "revision"
    KNOWN = "known"
    UNMATCHED = "unmatched"
    COPY = "copy"
    JOINED = "joined"
    NEW = "new"


# ── tell ─────────────────────────────────────────────────────────────────────────────────────────────────


class AlertKind(StrEnum):
    """The closed list of things that Wiredesk tells."""

    STORY_NEW = "story.new"
    STORY_UPDATE = "story.update"
    STORY_HOT = "story.hot"
    ARTICLE_EDITED = "article.edited"
    ARTICLE_REMOVED = "article.removed"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENT_REPLACED = "document.replaced"
    POLICY_CHANGED = "policy.changed"
    POLICY_REMOVED = "policy.removed"
    POLICY_UNSTABLE = "policy.unstable"
    SOURCE_FAILING = "source.failing"
    SOURCE_RECOVERED = "source.recovered"
    DESK_NOTICE = "desk.notice"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A watch's evidence as it is told: the words, and the sentence around them."""

    watch: str
    term: str
    field: Field
    paragraph: int | None
    text: str  # the exact span
    sentence: str = ""  # the sentence the span stands in, verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """An outlet that carries a story."""

    outlet: str | None
    url: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A story that the desk had before, and that a new one quotes."""

    title: str | None
    url: str | None
    outlet: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words in a changed paragraph."""

    op: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed paragraph of a page; its pieces, joined, are the old and the new text."""

    heading: str | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to tell, with everything that a card shows. `key` is kind + what it is about."""

    key: str
    kind: AlertKind
    title: str
    url: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    first_seen: datetime | None = None  # an article, by this desk
    story: str | None = None  # the story's opaque id
    watches: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()  # verbatim sentences
    why: tuple[Why, ...] = ()
    earlier: Earlier | None = None  # a related known story
    copies: tuple[Teller, ...] = ()  # outlets that carry the same text, in order of arrival
    image: str | None = None
    language: str | None = None
    note: str | None = None  # e.g. that only the feed's own summary could be read
    changes: tuple[Change, ...] = ()  # policy.changed
    members: tuple["Alert", ...] = ()  # digest
    # source.*: when the trouble began and was over; policy.changed: the old text last seen, the new one first seen
    since: datetime | None = None
    until: datetime | None = None
    next_try: datetime | None = None  # source.failing: when it is polled next
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery on its way to a channel."""

    reference: str  # shown in the footer; opaque, stable over retries, at most 25 characters
    alert: Alert
    mentions: tuple[str, ...] = ()  # the routed roles: nobody else is pinged
    resent: bool = False  # sent again after a crash: the first may have arrived
    alert_id: int | None = None  # the alert's row, which buttons name
    made_at: datetime | None = None  # no attempt was made before


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. `message_id` is the service's own, where it gives one."""

    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The channel did not say that it took it, and may later. `after` is what the service asked for, in seconds.

    `maybe_taken`: it ended without a definite answer (no reply, an error of the service's own), so the post may stand.
    `everywhere`: the service asks the same of all that goes to it, whichever the channel.
    """

    error: str
    after: float | None = None
    maybe_taken: bool = False
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will not take it. `pause` says that nothing else will be taken either (401, 403, 404)."""

    error: str
    pause: bool = False


SendResult = Sent | Retry | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A channel as configured, with its secrets resolved. `settings` holds what its kind needs."""

    name: str
    kind: ChannelKind
    settings: Mapping[str, str] = field(default_factory=dict)
