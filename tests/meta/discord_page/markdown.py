"""Discord's markdown as its clients draw it, to HTML.

    text ─render─▶ at each place the first rule that holds (by the character there) ─▶ HTML; what is left is text

Discord's dialect has no separate pass for blocks: the text is read once from left to right, and headings, quotes and
lists are rules that hold only where a line begins. A backslash takes the meaning from any one character that is
neither letter, digit nor blank; but a rule that has begun may still end at an escaped mark (`~~` and `||` do), and an
address takes backslashes into itself. That is what these rules are faithful to, since it decides what an escape holds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from tests.meta.discord_page.angles import Rendered, Viewer, anchor, angle, pill
from tests.meta.discord_page.lists import list_at

_DEEPEST: Final = 40  # levels of markup within markup; a hostile text would go on
_SHORTCODES: Final = {
    "fire": "🔥", "eyes": "👀", "heart": "❤", "smile": "😄", "thumbsup": "👍", "warning": "⚠", "white_check_mark": "✅",
}  # fmt: skip

_ESCAPED: Final = re.compile(r"\\([^0-9A-Za-z\s])")
_URL: Final = re.compile(r"(?:https?|discord)://[^\s<]*[^\s<.,:;\"'\]]")
_TARGET: Final = re.compile(
    r"\(\s*(?:<(?P<angled>[^\s<>]+)>|(?P<plain>(?:\([^()\s]*\)|\\.|[^\s()\\])+))(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_WEB: Final = re.compile(r"(?:https?|discord)://\S")
_CODE_BLOCK: Final = re.compile(r"```(?:[A-Za-z0-9_+\-.#]+\n)?\n*([^\n][\s\S]*?)\n*```")
_CODE: Final = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_STRUCK: Final = re.compile(r"~~([\s\S]+?)~~(?!_)")
_SPOILER: Final = re.compile(r"\|\|([\s\S]+?)\|\|")
_EVERYONE: Final = re.compile(r"@(?:everyone|here)")
_SHORTCODE: Final = re.compile(r":(\w+):")
_WORD: Final = re.compile(r"[0-9A-Za-z_]")
_HEADING: Final = re.compile(r" *(#{1,3})[^\S\n]+([^\n]*?[^\n#\s][^\n]*?)#*[^\S\n]*(?:\n|$)")
_SUBTEXT: Final = re.compile(r" *-#[^\S\n]+(\S[^\n]*)(?:\n|$)")
_QUOTE_REST: Final = re.compile(r" *>>> ([\s\S]*)")
_QUOTE_LINES: Final = re.compile(r" *> [^\n]*(?:\n *> [^\n]*)*\n?")
_QUOTE_MARK: Final = re.compile(r"^ *> ?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the text being read stands: what may be in it depends on what it is in."""

    viewer: Viewer
    links: bool  # no link within a link
    line_begins: bool = True  # the text's first character begins a line
    quoted: bool = False  # no quote within a quote
    depth: int = 0

    def within(self) -> "_Place":
        """Inside markup, in the middle of a line."""
        return replace(self, line_begins=False, depth=self.depth + 1)


_Rule = Callable[[str, int, _Place], Rendered | None]


def render(text: str, viewer: Viewer, *, links: bool = True) -> str:
    """`text` as HTML, for `viewer`. Without `links` they stay text, as in the names of an embed's fields."""
    return _read(text, _Place(viewer=viewer, links=links))


def _read(text: str, place: _Place) -> str:
    if place.depth > _DEEPEST:
        return escape(text)
    html: list[str] = []
    position = 0
    while position < len(text):
        found = _at(text, position, place)
        if found:
            html.append(found[0])
            position = found[1]
        else:
            html.append("<br>" if text[position] == "\n" else escape(text[position]))
            position += 1
    return "".join(html)


def _at(text: str, position: int, place: _Place) -> Rendered | None:
    """The markup that begins at `position`, if any."""
    begins = text[position - 1] == "\n" if position else place.line_begins
    if begins and (found := _line(text, position, place)):
        return found
    for rule in _RULES.get(text[position], ()):
        if found := rule(text, position, place):
            return found
    return None


# ── where a line begins ──────────────────────────────────────────────────────────────────────────────────


def _line(text: str, position: int, place: _Place) -> Rendered | None:
    if found := _HEADING.match(text, position):
        level = len(found[1])
        return f"<h{level}>{_read(found[2].strip(), place.within())}</h{level}>", found.end()
    if found := _SUBTEXT.match(text, position):
        return f"<small>{_read(found[1], place.within())}</small>", found.end()
    if not place.quoted and (found := _QUOTE_REST.match(text, position)):
        return _quote(found[1], place), found.end()
    if not place.quoted and (found := _QUOTE_LINES.match(text, position)):
        return _quote(_QUOTE_MARK.sub("", found[0]).removesuffix("\n"), place), found.end()
    return list_at(text, position, lambda item: _read(item, replace(place, depth=place.depth + 1, line_begins=True)))


def _quote(text: str, place: _Place) -> str:
    return (
        f"<blockquote>{_read(text, replace(place, depth=place.depth + 1, line_begins=True, quoted=True))}</blockquote>"
    )


# ── anywhere ─────────────────────────────────────────────────────────────────────────────────────────────


def _escape(text: str, position: int, _: _Place) -> Rendered | None:
    found = _ESCAPED.match(text, position)
    return (escape(found[1]), found.end()) if found else None


def _angle(text: str, position: int, place: _Place) -> Rendered | None:
    return angle(text, position, place.viewer)


def _everyone(text: str, position: int, _: _Place) -> Rendered | None:
    found = _EVERYONE.match(text, position)
    return (pill(found[0]), found.end()) if found else None


def _shortcode(text: str, position: int, _: _Place) -> Rendered | None:
    found = _SHORTCODE.match(text, position)
    return (_SHORTCODES[found[1]], found.end()) if found and found[1] in _SHORTCODES else None


def _code_block(text: str, position: int, _: _Place) -> Rendered | None:
    found = _CODE_BLOCK.match(text, position)
    if not found:
        return None
    end = found.end() + text.startswith("\n", found.end())
    return f"<pre>{escape(found[1])}</pre>", end


def _code(text: str, position: int, _: _Place) -> Rendered | None:
    found = _CODE.match(text, position)
    return (f"<code>{escape(found[2])}</code>", found.end()) if found else None


def _struck(text: str, position: int, place: _Place) -> Rendered | None:
    found = _STRUCK.match(text, position)
    return (f"<s>{_read(found[1], place.within())}</s>", found.end()) if found else None


def _spoiler(text: str, position: int, place: _Place) -> Rendered | None:
    found = _SPOILER.match(text, position)
    return (f'<span class="spoiler">{_read(found[1], place.within())}</span>', found.end()) if found else None


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────


def _url(text: str, position: int, place: _Place) -> Rendered | None:
    found = _URL.match(text, position)
    if not found or not place.links:
        return None
    address = found[0]
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1]  # it closes a parenthesis that was opened before the address
    return anchor(address, escape(address)), position + len(address)


def _masked(text: str, position: int, place: _Place) -> Rendered | None:
    close = _closing_bracket(text, position)
    target = _TARGET.match(text, close + 1) if close is not None else None
    if not target or not place.links:
        return None
    label = text[position + 1 : close]
    address = target["angled"] or _ESCAPED.sub(r"\1", target["plain"])
    # A label that is itself an address could lie about where it leads: such a link stays as it was typed.
    if not label.strip() or _URL.search(label) or not _WEB.match(address):
        return None
    return anchor(address, _read(label, replace(place.within(), links=False))), target.end()


def _closing_bracket(text: str, position: int) -> int | None:
    depth = 0
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == "[":
            depth += 1
        elif text[position] == "]":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    return None


# ── emphasis ─────────────────────────────────────────────────────────────────────────────────────────────


def _emphasis(text: str, position: int, place: _Place) -> Rendered | None:
    """Bold, underlined or italic: whichever reaches furthest, and italic where two reach equally far."""
    sign = text[position]
    single = _single_end(text, position, sign)
    double = _double_end(text, position, sign)
    if single is not None and (double is None or single >= double):
        return f"<em>{_read(text[position + 1 : single - 1], place.within())}</em>", single
    if double is None:
        return None
    tag = "strong" if sign == "*" else "u"
    return f"<{tag}>{_read(text[position + 2 : double - 2], place.within())}</{tag}>", double


def _double_end(text: str, start: int, sign: str) -> int | None:
    """Where `**…**` or `__…__` ends: at two signs that no third one follows."""
    if not text.startswith(sign * 2, start):
        return None
    position = start + 2
    while position < len(text):
        closes = text.startswith(sign * 2, position) and not text.startswith(sign, position + 2)
        if closes and position > start + 2:
            return position + 2
        position += 2 if text[position] == "\\" else 1
    return None


def _single_end(text: str, start: int, sign: str) -> int | None:
    """Where `*…*` or `_…_` ends: at the first lone sign, which a blank before it or a letter after it forbids."""
    position = start + 1
    if sign == "*" and text[position : position + 1].strip() == "":
        return None
    while position < len(text):
        if text[position] == "\\" or text.startswith(sign * 2, position):
            position += 2
        elif text[position] == sign:
            return position + 1 if _may_close(text, start, position) else None
        else:
            position += 1
    return None


def _may_close(text: str, start: int, position: int) -> bool:
    if position == start + 1:
        return False
    if text[position] == "*":
        return not text[position - 1].isspace()
    return not _WORD.match(text, position + 1)


_RULES: Final[dict[str, tuple[_Rule, ...]]] = {
    "\\": (_escape,),
    "<": (_angle,),
    "[": (_masked,),
    "h": (_url,),
    "d": (_url,),
    "@": (_everyone,),
    ":": (_shortcode,),
    "`": (_code_block, _code),
    "*": (_emphasis,),
    "_": (_emphasis,),
    "~": (_struck,),
    "|": (_spoiler,),
}
