"""What the bytes are, whatever their Content-Type claims: feeds are served as text/html, pages as text/xml."""

import re
from typing import Final, Literal

Form = Literal["feed", "sitemap", "html", "other"]

_HEAD: Final = 65_536
_PROLOGUE = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*(?=>))*>)\s*", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(rb"\s*<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z][\w.-]*)[\s/>]")
_FORMS: Final[dict[bytes, Form]] = {
    b"rss": "feed",
    b"rdf": "feed",
    b"feed": "feed",
    b"channel": "feed",
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
}
# A feed behind a program's warnings, or wrapped into a page. Licences are RDF too, and stand in real pages.
_FEED_WITHIN = re.compile(
    rb"""<rss\s[^>]*\bversion\s*=|<feed\s[^>]*xmlns\s*=\s*["']http://www\.w3\.org/2005/Atom"""
    rb"""|<rdf:RDF\s[^>]*["']http://purl\.org/rss/1\.0/["']"""
)
_HTML_SIGN = re.compile(rb"<!doctype\s+html|<(?:html|head|body|title|meta|script|div|p|a|table|h1)\b", re.IGNORECASE)


def sniff(body: bytes) -> Form:
    """Judge by the root element, else by what stands in the first 64 KB."""
    # UTF-16 and UTF-32 show their markup without their zero bytes.
    head = body[:_HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith((b"{", b"[")):
        return "feed"  # whether it is a JSON Feed, its parser says
    root = _ROOT.match(head, root_start(head))
    form = _FORMS.get(root.group(1).lower()) if root else None
    if form is not None:
        return form
    if _FEED_WITHIN.search(head):
        return "feed"
    return "html" if _HTML_SIGN.search(head) else "other"


def root_start(text: bytes) -> int:
    """Where an XML document's root begins: behind declarations, comments and the document type."""
    at = 0
    while prologue := _PROLOGUE.match(text, at):
        at = prologue.end()
    return at
