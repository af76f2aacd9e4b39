"""A web page → the feeds that it links to: `<link rel="alternate" type="…feed type…" href="…">`."""

from urllib.parse import urldefrag

from lxml import etree

from watchers.sources.charset import to_utf8
from watchers.sources.feed_entries import address
from watchers.sources.limits import MAX_DISCOVERED

_FEED_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    )
)
_JSON = "application/json"  # also the type of a site's programming interface


def discovered_feeds(body: bytes, content_type: str | None, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that an HTML page names, absolute, in its order, at most MAX_DISCOVERED."""
    text, _ = to_utf8(body, content_type)
    if not text:
        return ()
    try:
        root = etree.fromstring(text, etree.HTMLParser(encoding="utf-8"))
    except etree.XMLSyntaxError:
        return ()
    if root is None:
        return ()
    base = next((address(url, element.get("href")) for element in root.iter("base") if element.get("href")), url)
    found: dict[str, None] = {}
    for element in root.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        link = address(base or url, element.get("href"))
        if "alternate" in relations and link and (kind in _FEED_TYPES or (kind == _JSON and "feed" in link)):
            found.setdefault(urldefrag(link).url)
    return tuple(found)[:MAX_DISCOVERED]
