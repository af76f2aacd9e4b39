"""A web page's bytes → its text in Unicode and its tree: what everything else in reading starts from.

    body + Content-Type ─decoded→ str (charset by mark, header, `<meta>`, then salvage) ─tree→ lxml

lxml's HTML parser reads no external entity, expands no entity of a document's own and gives up on markup nested
too deeply, so nothing here can be made to open a file, or to grow.
"""

import re
from typing import Final

from lxml import etree

from watchers.sources.charset import to_utf8
from watchers.sources.plain_text import clean

_META_WITHIN: Final = 4096  # bytes; browsers look in the first 1024, publishers write it later
_META_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_BINARY: Final = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|PK\x03\x04|\x1f\x8b|BM..\x00\x00|\x7fELF|OggS|ID3"
    rb"|....ftyp|\xd0\xcf\x11\xe0",
    re.DOTALL,
)


def is_binary(body: bytes) -> bool:
    """Whether the first bytes are those of a picture, a PDF, an archive, a film: nothing that has text to read."""
    return _BINARY.match(body) is not None


def decoded(body: bytes, content_type: str | None) -> tuple[str, str | None]:
    """The page in Unicode, and what was lost on the way (None: nothing).

    The charset of the header goes before that of `<meta>`, as in HTML's standard; a false one is salvaged.
    """
    claims = content_type or ""
    for name in _META_CHARSET.findall(body[:_META_WITHIN]):
        claims += f"; charset={name.decode('ascii')}"
    utf8, loss = to_utf8(body, claims)
    return clean(utf8.decode("utf-8", "replace")), loss


def tree(html: str) -> "etree._Element | None":
    """The page's tree, without comments; None where there is no markup at all."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(html.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001 - lxml's public type has this name
