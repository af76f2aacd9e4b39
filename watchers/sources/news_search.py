"""News searches as feeds: whose article each entry is, and its own address behind the search's redirect.

Google News names the outlet in `<source>` and again at the end of the title; Bing News in `News:Source`. Bing and
Google Alerts wrap the article's address into one of their own, which robots may not follow.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from watchers.sources.limits import NAME_LENGTH
from watchers.sources.plain_text import line

_SEARCH_HOSTS: Final = frozenset(("news.google.com", "www.bing.com", "bing.com"))
_WRAPPERS: Final = {  # host and path → the parameter that holds the article's address
    ("www.google.com", "/url"): ("url", "q"),
    ("google.com", "/url"): ("url", "q"),
    ("www.bing.com", "/news/apiclick.aspx"): ("url",),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
}
_SEPARATED = re.compile(r"^(.*\S)\s+[-–—|]\s+(\S.*)$")


def is_search(url: str | None) -> bool:
    """Whether an address is a search engine's own rather than an outlet's."""
    try:
        return url is not None and urlsplit(url).hostname in _SEARCH_HOSTS
    except ValueError:
        return False


def outlet_of(entry: Mapping[str, Any], source_title: str | None) -> str | None:
    """The outlet that an entry names as its own, where the feed collects others."""
    bing = next((value for name, value in entry.items() if name.lower() == "news_source"), None)
    return line(str(bing), NAME_LENGTH) if bing else source_title


def without_outlet(title: str, outlet: str | None) -> str:
    """The headline without " - Outlet" at its end; nothing else is ever taken off."""
    found = _SEPARATED.match(title)
    return found.group(1) if outlet and found and found.group(2).casefold() == outlet.casefold() else title


def unwrapped(url: str | None) -> str | None:
    """The article's own address, where a search's redirect carries it; else the address as it is."""
    if url is None:
        return None
    parts = urlsplit(url)
    for name in _WRAPPERS.get((parts.hostname or "", parts.path), ()):
        for target in parse_qs(parts.query).get(name, ()):
            if target.startswith(("http://", "https://")):
                return target
    return url
