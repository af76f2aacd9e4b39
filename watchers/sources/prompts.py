"""Boxes that ask the visitor something: for consent to cookies, whether the page helped, for an address.

    tree with its buttons → the boxes

They are known by what they offer to press. A section of the text on cookies offers nothing, or a link within its
sentences; it is kept.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from watchers.sources.elements import Element, Extent, shown

_ANSWER_LENGTH: Final = 40  # code points
_BOX_LENGTH: Final = 500  # code points without spaces
_FORM_LENGTH: Final = 250
_SENTENCE_LENGTH: Final = 120  # of a form: longer ones are the page's text
_LARGEST_SHARE: Final = 0.3  # of the page
_HIGHEST_BOX: Final = 6  # levels above its button
_WHOLE: Final = frozenset(("body", "html", "main", "article"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# What is to be pressed, and what the box then speaks of.
_PROMPTS: Final = (
    (
        re.compile(
            r"\b(?:accept|agree|allow|ok|okay|got it|understand|understood|decline|reject|refuse|deny"
            r"|akzeptier|zustimm|einverstanden|ablehn|verstanden|accepte|j['’]accepte|d['’]accord|acept|rechaz"
            r"|entendido|accett|rifiut|ho capito|akkoord|weiger|begrepen|accepteer|aceit|rejeit|concordo|entendi"
            r"|godkänn|hyväksy|zgadzam)",
            re.IGNORECASE,
        ),
        re.compile(r"\bcookie|\btraceurs\b|\bconsent|\btracking\b", re.IGNORECASE),
    ),
    (
        re.compile(r"^(?:yes|no|ja|nein|nee|oui|non|sí|sì|si|sim|não|👍|👎)[\W\d]*$", re.IGNORECASE),
        re.compile(r"\?|\b(?:help|useful|hilfreich|utile|útil|nuttig|looking for)", re.IGNORECASE),
    ),
)
_NUMBERED: Final = re.compile(r"\d+[.)]?\s")
_MID_SENTENCE: Final = re.compile(r"[\w,;(–-]\s*$")


def prompts(root: Element, extents: dict[Element, Extent]) -> Iterator[Element]:
    """The boxes that ask, each once or more often."""
    most = _LARGEST_SHARE * extents[root].text
    for control in root.iter("button", "a", "input"):
        answer = (shown(control) or control.get("value") or control.get("aria-label") or "").strip()
        if not 0 < len(answer) <= _ANSWER_LENGTH or _is_in_sentence(control):
            continue
        for pressed, asked in _PROMPTS:
            if pressed.search(answer) and (box := _box(control, asked, extents, most)) is not None:
                yield box
    for form in root.iter("form"):
        if extents[form].text <= min(_FORM_LENGTH, most) and not any(
            extents[paragraph].text > _SENTENCE_LENGTH for paragraph in form.iter("p")
        ):
            yield form


def _box(control: Element, asked: re.Pattern[str], extents: dict[Element, Extent], most: float) -> Element | None:
    """The smallest element around a button that says, beside its buttons, what is asked; with its heading."""
    for box in islice(control.iterancestors(), _HIGHEST_BOX):
        if box.tag in _WHOLE or extents[box].text > min(_BOX_LENGTH, most):
            return None
        headings = [shown(heading) for heading in box.iter(*_HEADINGS)]
        if any(_NUMBERED.match(heading) for heading in headings):
            return None  # a section of the text
        if asked.search(_without_controls(box)):
            return _with_heading(box)
    return None


def _with_heading(box: Element) -> Element:
    """The parent, where it adds nothing but a heading."""
    parent = box.getparent()
    if parent is None or parent.tag in _WHOLE or (parent.text or "").strip() or (box.tail or "").strip():
        return box
    others = [other for other in parent if other is not box]
    return parent if others and all(other.tag in _HEADINGS for other in others) else box


def _without_controls(box: Element) -> str:
    words = shown(box)
    for control in box.iter("button", "a", "input"):
        if label := shown(control):
            words = words.replace(label, " ", 1)
    return words


def _is_in_sentence(control: Element) -> bool:
    """A link among words: “if you do not agree, reject cookies”."""
    if control.tag != "a":
        return False
    before, box = control.getprevious(), control.getparent()
    leading = before.tail if before is not None else box.text if box is not None else None
    return _MID_SENTENCE.search(leading or "") is not None or re.match(r"\s*\w", control.tail or "") is not None
