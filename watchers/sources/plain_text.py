r"""Markup and dirty text of feeds → plain text.

    HTML ─paragraphs→ "First paragraph.\n\nSecond one."        HTML ─line→ "One line"
    any text ─clean→ without lone surrogates and control characters

Block elements and doubled `<br>` end a paragraph; scripts, styles and other elements that show no words are
dropped. lxml reads the markup without recursion and without opening anything.
"""

import html
import re

import regex
from lxml import etree

_UNFIT = re.compile(r"[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OTHER_SPACE = re.compile(r"[^\S\n ]")
_SPACES = re.compile("  +")
_BLANK_LINES = re.compile(r"\n ?\n\s*")
_LETTER = regex.compile(r"\X")
_LONGEST_LETTER = 64  # code points
_TAG = re.compile(r"<[^>]{0,2000}>")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_SILENT = re.compile(
    "audio|canvas|embed|head|iframe|map|math|noembed|noframes|object|script|select|style|svg|template|textarea"
    "|title|video"
)


def clean(text: str) -> str:
    """The text without what no database, terminal or chat takes: lone surrogates and control characters."""
    return text if text.isprintable() else _UNFIT.sub("", text)


def line(text: str, limit: int) -> str:
    """Plain text on one line, cut within `limit` code points with an ellipsis: at a word where there is one.

    Where there is none, as in Japanese, it is cut between two letters as readers see them, never inside one.
    """
    short = " ".join(clean(text[: limit * 4]).split())
    if len(short) <= limit:
        return short
    # A letter that no reader would call one, of a hundred marks, may be cut in two.
    ends = (letter.end() for letter in _LETTER.finditer(short[: limit + _LONGEST_LETTER]))
    end = max((end for end in ends if end < limit), default=limit - 1)
    word = short.rfind(" ", limit // 2, end + 1)
    return short[: word if word > 0 else end].rstrip() + "…"


def paragraphs(text: str, limit: int) -> str:
    """Plain text with blank lines between its paragraphs, cut at `limit` code points."""
    spaced = _OTHER_SPACE.sub(" ", clean(text).replace("\r\n", "\n"))
    parts = _BLANK_LINES.split(_SPACES.sub(" ", spaced))
    return "\n\n".join(part.strip() for part in parts if part.strip())[:limit].rstrip()


def html_text(markup: str) -> str:
    """The words of HTML, blank lines between its paragraphs. What can't be read as HTML loses its tags alone."""
    markup = clean(markup)
    if "<" not in markup:
        return html.unescape(markup)
    try:
        root = etree.fromstring(f"<div>{markup}</div>", etree.HTMLParser(remove_comments=True, remove_pis=True))
    except etree.XMLSyntaxError:
        root = None
    words = "" if root is None else clean(_words(root))
    # libxml2 gives up below 256 levels: then the words matter more than their paragraphs.
    return words if words.strip() else html.unescape(_TAG.sub(" ", markup))


def _words(root: "etree._Element") -> str:
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if _BLOCK.fullmatch(tag):
            pieces.append("\n\n")
        if event == "start":
            if _SILENT.fullmatch(tag):
                walk.skip_subtree()
            elif tag == "br":
                pieces.append("\n")
            elif element.text:
                pieces.append(element.text if tag == "pre" else _flowed(element.text))
        else:
            if tag in {"td", "th"}:
                pieces.append(" ")
            if element.tail:
                pieces.append(_flowed(element.tail))
    return "".join(pieces)


def _flowed(text: str) -> str:
    """HTML's white space: a line break in the source is a space, but a no-break space stays a space too."""
    words = " ".join(text.split())
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}{words}{after}" if words else before
