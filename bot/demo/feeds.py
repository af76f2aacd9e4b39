"""The demo outlets' feeds as bytes: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed 1.1 and a news sitemap.

    Outlet + its items at a moment (newest first) ─render_feed→ (content type, bytes)

The bytes depend on the items alone and never on the moment of asking, so an unchanged feed keeps its validators.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from bot.demo.data import Outlet
from bot.demo.edition import DemoItem

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render_feed(outlet: Outlet, items: Sequence[DemoItem], *, base_url: str, renamed: bool) -> tuple[str, bytes]:
    """The outlet's feed. `renamed`: its entries go by their second set of ids."""
    feed = _Feed(outlet, base_url, renamed=renamed)
    match outlet.format:
        case "rss":
            return "application/rss+xml; charset=utf-8", _rss(feed, items).encode()
        case "rdf":
            return "application/rdf+xml; charset=utf-8", _rdf(feed, items).encode()
        case "atom":
            return "application/atom+xml; charset=utf-8", _atom(feed, items).encode()
        case "json":
            return "application/feed+json; charset=utf-8", _json_feed(feed, items).encode()
        case "sitemap":
            return "application/xml; charset=utf-8", _sitemap(feed, items).encode()


class _Feed:
    """What every format needs to know of its outlet: addresses and ids."""

    def __init__(self, outlet: Outlet, base_url: str, *, renamed: bool) -> None:
        self.outlet = outlet
        self.home = f"{base_url}/{outlet.key}/"
        self._base_url = base_url
        self._renamed = renamed

    def link(self, item: DemoItem) -> str:
        tracker = f"?utm_source={self.outlet.key}&utm_medium=feed" if self.outlet.tracked else ""
        return f"{self._base_url}{item.path}{tracker}"

    def entry_id(self, item: DemoItem) -> str:
        slug = item.path.rpartition("/")[2]
        edition = "edition-2:" if self._renamed else ""
        return f"tag:{self.outlet.key}.example,{item.published:%Y-%m-%d}:{edition}{slug}"


def _rss(feed: _Feed, items: Sequence[DemoItem]) -> str:
    entries = "".join(
        f"""
    <item>
      <title>{escape(item.headline)}</title>
      <link>{escape(feed.link(item))}</link>
      <guid isPermaLink="false">{escape(feed.entry_id(item))}</guid>
      <dc:creator>{escape(item.byline)}</dc:creator>
      <pubDate>{format_datetime(item.published, usegmt=True)}</pubDate>
      <description>{escape(item.summary)}</description>{_encoded(feed, item)}
    </item>"""
        for item in items
    )
    outlet = feed.outlet
    return f"""{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/">
  <channel>
    <title>{escape(outlet.name)}</title>
    <link>{escape(feed.home)}</link>
    <description>{escape(outlet.tagline)}</description>
    <language>en</language>
    <ttl>15</ttl>{entries}
  </channel>
</rss>
"""


def _encoded(feed: _Feed, item: DemoItem) -> str:
    if not feed.outlet.full:
        return ""
    return f"\n      <content:encoded><![CDATA[{_html(item)}]]></content:encoded>"


def _rdf(feed: _Feed, items: Sequence[DemoItem]) -> str:
    order = "".join(f'<rdf:li rdf:resource="{escape(feed.link(item))}"/>' for item in items)
    entries = "".join(
        f"""
  <item rdf:about="{escape(feed.link(item))}">
    <title>{escape(item.headline)}</title>
    <link>{escape(feed.link(item))}</link>
    <description>{escape(item.summary)}</description>
    <dc:creator>{escape(item.byline)}</dc:creator>
    <dc:date>{_rfc3339(item.published)}</dc:date>
  </item>"""
        for item in items
    )
    outlet = feed.outlet
    return f"""{_XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <channel rdf:about="{escape(feed.home)}">
    <title>{escape(outlet.name)}</title>
    <link>{escape(feed.home)}</link>
    <description>{escape(outlet.tagline)}</description>
    <items><rdf:Seq>{order}</rdf:Seq></items>
  </channel>{entries}
</rdf:RDF>
"""


def _atom(feed: _Feed, items: Sequence[DemoItem]) -> str:
    entries = "".join(
        f"""
  <entry>
    <title>{escape(item.headline)}</title>
    <link rel="alternate" type="text/html" href="{escape(feed.link(item))}"/>
    <id>{escape(feed.entry_id(item))}</id>
    <author><name>{escape(item.byline)}</name></author>
    <published>{_rfc3339(item.published)}</published>
    <updated>{_rfc3339(item.updated)}</updated>
    <summary>{escape(item.summary)}</summary>
  </entry>"""
        for item in items
    )
    outlet = feed.outlet
    updated = f"\n  <updated>{_rfc3339(max(item.updated for item in items))}</updated>" if items else ""
    return f"""{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>{escape(outlet.name)}</title>
  <subtitle>{escape(outlet.tagline)}</subtitle>
  <link rel="alternate" href="{escape(feed.home)}"/>
  <link rel="self" href="{escape(feed.home + outlet.feed)}"/>
  <id>tag:{outlet.key}.example,2025:feed</id>{updated}{entries}
</feed>
"""


def _json_feed(feed: _Feed, items: Sequence[DemoItem]) -> str:
    outlet = feed.outlet
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": feed.home,
        "feed_url": feed.home + outlet.feed,
        "language": "en",
        "items": [
            {
                "id": feed.entry_id(item),
                "url": feed.link(item),
                "title": item.headline,
                "authors": [{"name": item.byline}],
                "date_published": _rfc3339(item.published),
                "date_modified": _rfc3339(item.updated),
                "summary": item.summary,
                **({"content_html": _html(item)} if outlet.full else {"content_text": item.summary}),
            }
            for item in items
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _sitemap(feed: _Feed, items: Sequence[DemoItem]) -> str:
    entries = "".join(
        f"""
  <url>
    <loc>{escape(feed.link(item))}</loc>
    <news:news>
      <news:publication><news:name>{escape(feed.outlet.name)}</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>{_rfc3339(item.published)}</news:publication_date>
      <news:title>{escape(item.headline)}</news:title>
    </news:news>
  </url>"""
        for item in items
    )
    return f"""{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}
</urlset>
"""


def _html(item: DemoItem) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.paragraphs)


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
