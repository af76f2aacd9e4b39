"""The demo outlets' web pages: articles, front pages, the policy page and the pages for those without a subscription.

    DemoItem + what else the outlet shows ─→ a whole HTML page, with the furniture that real pages have

Navigation, cookie banners, share boxes, counters and lists of other headlines are there on purpose: reading must not
take them for the story.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.demo.data import Outlet, Policy
from bot.demo.edition import DemoItem

_INVENTED = "An invented page of the Wiredesk demo newsroom: no such place, people or firms exist."
_RELATED = 5


def article_page(item: DemoItem, others: Sequence[DemoItem], *, base_url: str) -> str:
    """An article as its outlet lays it out, with the outlet's other headlines beside it."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.paragraphs)
    dateline = f"{item.published:%d %B %Y, %H:%M} UTC"
    if item.updated > item.published:
        dateline += f" · Updated {item.updated:%H:%M}"
    if item.outlet.layout == "column":
        content = f"""<main>
<header><h1>{escape(item.headline)}</h1>
<p class="byline">By {escape(item.byline)}</p>
<time datetime="{_rfc3339(item.published)}">{dateline}</time></header>
<article class="story">
{_share(item)}
<div class="story-body">
{body}
</div>
</article>
</main>
{_related(item, others)}"""
    else:
        content = f"""<div class="wrapper"><div class="content-well">
<h1 class="headline">{escape(item.headline)}</h1>
<div class="meta"><span class="author">{escape(item.byline)}</span> <span class="date">{dateline}</span></div>
<div class="article-body" itemprop="articleBody">
{body}
</div>
{_share(item)}
</div>
{_related(item, others)}</div>"""
    return _page(item.outlet, item.headline, content, head=_metadata(item, base_url))


def locked_page(item: DemoItem) -> str:
    """What those without a subscription get for an article, with status 403."""
    content = f"""<main><h1>{escape(item.headline)}</h1>
<section class="paywall"><p>This article is for subscribers. Sign in or subscribe to read it.</p></section></main>"""
    return _page(item.outlet, item.headline, content)


def front_page(outlet: Outlet, items: Sequence[DemoItem]) -> str:
    """The outlet's own list of what it has published so far."""
    entries = "\n".join(
        f'<li><a href="{item.path}">{escape(item.headline)}</a><p>{escape(item.summary)}</p></li>' for item in items
    )
    types = {"json": "application/feed+json", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}
    head = ""
    if outlet.format != "sitemap":
        kind = types.get(outlet.format, "application/rss+xml")
        head = f'<link rel="alternate" type="{kind}" href="/{outlet.key}/{outlet.feed}">'
    return _page(
        outlet,
        outlet.name,
        f"<main><h1>{escape(outlet.name)}</h1><ol>{entries}</ol></main>",
        head=head,
    )


def policy_page(outlet: Outlet, policy: Policy, sections: Sequence[tuple[str, Sequence[str]]], *, views: int) -> str:
    """The policy as published. `views` feeds a counter that changes at each look while the text does not."""
    body = "\n".join(
        f"<h2>{escape(heading)}</h2>\n" + "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        for heading, paragraphs in sections
    )
    content = f"""<main><article><h1>{escape(policy.title)}</h1>
{body}
</article></main>
<footer class="page-tools"><span class="counter">Viewed {views} times</span> <a href="#print">Print</a></footer>"""
    return _page(outlet, policy.title, content)


def city_page(outlets: Sequence[Outlet]) -> str:
    """The server's root: who publishes here."""
    entries = "\n".join(f'<li><a href="/{o.key}/">{escape(o.name)}</a></li>' for o in outlets)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The Port Alder demo newsroom</title>'
        f"</head><body><h1>The Port Alder demo newsroom</h1><p>{_INVENTED}</p><ul>{entries}</ul></body></html>"
    )


def _page(outlet: Outlet, title: str, content: str, *, head: str = "") -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(title)} | {escape(outlet.name)}</title>
<meta property="og:site_name" content="{escape(outlet.name)}">
{head}
</head>
<body>
<div id="cookie-banner" class="cookie-consent" role="dialog">
<p>We use cookies to remember that you closed this banner.</p><button>Accept</button></div>
<header class="masthead"><a href="/{outlet.key}/">{escape(outlet.name)}</a>
<small>{escape(outlet.tagline)}</small></header>
<nav><ul><li><a href="/{outlet.key}/">Home</a></li><li><a href="#local">Local</a></li>
<li><a href="#sport">Sport</a></li>
<li><a href="#weather">Weather</a></li><li><a href="#about">About us</a></li></ul></nav>
{content}
<footer class="site-footer"><p>Contact the newsroom · Corrections · Terms of use</p><p>{_INVENTED}</p></footer>
</body>
</html>
"""


def _metadata(item: DemoItem, base_url: str) -> str:
    address = f"{base_url}{item.path}"
    linked_data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": item.headline,
            "datePublished": _rfc3339(item.published),
            "dateModified": _rfc3339(item.updated),
            "author": {"@type": "Person", "name": item.byline},
            "publisher": {"@type": "Organization", "name": item.outlet.name},
            "mainEntityOfPage": address,
        },
        ensure_ascii=False,
    ).replace("</", "<\\/")
    return f"""<link rel="canonical" href="{address}">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(item.headline)}">
<meta property="og:url" content="{address}">
<meta name="author" content="{escape(item.byline)}">
<meta name="description" content="{escape(item.summary)}">
<meta property="article:published_time" content="{_rfc3339(item.published)}">
<meta property="article:modified_time" content="{_rfc3339(item.updated)}">
<script type="application/ld+json">{linked_data}</script>"""


def _share(item: DemoItem) -> str:
    return (
        '<div class="share-box social-share"><a href="#mail">Email</a> <a href="#copy">Copy link</a> '
        f'<a href="#print">Print</a> <span class="share-count">{len(item.text) % 97} shares</span></div>'
    )


def _related(item: DemoItem, others: Sequence[DemoItem]) -> str:
    links = "\n".join(
        f'<li><a href="{other.path}">{escape(other.headline)}</a></li>'
        for other in [other for other in others if other.path != item.path][:_RELATED]
    )
    return f"""<aside class="related"><h2>More from {escape(item.outlet.name)}</h2><ul>{links}</ul>
<form class="newsletter"><p>Sign up for the morning email.</p><input type="email" name="email"></form></aside>"""


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
