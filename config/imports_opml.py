"""OPML, as readers of feeds export it → entries.

    <outline text="Folder"> <outline xmlUrl="…" title="…" category="/a/b,c"/> </outline>  →  a source with its tags

Outlines with an address are sources; the folders around them and their categories are tags. Exports disagree on the
case of attributes, on `title` or `text`, and write a feed once for each of its folders.

The file comes from anyone: a document type definition is refused before it is read, so no entity is declared and none
is fetched; the parser bounds depth and texts, and tells all that is no XML by its line.
"""

import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any, cast

from lxml import etree

from config.imports_entries import Entries, Row, shown

Element = etree._Element  # noqa: SLF001 - lxml's public type has this name

_DEEPEST = 20  # folders in folders
_DTD = "a document type definition: take out what stands from <!DOCTYPE to its >"
_LONE_AMPERSAND = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_DOCTYPE = re.compile(rb"<!DOCTYPE")
_BETWEEN_CATEGORIES = re.compile(r"[,/]")
_UNCLOSED = {"ERR_TAG_NAME_MISMATCH", "ERR_TAG_NOT_FINISHED"}  # these also follow from any slip before
_AMPERSAND = "an & or < that stands for itself: write &amp; or &lt;"
_SLIPS = {  # what exports and editors do most, by libxml2's type of error
    "ERR_ENTITYREF_SEMICOL_MISSING": _AMPERSAND,
    "ERR_NAME_REQUIRED": _AMPERSAND,
    "ERR_LT_IN_ATTRIBUTE": "a < within quotes: write &lt;, or close the quotes before it",
    "ERR_SPACE_REQUIRED": "a quote within quotes: write &quot;",
    "ERR_ATTRIBUTE_NOT_STARTED": "a value without quotes: put quotes around it",
    "ERR_UNDECLARED_ENTITY": "an entity that XML has not: write the character itself",
    "ERR_RESERVED_XML_NAME": "something before <?xml: take it out, blank lines too",
    "ERR_INVALID_ENCODING": "not in the encoding that it names, or UTF-8: save it as UTF-8",
    "ERR_UNSUPPORTED_ENCODING": "in an encoding that is not known: save it as UTF-8, and let its first line say so",
    "ERR_INVALID_CHAR": "an invisible character: take it out",
    "ERR_RESOURCE_LIMIT": "nested too deep or a text too long: export it again",
}


def is_markup(content: bytes) -> bool:
    """Whether this is XML or HTML, in whatever encoding."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\xff\xfe\t\n\r ").startswith(b"<")


def read_opml(content: bytes, entries: Entries) -> None:
    """Take every feed of the file as a source."""
    bare = content.replace(b"\0", b"")  # UTF-16 and UTF-32 become readable enough
    if doctype := _DOCTYPE.search(bare):
        entries.problem(bare.count(b"\n", 0, doctype.start()) + 1, _DTD)
        return
    if b"<opml" not in bare.lower():
        entries.problem(1, "no OPML: export the subscriptions as OPML, or add a feed by its address")
        return
    content = _mended(content, entries)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        entries.problem(error.lineno or 1, _slip(error.msg or "", ""))
        return
    wrong = _slips(parser)
    for line, slip in wrong.items():
        entries.problem(line, slip)
    if root is None or wrong:
        return
    if root.getroottree().docinfo.internalDTD is not None:  # hidden by a charset with shifts
        entries.problem(1, _DTD)
        return
    for outline in _outlines(root):
        _take(outline, (), 1, entries)


def _mended(content: bytes, entries: Entries) -> bytes:
    """The file with each & that begins nothing written as XML wants it: most exports forget to, and it is clear."""
    if b"\0" in content:
        return content
    mended, count = _LONE_AMPERSAND.subn(_reference, content)
    if count:
        line = content.count(b"\n", 0, _first(content)) + 1
        entries.note(line, f"& that stands for itself, {count} in all: read as &amp;")
    return mended


def _first(content: bytes) -> int:
    found = _LONE_AMPERSAND.search(content)
    return found.start() if found else 0


def _reference(found: re.Match[bytes]) -> bytes:
    """An entity of HTML as the character that it is; any other & as itself."""
    character = html5.get((found["name"] or b"").decode("ascii"))
    return "".join(f"&#{ord(each)};" for each in character).encode() if character else b"&amp;" + (found["name"] or b"")


def _slips(parser: etree.XMLParser) -> dict[int, str]:
    """The first of what is no XML in each line, by lines; the parser gives up after a hundred."""
    fatal = [error for error in cast("Iterable[Any]", parser.error_log) if error.level == etree.ErrorLevels.FATAL]
    causes = [error for error in fatal if error.type_name not in _UNCLOSED]
    found: dict[int, str] = {}
    for error in causes or fatal[:1]:
        found.setdefault(max(error.line, 1), _slip(error.message, error.type_name))
    return found


def _slip(message: str, kind: str) -> str:
    what = " ".join(message.split())
    return _SLIPS.get(kind, f"not XML ({what}): check quotes and brackets, or export it again")


def _outlines(element: Element) -> Iterator[Element]:
    """The outermost outlines under an element: those of a body, or of an outline itself."""
    for child in element:
        if _plain(str(child.tag)) == "outline":
            yield child
        elif _plain(str(child.tag)) == "body":
            yield from _outlines(child)


def _take(outline: Element, folders: tuple[str, ...], depth: int, entries: Entries) -> None:
    line = cast("int", outline.sourceline)  # where its start tag ends
    if entries.full(line):
        return
    attributes = {_plain(str(key)): str(value).strip() for key, value in outline.attrib.items()}
    title = attributes.get("title") or attributes.get("text", "")
    url = attributes.get("xmlurl", "")
    if url:
        tags = entries.tags(line, _BETWEEN_CATEGORIES.split(attributes.get("category", "")))
        entries.source(
            Row(line=line, title=title, tags=(*folders, *tags), fields={"url": url}, called={"url": "xmlUrl"})
        )
        if "+" in attributes.get("type", ""):  # FreshRSS: pages and JSON that it reads by rules of its own
            rules = shown(attributes["type"])
            entries.note(line, f"“{shown(title)}” comes without its rules of {rules}: it is read for what it is")
    inner = list(_outlines(outline))
    if not (url or inner):
        entries.note(line, f"“{shown(title)}” is left out: it has no xmlUrl, and nothing in it")
    if inner and depth == _DEEPEST:
        entries.problem(line, f"folders more than {_DEEPEST} deep: move what is in this one up")
        return
    around = (*folders, *entries.tags(line, [title])) if inner else folders
    for part in inner:
        _take(part, around, depth + 1, entries)


def _plain(name: str) -> str:
    """A name without its namespace, in lower case."""
    return name.rpartition("}")[2].lower()
