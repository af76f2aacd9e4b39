"""What a card is: plain data that any channel can show.

`card_for` (build.py) fills it from a delivery; a channel turns it into its own markup. Every text in a card has
been through `text.clean` (one line, nothing invisible, no terminal codes) and none has been escaped, since each
channel escapes in its own way.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from watchers.models import AlertKind

Style = Literal["plain", "match", "removed", "added"]
Tone = Literal["news", "change", "trouble", "good", "quiet"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words that are shown alike."""

    text: str
    style: Style = "plain"


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address as shown. Only a clickable one may be made a link; the rest is text."""

    text: str
    clickable: bool

    @property
    def host(self) -> str | None:
        """The host that a click leads to."""
        return urlsplit(self.text).hostname if self.clickable else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWhy:
    """What a watch found: its words, marked, and where; in a sentence that the card doesn't show, the sentence."""

    watch: str
    found: Line


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with what happens then, as “Next try”."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """An outlet that carries the story. `own`: it is the card's."""

    own: bool = False
    outlet: str
    link: Link | None
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierStory:
    """A story that the desk had before, and that this one quotes."""

    headline: str
    link: Link | None
    outlet: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedParagraph:
    """A paragraph of a page with its old words and its new ones, under the heading it stands under."""

    heading: str | None
    text: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story or page within a digest. `label` says what happened to it where its group and headline don't."""

    headline: str
    label: str | None
    link: Link | None
    outlet: str | None
    dated: Moment | None  # published, without words; or first seen
    also: tuple[str, ...]  # watches beyond the one it is listed under
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryGroup:
    """The entries of a digest that belong under one name: a watch, or a kind of alert."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """The whole of a card's longest part, for channels that could show only its beginning."""

    filename: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One delivery, ready to be shown. Sections that have nothing to say are empty."""

    kind: AlertKind
    label: str  # what happened, in a few words
    tone: Tone
    headline: str
    link: Link | None
    outlet: str | None
    dated: tuple[Moment, ...]  # published, without words; else what is known instead: “changed between … and …”
    summary: tuple[Line, ...]  # verbatim sentences, matched words marked; of sources and notices, our own sentences
    moments: tuple[Moment, ...]
    why: tuple[WatchWhy, ...]
    why_left_off: int  # watches beyond those in `why`
    first: Carrier | None  # who had it first; None if not a story
    copies: tuple[Carrier, ...]  # who else carries it, by time; neither the first nor the card's own outlet
    earlier: EarlierStory | None
    changes: tuple[ChangedParagraph, ...]
    groups: tuple[EntryGroup, ...]
    note: str | None  # ours, about the card
    demo: str | None  # says that all of it is invented
    image: str | None  # an http(s) address
    reference: str
    resent: bool
    mentions: tuple[str, ...]  # ids of the roles to ping
    attachment: Attachment | None

    @property
    def footer(self) -> str:
        """The delivery's reference, marked if the same card may have arrived before."""
        return f"ref {self.reference}" + (" · resent: the first may have arrived" if self.resent else "")
