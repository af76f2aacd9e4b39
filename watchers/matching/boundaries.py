"""Where words, sentences and paragraphs end, marked without moving a single character.

A folded text goes in (`folding`); the same text comes out, of the same length, in which

- a sentence's end is `SENTENCE`, a blank line is `PARAGRAPH`: phrases stop at both, NEAR at the second;
- a possessive ('s) is blank, so that "NYPD's" is NYPD;
- `JOINER` holds together what is one word: contractions (don't), O'Connor, dotted acronyms (U.S., N.Y.P.D.), 1,000;
- `POINT` is the point of a decimal, so that 3.5 is one word and no sentence ends in it.

Every expression starts with a literal and looks around it, which lets `re` skip to the few places in question; none can
backtrack over more than the run of brackets or blanks it stands at.
"""

import re
from collections.abc import Iterable

from watchers.matching.folding import JOINER, PARAGRAPH, POINT, SENTENCE

# A point after these ends no sentence, however they are written …
_ABBREVIATIONS = """
    adj adm approx assn asst atty ave blvd bros capt cf cmdr cmsr comm comr corp cpl cpt dept det dir div dr esp est etc
    exec gov hon hwy inc insp jr lt ltd maj messrs mgr mr mrs ms mt mx ofc ofcr pfc pp prof pvt rep reps rev sen sens
    sgt sr st supt univ vol vs
"""
# … and after these only with a capital: without one they are words of their own.
_CAPITALISED = """
    Ala Apr Ariz Ark Art Aug Calif Cir Co Col Colo Conn Dec Del Dist Feb Fig Fla Ft Ga Gen Ill Ind Jan Jul Jun Kan Ky
    La Mar Mass Md Mich Minn Mo Mont Neb Nev Nov Oct Okla Ore Pa Pres Rd Sec Sep Sept Tenn Tex Va Vt Wash Wis Wyo
"""
# After any abbreviation these, with a capital, begin a new sentence.
_STARTERS = """
    The This That These Those There But And It Its They Their His Her When While After Before If In On At For However As
    With By According
"""

_CLOSING = r"""["')\]]*"""
_LETTER = r"[^\W\d_]"


# Spelt out, since `re` is slow where it has to ignore case.
_SPELT = [
    *(each for word in _ABBREVIATIONS.split() for each in (word, word.capitalize(), word.upper())),
    *_CAPITALISED.split(),
]


def _not_after(words: Iterable[str]) -> str:
    """Negative look-behinds for any of the words and a point; `re` wants one for each length."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    return "".join(rf"(?<!\b(?:{'|'.join(group)})\.)" for group in by_length.values())


_SENTENCE_POINT = re.compile(
    # Most points follow four small letters and stand before a blank, which is soon told.
    rf"\.(?:(?<=[a-z]{{4}}\.)(?=\s){_not_after(filter(re.compile('[a-z]{4}$').search, _SPELT))}"
    r"|(?<!\.\.)(?:"
    r"(?=\.)"  # an ellipsis ends it once
    r"|(?<=[a-z]{2}\.)(?=[A-Z][a-z])"  # the blank was forgotten
    rf"|(?={_CLOSING}(?:\s|\Z))(?:"
    rf"(?={_CLOSING}\s+[\"'(]?(?:{'|'.join(_STARTERS.split())})\b)"
    rf"|(?<!\b{_LETTER}\.)(?!(?<=\b[Nn]o\.)\s*\d)(?!(?<=\b[Nn]os\.)\s*\d){_not_after(_SPELT)}"
    r")))"
)
_EXCLAMATION = re.compile(rf"!(?={_CLOSING}(?:\s|\Z)|[A-Z])")
_QUESTION = re.compile(rf"\?(?={_CLOSING}(?:\s|\Z)|[A-Z])")
_ACRONYM_POINT = re.compile(rf"\.(?:(?<=\b{_LETTER}\.)(?={_LETTER}\b)|(?<=\.{_LETTER}\.)(?!\w))")
_DECIMAL_POINT = re.compile(r"\.(?<=\d\.)(?=\d)")
_THOUSANDS_COMMA = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
# Folding leaves a blank behind a letter of a script without spaces.
_POSSESSIVE = re.compile(r"'(?:(?<=[\w.]')|(?<=[^\x00-\x7f] '))[sS]\b")
_JOINING_APOSTROPHE = re.compile(r"'(?:(?<=\w')(?=(?i:t|re|ve|ll|d|m)\b)|(?<=\b[oO]')(?=\w))")
_BLANK_LINE = re.compile(r"\n\n(?<!\s\n\n)(?!\s)")  # the usual one, by itself
_BLANK_LINES = re.compile(r"\n\s*\n")


def _paragraph_of_same_length(blank_lines: re.Match[str]) -> str:
    return PARAGRAPH.ljust(blank_lines.end() - blank_lines.start())


def mark_boundaries(folded: str) -> str:
    """Mark the ends of words, sentences and paragraphs in a folded text; the length stays."""
    marked = folded
    if "'" in marked:
        marked = _POSSESSIVE.sub("  ", marked)
        marked = _JOINING_APOSTROPHE.sub(JOINER, marked)
    if "." in marked:
        marked = _SENTENCE_POINT.sub(SENTENCE, marked)
    if "." in marked:
        marked = _ACRONYM_POINT.sub(JOINER, marked)
        marked = _DECIMAL_POINT.sub(POINT, marked)
    if "," in marked:
        marked = _THOUSANDS_COMMA.sub(JOINER, marked)
    if "!" in marked:
        marked = _EXCLAMATION.sub(SENTENCE, marked)
    if "?" in marked:
        marked = _QUESTION.sub(SENTENCE, marked)
    marked = marked.replace(";", SENTENCE)
    if "\n" in marked:
        marked = _BLANK_LINE.sub(f"{PARAGRAPH} ", marked)
        marked = _BLANK_LINES.sub(_paragraph_of_same_length, marked)
    return marked
