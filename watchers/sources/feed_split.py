"""A feed's bytes → what stands before its entries, each raw entry, what stands after them.

    header · entry · entry · … · tail        header + some entries + tail is a feed again

It is what makes an unchanged entry cost a hash instead of a parse. The scanner follows comments, CDATA and
processing instructions exactly as XML does; whatever it isn't sure of (nested or prefixed entries, empty ones,
words between entries, anything that doesn't end) makes it give up, and the whole feed is parsed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

# The look-ahead refuses most tags before any of the alternatives is tried.
_TOKEN = re.compile(rb"<(?=/?+[!?ie])(?:(!\[CDATA\[|!--|\?)|(/?+)(item|entry)(?:(>)|(?=[\s/])))")
_PREFIXED = re.compile(rb":(?:item|entry)[\s/>]")
_TAG_END = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ENDS = {b"![CDATA[": b"]]>", b"!--": b"-->", b"?": b"?>"}
# Of the header, plain elements that nobody reads, and that mean nothing to the entries.
_UNREAD = re.compile(
    rb"<(category|copyright|description|docs|generator|lastBuildDate|link|managingEditor|pubDate|webMaster)>"
    rb"[^<]*+</\1>\s*"
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed in pieces; joined again, they are the feed (less white space and comments between entries)."""

    header: bytes
    entries: tuple[bytes, ...]
    tail: bytes

    def with_entries(self, entries: Iterable[bytes]) -> bytes:
        """The feed as if it held only these entries, and of its header only what may be read."""
        header = self.header if b"<![" in self.header else _UNREAD.sub(b"", self.header)
        return b"".join((header, *entries, self.tail))


def split(body: bytes) -> RawFeed | None:
    """The pieces of a feed in UTF-8, or None where they can't be told apart without doubt.

    A feed without any entry is None too: there is nothing to save.
    """
    spans = _spans(body)
    if not spans:
        return None
    for (_, before), (after, _) in pairwise(spans):
        gap = body[before:after]
        if not gap.isspace() and gap and _COMMENT.sub(b"", gap).strip():
            return None
    header = body[: spans[0][0]]
    if b"<!ENTITY" in header:
        return None  # an entity's text may hold anything, entries included
    return RawFeed(header, tuple(body[start:end] for start, end in spans), body[spans[-1][1] :])


def _spans(body: bytes) -> list[tuple[int, int]] | None:
    if _PREFIXED.search(body):
        return None
    spans: list[tuple[int, int]] = []
    name: bytes | None = None
    start: int | None = None
    at = 0
    for token in _TOKEN.finditer(body):
        begin, end = token.span()
        if begin < at:
            continue  # within a comment, CDATA or a processing instruction
        unread, closing, found, ended = token.groups()
        if unread:
            mark = _ENDS[unread]
            at = body.find(mark, end)
            if at < 0:
                return None
            at += len(mark)
            continue
        name = name or found
        if found != name or bool(closing) != (start is not None):
            return None
        if not ended:
            tag = _TAG_END.match(body, end)
            if not tag or tag.group().endswith(b"/>"):
                return None
            end = tag.end()
        at = end
        if start is None:
            start = begin
        else:
            spans.append((start, end))
            start = None
    return spans if start is None else None
