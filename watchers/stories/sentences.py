"""Plain text → its sentences, each with its place, for summaries, evidence and what is new in a report.

    text ─blank lines→ paragraphs ─line breaks that end something→ blocks ─full stops that end something→ sentences

Every character that is no white space belongs to exactly one sentence. A full stop ends a sentence unless what
stands before it is usually written with one (Gov., U.S., J., 1.), and then only before a word that rarely follows
such an abbreviation and often begins a sentence. One pass over the text, each decision looking at a bounded stretch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n\s*")
_BULLET: Final = re.compile(r"[-–—•‣◦▪●*·]\s|\(?\d{1,3}[.)]\s")
_WRAPPED_FROM: Final = 40  # code points: a shorter line was ended by its writer, not by a margin

# Marks, closing quotes and brackets with note numbers, then white space. Each part is consumed once: linear.
_STOP: Final = re.compile(r"([.!?…‼⁇⁈⁉]+|[。！？｡．؟।॥։።။]+)([\"'”’»›)\]」』】）》〉]*(?:\[\d{1,3}\])*)(\s*)")
_FOREIGN_MARKS: Final = frozenset("。！？｡．؟।॥։።။")
_OPENING: Final = "\"'“‘«‹([「『„¿¡—–-"
_LOOK_BACK: Final = 24  # code points: longer than any abbreviation


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_INITIALISM: Final = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
# A point after these ends no sentence: something always follows.
_ALWAYS_FOLLOWED: Final = _words(
    "mr mrs ms mx dr drs gov govs sen sens rep reps gen col lt sgt cpl pfc capt cmdr maj adm det insp supt prof rev"
    " hon msgr fr pres atty asst assoc dep dist st ste mt ft pt v vs cf al eg ie e.g i.e viz approx ca fig figs eq"
    " art arts sec secs para vol vols ch pp p ed eds bros messrs mme mlle mmes sra dra nr bzw z.b d.h u.a vgl str"
    " ald councilmem del amb lit resp incl excl est"
)
# These end one only before a word that begins sentences.
_SOMETIMES_LAST: Final = _words(
    "inc corp co cos ltd llc plc bros jr sr esq md phd etc usw dept univ assn ave blvd rd hwy apt bldg ctr"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " ala ariz ark calif colo conn dela fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa"
    " tenn tex va vt wash wis wyo min mins hr hrs lb lbs oz sq am pm cit op ext tel"
)
_BEFORE_A_NUMBER: Final = frozenset({"no", "nos", "p", "pp", "art", "sec", "vol", "fig", "n"})
_BEGINNERS: Final = _words(
    "The A An This That These Those He She It They We You I His Her Its Their Our My There Here In On At By For From"
    " With Without After Before During Since Until Under Over As If When While Where Although Though Because But And"
    " Or So Yet Nor Not No Yes What Who Whose Which Why How However Meanwhile Moreover Still Also Then Now Once Many"
    " Most Some Several Both Each Every All Another Other Such Police Officials According To Instead Despite"
)
_SPEECH: Final = re.compile(
    r"(?:[^\W\d_][\w.’'-]*,?\s+){1,4}?(?:said|says|asked|asks|told|added|adds|wrote|writes|replied|tweeted|shouted|cried"
    r"|yelled|continued|recalled|explained|insisted)\b"
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text` is exactly the source from `start` to `end` (code points); `paragraph` counts from 1."""

    start: int
    end: int
    paragraph: int
    text: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a plain text, in order, without the white space around them."""
    return tuple(
        Sentence(start, end, number, text[start:end])
        for number, (first, last) in enumerate(paragraph_bounds(text), 1)
        for block_start, block_end in _blocks(text, first, last)
        for start, end in _split(text, block_start, block_end)
    )


def paragraph_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs stand that hold more than white space: (start, end) without the blank lines between."""
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        if not text[start : gap.start()].isspace() and gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a paragraph between line breaks that end something: headings, list entries, lines of their own."""
    bounds = [start]
    lines: list[tuple[int, int]] = []
    for line in text[start:end].splitlines(keepends=True):
        bounds.append(bounds[-1] + len(line))
        lines.append((bounds[-2], bounds[-1]))
    wrapped = _is_wrapped(text, lines)
    block = start
    for at, line_end in lines[1:]:
        head = text[at:line_end].lstrip()
        if _BULLET.match(head) or not (wrapped or head[:1].islower()):
            yield block, at
            block = at
    yield block, end


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether a margin broke the lines: all but the last are long, and some line goes on in lower case."""
    return all(end - at >= _WRAPPED_FROM for at, end in lines[:-1]) and any(
        text[at:end].lstrip()[:1].islower() for at, end in lines[1:]
    )


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() < end and _ends(text, stop, begin, end):
            yield from _trimmed(text, begin, stop.end(2))
            begin = stop.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inside = text[start:end]
    if words := inside.strip():
        at = start + len(inside) - len(inside.lstrip())
        yield at, at + len(words)


def _ends(text: str, stop: "re.Match[str]", begin: int, end: int) -> bool:
    marks, closing, space = stop.groups()
    if marks[0] in _FOREIGN_MARKS:
        # 「…。」と goes on: the quotation is part of a longer sentence.
        return not (closing and text.startswith("と", stop.end())) and (marks[0] != "．" or bool(space))
    following = text[stop.end() : min(stop.end() + 80, end)]
    word = _first_word(following)
    if not space:
        # "…the law.The mayor": a space was lost. Anything else without one is an address, a number, a name.
        before = text[max(begin, stop.start() - 3) : stop.start()]
        begins = word in _BEGINNERS or word.lower() in _ALWAYS_FOLLOWED
        return len(marks) == 1 and before.isalpha() and before.islower() and word[:1].isupper() and begins
    if _goes_on(following):
        return False
    if closing:
        return marks[-1] == "." or not _SPEECH.match(following)
    if marks in {"...", "…"}:
        return not text[max(begin, stop.start() - 1) : stop.start()].isspace()
    return marks != "." or _point_ends(text, stop.start(), begin, following, word)


def _goes_on(following: str) -> bool:
    """Whether what follows can't begin a sentence: a lower-case word (not iPhone), a dash, a comma."""
    bare = following.lstrip("\"'“‘«‹([「『„¿¡")
    if not bare:
        return False
    if bare[0] in ",;:" or (bare[0] in "—–-" and bare[1:2].isspace()):
        return True
    return bare[0].islower() and not bare[1:2].isupper()


def _first_word(following: str) -> str:
    found = _WORD.match(following.lstrip(_OPENING))
    return found.group() if found else ""


def _point_ends(text: str, at: int, begin: int, following: str, word: str) -> bool:
    """Whether the single full stop at `at` ends a sentence, by what stands before it."""
    before = text[max(begin, at - _LOOK_BACK) : at]
    token = (before.split() or [""])[-1].lstrip(_OPENING)
    short = token.lower()
    if short in _BEFORE_A_NUMBER and following[:1].isdigit():
        return False
    if token.isdigit() and not text[begin : at - len(token)].strip(_OPENING + " \t\n"):
        return False  # "1. The number of an entry"
    if short in _ALWAYS_FOLLOWED:
        return False
    initial = len(token) == 1 and token.isalpha() and token.isupper()
    abbreviated = short in _SOMETIMES_LAST and _is_abbreviated(token, following)
    if initial or abbreviated or _INITIALISM.fullmatch(token):
        return word in _BEGINNERS and not (initial and word in {"A", "I"})
    return True


def _is_abbreviated(token: str, following: str) -> bool:
    """Whether a token that may also be a plain word ("may", "sun", "no") is written as an abbreviation."""
    return (
        token[:1].isupper() or token in {"etc", "usw", "am", "pm", "min", "lb", "lbs", "oz"} or following[:1].isdigit()
    )
