"""Text safety: what a stranger wrote, made harmless and made to fit.

The way of any foreign text onto a card is `clean` once, when the card is built; then, in the channel, `escape`
for Discord's markdown or `neutralise` for services whose markup we can't know. `cut` makes it fit; give it the
same escaping as its measure, so that what counts is the length as sent.

What Discord's clients make of a text was taken from their markdown rules: a backslash takes the meaning from any
punctuation; lists, quotes and headings begin a line; `<…>` and `://` begin mentions, timestamps and links.
"""

from bisect import bisect_right
from collections.abc import Callable

import regex

ELLIPSIS = "…"

_UNSEEN_BREAK = "\N{ZERO WIDTH SPACE}"  # parts two characters for a machine, not for a reader

# Terminal codes: operating-system and other strings first, then CSI, then what is left of two-character codes.
# The inner runs are bounded so that a thousand unterminated strings cost no square of their number.
_TERMINAL_CODES = regex.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]{0,2048}(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]"
    r"|\x1b[ -/]{0,4}[0-~]"
)

# Joiners are spelling in these scripts, not decoration.
_JOINING = (
    r"[\p{Arabic}\p{Syriac}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}"
    r"\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Mongolian}\p{Khmer}\p{Myanmar}]"
)

# What can't be seen is dropped (this takes right-to-left overrides and isolates, zero-width characters, soft
# hyphens, fillers and tag letters), except where it shapes a visible neighbour: emoji sequences, regional flags,
# joining scripts, and the variants of Han characters.
_INVISIBLE = regex.compile(
    r"(?=[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB\u2800\U0001F3F4])(?:(?P<kept>"
    r"\U0001F3F4[\U000E0020-\U000E007E]{1,6}\U000E007F|\U0001F3F4"
    r"|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})"
    rf"|(?<={_JOINING})[\u200C\u200D](?={_JOINING})"
    r"|(?<=\p{Emoji})[\uFE0E\uFE0F]"
    r"|(?<=\p{Han})[\U000E0100-\U000E01EF]"
    r")|.)",
    regex.DOTALL,
)
_SPACE = regex.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_SURROGATE = regex.compile(r"\p{Cs}")
_PILED_MARKS = regex.compile(r"(\p{M}{6})\p{M}+")  # no script piles more; “zalgo” does, over its neighbours

_SPECIAL = regex.compile(r"[\\*_~`|<>\[\]]|:(?=\S)")
_LINE_START = regex.compile(r"^(?:(?P<mark>[#+-])|(?P<number>\d{1,9})(?=[.)]))")
_MENTION = regex.compile(r"@(?=everyone|here|(?:channel|room|all)\b|[!&\d])", regex.IGNORECASE)
_UNKNOWN_MARKUP = regex.compile(r"<(?=[!@#/:\w])|\](?=\()")

_IN_WORD = regex.compile(r"[\w'’-]")
_GRAPHEME = regex.compile(r"\X")
_LONGEST_CLUSTER = 64  # code points; longer clusters are cut inside, which only hostile text has


def clean(text: str) -> str:
    """`text` as one visible line: no controls, terminal codes, invisible or direction-changing characters.

    White space of any kind becomes one space. Cleaning twice is cleaning once.
    """
    text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    text = _TERMINAL_CODES.sub("", text)
    text = _SPACE.sub(" ", text)
    before = None
    while before != text:  # dropping one character can leave another, kept until then, without its neighbour
        before = text
        text = _PILED_MARKS.sub(r"\1", _INVISIBLE.sub(lambda found: found["kept"] or "", text))
    return _SPACE.sub(" ", text).strip()


def fitted(text: str | None, limit: int) -> str | None:
    """`text`, clean and within `limit` units; None if nothing is left to show."""
    # Cleaning can shorten a text, but a stranger's megabytes are not worth the time to find out by how much.
    return cut(clean((text or "")[: limit * 20]), limit) or None


def escape(text: str) -> str:
    """Cleaned `text` for Discord's markdown: it reads the same and nothing in it is markup, link or mention.

    Links are unmade, also in the middle of a text: a headline's words are never clickable, only our own link is.
    """
    escaped = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    escaped = _LINE_START.sub(lambda found: f"\\{found['mark']}" if found["mark"] else f"{found['number']}\\", escaped)
    return _MENTION.sub("@" + _UNSEEN_BREAK, escaped)


def neutralise(text: str) -> str:
    """Cleaned `text` for a service whose markup isn't known: mentions and masked links are parted unseen."""
    parted = _UNKNOWN_MARKUP.sub(lambda found: found[0] + _UNSEEN_BREAK, text)
    return _MENTION.sub("@" + _UNSEEN_BREAK, parted)


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units, the strictest way in which a service may count characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int, measure: Callable[[str], int] = units) -> str:
    """`text` if it measures at most `limit`, else its longest beginning that does, closed with an ellipsis.

    It ends after a whole word where one ends in the last half, and never inside a grapheme cluster.
    `measure` must not shrink as a text grows. A limit without room for the ellipsis gives an empty text.
    """
    if len(text) <= limit and measure(text) <= limit:
        return text
    if limit < measure(ELLIPSIS):
        return ""
    window = text[: limit + _LONGEST_CLUSTER]
    ends = [0, *(cluster.end() for cluster in _GRAPHEME.finditer(window) if cluster.end() <= limit)]
    room = bisect_right(ends, limit, key=lambda end: measure(text[:end] + ELLIPSIS))
    end = ends[room - 1]
    head = text[:end]
    if _IN_WORD.match(text, end):
        word = head.rfind(" ")
        head = head[:word] if word >= end // 2 else head
    return head.rstrip(" ,;:–—-") + ELLIPSIS


def cut_front(text: str, limit: int) -> str:
    """The end of `text` in at most `limit` code points, opened with an ellipsis; a whole word where it can be."""
    if len(text) <= limit:
        return text
    clusters = _GRAPHEME.findall(text[-(limit + _LONGEST_CLUSTER) :])
    tail = ""
    for cluster in reversed(clusters):
        if len(tail) + len(cluster) > limit - 1:
            break
        tail = cluster + tail
    word = tail.find(" ")
    if 0 <= word <= len(tail) // 2:
        tail = tail[word + 1 :]
    return ELLIPSIS + tail.lstrip()
