"""Why a card is sent: by watch the words that it found and where, or the sentence where the card doesn't show them.

    Why… (evidence) ─by watch─▶ words with their places, quotations ─▶ WatchWhy…

A word stands in sight when it is in the headline or marked in the summary. One that doesn't is quoted with its
sentence, a few of them on a card.
"""

from collections.abc import Mapping, Sequence

from bot.cards.model import Line, Span, WatchWhy
from bot.cards.spans import holds, mark, merge, shorten
from bot.cards.text import cut, fitted
from bot.cards.words import MATCHED_WITHOUT_WORDS, PAGE_WATCHED, STORIES, places
from watchers.models import Alert, AlertKind, Field, Why

NAME = 100  # characters of a watch's name

_MARKED, _WORDS = 4000, 300  # characters of a sentence searched for words to mark, and of such words
_AROUND_MATCH = 80  # characters of a quoted sentence kept on each side of its matched words
_WATCHES, _QUOTES = 5, 2  # on a card

_PAGES = {
    AlertKind.DOCUMENT_ADDED,
    AlertKind.DOCUMENT_REMOVED,
    AlertKind.DOCUMENT_REPLACED,
    AlertKind.POLICY_CHANGED,
    AlertKind.POLICY_REMOVED,
    AlertKind.POLICY_UNSTABLE,
}

_Quote = tuple[str, str]  # a sentence and its place


def marked_summary(sentences: Sequence[str], evidence: Sequence[Why]) -> tuple[Line, ...]:
    """Clean sentences of a text with the words marked that watches found in it, or in its headline."""
    words = tuple(dict.fromkeys(_word(why) for why in evidence))
    return tuple(mark(sentence, tuple(word for word in words if holds(sentence, word))) for sentence in sentences)


def why_lines(alert: Alert, summary: tuple[Line, ...]) -> tuple[tuple[WatchWhy, ...], int]:
    """One line a watch, in the order of the alert, and how many more there are. `summary` is what the card shows."""
    by_watch: dict[str, list[Why]] = {name: [] for watch in alert.watches if (name := fitted(watch, NAME))}
    for why in alert.why:
        by_watch.setdefault(cut(fitted(why.watch, NAME) or "", NAME), []).append(why)
    wordless = MATCHED_WITHOUT_WORDS if alert.kind in STORIES else PAGE_WATCHED if alert.kind in _PAGES else None
    # The marked words of a changed page are the change: what else stands on it is a click away.
    in_sight = None if alert.changes else frozenset(_marked(summary))
    quoted: set[_Quote] = set()
    lines = []
    for watch, evidence in by_watch.items():
        if evidence:
            lines.append(WatchWhy(watch=watch, found=_found(evidence, alert.why, in_sight, quoted)))
        elif wordless is not None:
            lines.append(WatchWhy(watch=watch, found=(Span(wordless),)))
    return tuple(lines[:_WATCHES]), max(0, len(lines) - _WATCHES)


def _marked(summary: tuple[Line, ...]) -> list[str]:
    return [span.text.casefold() for line in summary for span in line if span.style == "match"]


def _found(
    evidence: Sequence[Why], everything: Sequence[Why], in_sight: frozenset[str] | None, quoted: set[_Quote]
) -> Line:
    """What one watch found: words under their places first, then the quotations."""
    by_word: dict[str, list[Why]] = {}
    for why in evidence:
        by_word.setdefault(_word(why).casefold(), []).append(why)
    by_word = {word: found for word, found in by_word.items() if not _within_another(word, by_word)}
    by_places: dict[str, list[str]] = {}
    quotes: dict[_Quote, None] = {}
    for word, found in by_word.items():
        quote = None if _seen(word, found, in_sight) else _quote(found[0])
        if quote is not None and (quote in quotes or (quote not in quoted and len(quoted) < _QUOTES)):
            quotes[quote] = None
            quoted.add(quote)
        else:
            by_places.setdefault(places(list(map(_standing, found))), []).append(_word(found[0]))
    parts = [_words(words, where) for where, words in by_places.items()]
    parts += [_quotation(quote, everything) for quote in quotes]
    return merge(tuple(span for number, part in enumerate(parts) for span in ((Span("; "),) if number else ()) + part))


def _within_another(word: str, by_word: Mapping[str, Sequence[Why]]) -> bool:
    """Whether a longer find holds `word` wherever it stands: Police in Port Alder Police."""
    standing = set(map(_standing, by_word[word]))
    return any(
        len(other) > len(word) and holds(other, word) and standing <= set(map(_standing, found))
        for other, found in by_word.items()
    )


def _standing(why: Why) -> tuple[Field, int | None]:
    return why.field, why.paragraph


def _seen(word: str, found: Sequence[Why], in_sight: frozenset[str] | None) -> bool:
    if in_sight is None or any(why.field == "title" for why in found):
        return True
    return word in in_sight or any(holds(marked, word) for marked in in_sight)  # words side by side are one mark


def _word(why: Why) -> str:
    return fitted(why.text, _WORDS) or ""


def _quote(why: Why) -> _Quote | None:
    sentence = fitted(why.sentence, _MARKED)
    return (sentence, places([_standing(why)])) if sentence else None


def _words(words: Sequence[str], where: str) -> Line:
    spans = [span for word in words for span in (Span(", "), Span(word, "match"))]
    return (*spans[1:], Span(f" ({where})"))


def _quotation(quote: _Quote, everything: Sequence[Why]) -> Line:
    """The sentence with every word in it marked that any watch found there."""
    sentence, where = quote
    words = tuple(dict.fromkeys(_word(why) for why in everything if _quote(why) == quote))
    return (Span("“"), *shorten(mark(sentence, words), _AROUND_MATCH), Span(f"” ({where})"))
