"""Single characters: what each one is to the matcher.

A character folds to zero or more characters, always the same ones, so that every offset of a folded
text can be led back by adding up lengths (`folded_runs`). Case of ASCII letters is kept here
(`boundaries` looks at it) and dropped later by `normalise`; every other letter is case-folded at once.

| the character is | it folds to |
| --- | --- |
| ASCII | itself |
| an accented letter, a ligature, a full-width form | its plain letters (NFKD without accents) |
| a letter of a script without spaces | itself between two spaces: each is a word of its own |
| an invisible format character, an accent | nothing |
| a typographic apostrophe or quote | the ASCII one |
| a sentence end of another script | `SENTENCE` |
| anything else (symbols, dashes, lone surrogates) | a space |
"""

import re
import unicodedata
from collections.abc import Iterator

JOINER = "\x01"  # stands inside a word and is dropped from it
SENTENCE = "\x02"  # a sentence ends
PARAGRAPH = "\x03"  # a paragraph ends
POINT = "\x04"  # the point of a decimal, a part of its word

_TYPOGRAPHY = {
    **dict.fromkeys("‘’‛ʼʹ′＇´", "'"),
    **dict.fromkeys("“”„‟«»‹›〝〞「」『』″", '"'),
    **dict.fromkeys("。｡！？；؟۔؛।॥։።፧။។", SENTENCE),
    "\u2029": PARAGRAPH,
}
# Letters that Unicode doesn't take apart, though readers see a plain letter with a stroke.
_PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
# Code points that are shown as nothing, though Unicode doesn't class them as format characters.
_INVISIBLE = frozenset([0x034F, 0x115F, 0x1160, 0x3164, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
_SCRIPTS_WITHOUT_SPACES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration and zero
    (0x3031, 0x312F),  # kana, Bopomofo
    (0x31F0, 0x31FF),  # small kana
    (0x3400, 0x9FFF),  # Han
    (0x20000, 0x3FFFF),  # Han, supplementary planes
)


def is_accent(character: str) -> bool:
    """Whether a mark only decorates its letter.

    Vowel signs, viramas, voicing marks and Thai tones (classes 0, 7–9 and 84–132) tell words apart and are no accents;
    Hebrew and Arabic points (10–36), overlays (1) and marks above or below (200 and more) are. Classes:
    Unicode Standard Annex 44, table 15.
    """
    combining_class = unicodedata.combining(character)
    return combining_class == 1 or 10 <= combining_class <= 36 or combining_class >= 200  # noqa: PLR2004 - UAX 44


def _fold_plain(character: str) -> str:
    """Fold one character that NFKD doesn't take further apart."""
    if character.isascii():
        return character
    if character in _TYPOGRAPHY:
        return _TYPOGRAPHY[character]
    category = unicodedata.category(character)
    if category == "Cf" or ord(character) in _INVISIBLE or category == "Me" or is_accent(character):
        return ""
    if category[0] not in "LNM":
        return " "
    folded = character.casefold()
    return _PLAIN.get(folded, folded)


def fold_character(character: str) -> str:
    """What one character of a text becomes (table above)."""
    if character.isascii():
        return character
    if character in _TYPOGRAPHY:
        return _TYPOGRAPHY[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"So", "Cs", "Co", "Cn"}:
        return " "  # "Clearview™" stays one word
    folded = "".join(map(_fold_plain, unicodedata.normalize("NFKD", character)))
    # Case folding can bring accents back ("ΐ" and its kin).
    folded = "".join(map(_fold_plain, unicodedata.normalize("NFKD", folded)))
    if category == "No":
        return f" {folded} "  # "NYPD¹" is NYPD and a note
    return "".join(f" {part} " if _is_a_word(part) else part for part in folded)


def _is_a_word(character: str) -> bool:
    """Whether a letter stands for a word, since its script has no spaces."""
    return any(low <= ord(character) <= high for low, high in _SCRIPTS_WITHOUT_SPACES)


class _FoldTable(dict[int, str]):
    """Code point → what it folds to, worked out when first met: at most one entry a code point."""

    def __missing__(self, code_point: int) -> str:
        folded = fold_character(chr(code_point))
        self[code_point] = folded
        return folded


_FOLD = _FoldTable()
_ASCII = bytes(range(128))
_FEW = 50  # different characters: up to here one `replace` each beats `translate`, which looks at every character


def _beyond_ascii(text: str) -> set[str]:
    """The different characters of a text that are not ASCII."""
    # Bytes less the ASCII ones: in C from end to end, unlike a search for what is not ASCII.
    return set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))


def fold(text: str) -> str:
    """Fold every character of a text."""
    if text.isascii():
        return text
    folds = {character: _FOLD[ord(character)] for character in _beyond_ascii(text)}
    if len(folds) > _FEW or not all(map(str.isascii, folds.values())):
        return text.translate(_FOLD)
    for character, folded in folds.items():
        text = text.replace(character, folded)
    return text


def folded_runs(text: str) -> Iterator[tuple[int, int]]:
    """The runs (`Offsets`) of a text that folding left unmoved: byte of the folded UTF-8, character of the text."""
    yield 0, 0
    lengths = {character: len(_FOLD[ord(character)].encode()) for character in _beyond_ascii(text)}
    moving = "".join(character for character, length in lengths.items() if length != 1)
    if not moving:
        return
    grown = 0
    for match in re.finditer(f"[{moving}]", text):
        index, length = match.start(), lengths[match[0]]
        yield index + grown, index
        yield index + grown + length, index + 1
        grown += length - 1
