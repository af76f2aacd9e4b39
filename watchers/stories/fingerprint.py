"""Copies and excerpts: a text as the set of its five-word runs, and how much of one text stands in another.

    text ─fingerprint→ Fingerprint ─(storage counts shared shingles)→ hits ─copy_score→ a copy's score, or None

A shingle is a signed 64-bit integer, the same on every machine and in every version, so that it can be the key of an
ordinary indexed column. A text of more than 64 shingles keeps only 1 in 8 of them, chosen by their own value,
so two texts keep the same ones of what they share. Where either side is sampled, both are compared on that
part of all shingles, the sample.

The measure is containment, the share of one text's shingles that stand in the other (Broder, “On the resemblance and
containment of documents”, 1997), because an excerpt is small beside its whole and would resemble it little.
"""

import re
import struct
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from itertools import compress
from zlib import crc32

SHINGLE_WORDS = 5
SAMPLE_RATE = 8  # 1 in 8
LARGEST_UNSAMPLED = 64  # shingles
FEWEST_WORDS = 12  # in a text that is known again by itself
SAME_TITLE_WITHIN = timedelta(hours=36)  # between two articles of one headline
FEWEST_HITS = 4  # a shared name or stock phrase gives one to three
# Which share of the new text has to stand in the old.
COPY_CONTAINMENT = 0.5
# Two short texts need more: reports made from one template share most of their few words.
SHORT_COPY_CONTAINMENT = 0.65
# An excerpt in another outlet's furniture needs less: a small sample strays by a fifth of the truth and more.
EXCERPT_CONTAINMENT = 0.3
LARGEST_EXCERPT = 32  # shingles of a sample: some 250 words
SAME_TITLE_CONTAINMENT = 0.2
# The other way about: which share of an old excerpt has to stand in the new text.
WHOLE_CONTAINMENT = 0.7

_LANE = 64  # bits for a word's hash in the long integer that holds a whole text's
# One odd factor below 2**28 for each place in a shingle: five products with 32-bit hashes sum to less than 2**63.
_PLACES = (0x0B5C3A97, 0x0E91D6C3, 0x0A37F1E5, 0x0D268B4F, 0x0C7A15D9)
_FACTOR = sum(factor << _LANE * place for place, factor in enumerate(reversed(_PLACES)))
_SAMPLE_BYTE = 5  # middle bits, to which all five words contribute
_IS_SAMPLED = bytes(value % SAMPLE_RATE == 0 for value in range(256))

# What typesetting adds to plain English: with it gone the bytes are ASCII, and the quick way is open.
_TYPOGRAPHY = tuple((mark.encode(), b"" if mark in "‘’" else b" ") for mark in "’‘“”—–…\u00a0")
_LOWER = re.sub(rb"[^a-z0-9\x80-\xff]", b" ", bytes(range(256)).lower())
_UNSEEN = re.compile("['`‘’ʼ\u00ad\u200b-\u200d\u2060\ufeff]")
_LETTER_RUN = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")  # scripts written without spaces
_ACCENTS = re.compile(r"[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text to recognise its copies."""

    text_hash: str  # of the normalised words; equal for texts that differ only in case, punctuation and spacing
    words: int
    shingles: frozenset[int]  # signed 64-bit
    sampled: bool  # whether only 1 in 8 of them are kept


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text. A text of fewer than five words has no shingles."""
    words = _words(text)
    text_hash = blake2b(b" ".join(words), digest_size=32).hexdigest()
    count = len(words) - SHINGLE_WORDS + 1
    if count < 1:
        return Fingerprint(text_hash=text_hash, words=len(words), shingles=frozenset(), sampled=False)
    # A shingle is the sum of its words' hashes, each times the factor of its place. The words of the whole text are the
    # lanes of one integer, and the factors, the last first, those of another: their product is all shingles at once,
    # without a loop in Python. Before and after them stand the runs that only begin or end within the text.
    lanes = int.from_bytes(struct.pack(f"<{len(words)}Q", *map(crc32, words)), "little")
    sums = (lanes * _FACTOR).to_bytes(_LANE // 8 * (len(words) + SHINGLE_WORDS), "little")
    packed = sums[_LANE // 8 * (SHINGLE_WORDS - 1) : _LANE // 8 * len(words)]
    shingles = struct.unpack(f"<{count}Q", packed)
    sampled = count > LARGEST_UNSAMPLED
    kept = compress(shingles, packed[_SAMPLE_BYTE :: _LANE // 8].translate(_IS_SAMPLED)) if sampled else shingles
    return Fingerprint(text_hash=text_hash, words=len(words), shingles=frozenset(kept), sampled=sampled)


def normalised(text: str) -> bytes:
    """The words of a text in lower case, without accents and punctuation, a space between them: UTF-8."""
    return b" ".join(_words(text))


def copy_score(
    new: Fingerprint,
    *,
    hits: int,
    old_shingles: int,
    old_sampled: bool,
    old_partial: bool = False,
    same_title: bool = False,
) -> float | None:
    """Whether a new text is a copy or an excerpt of an old one: its score (0 to 1), or None if it is not.

    `hits` is the number of shingles, as stored, that both have; `old_shingles` how many are stored of the old text. Of
    an old text that is itself an excerpt (`old_partial`; two short texts are taken for excerpts of one article), a
    longer text that holds it whole is a copy too. `same_title` says that both carry one headline
    at about the same time: then two excerpts are copies whichever sentences their outlets chose, and whole texts
    on less. Texts too short for four hits are copies only where `text_hash` is equal, which the caller asks first.
    """
    both_short = not new.sampled and not old_sampled
    if same_title and both_short:
        return 1.0
    if hits < FEWEST_HITS:
        return None
    comparable = len(new.shingles if new.sampled or not old_sampled else _sample(new.shingles))
    forward = hits / comparable
    if forward >= _needed(comparable, both_short=both_short, same_title=same_title):
        return min(forward, 1.0)
    if old_partial or both_short:
        # Which shingles of an unsampled text would fall into the sample is not stored: about an eighth of them.
        old_comparable = old_shingles / SAMPLE_RATE if new.sampled and not old_sampled else old_shingles
        backward = hits / old_comparable
        if backward >= WHOLE_CONTAINMENT:
            return min(backward, 1.0)
    return None


def _needed(comparable: int, *, both_short: bool, same_title: bool) -> float:
    if same_title:
        return SAME_TITLE_CONTAINMENT
    if both_short:
        return SHORT_COPY_CONTAINMENT
    return EXCERPT_CONTAINMENT if comparable <= LARGEST_EXCERPT else COPY_CONTAINMENT


def _sample(shingles: frozenset[int]) -> frozenset[int]:
    return frozenset(shingle for shingle in shingles if (shingle >> 8 * _SAMPLE_BYTE) % SAMPLE_RATE == 0)


def _words(text: str) -> list[bytes]:
    data = text.encode(errors="replace")
    if data.isascii():
        return data.translate(_LOWER, b"'`").split()
    for mark, plain in _TYPOGRAPHY:
        data = data.replace(mark, plain)
    words = data.translate(_LOWER, b"'`").split()
    if data.isascii():
        return words
    return [part for word in words for part in ((word,) if word.isascii() else _foreign_words(word.decode()))]


def _foreign_words(text: str) -> list[bytes]:
    """Words with letters outside ASCII: without accents, which copies lose, one character a word in wide scripts."""
    decomposed = unicodedata.normalize("NFKD", _UNSEEN.sub("", text))
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).casefold()
    return [word.encode() for word in _LETTER_RUN.findall(_WIDE.sub(r" \g<0> ", plain))]
