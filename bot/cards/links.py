"""Addresses as they may be shown: only http(s), hosts readable by eye, nothing secret, nothing that breaks markup.

`shown_link` is the one way of an address onto a card. What isn't an http(s) address stays on the card as text.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from bot.cards.model import Link
from bot.cards.text import clean, cut, fitted
from watchers.fetch.redact import redact_url
from watchers.stories.canonical import untracked

_LONGEST_TEXT = 200
_NAME = 100  # characters of an outlet's name

# Kept as they are by percent-encoding. Brackets, quotes, angle brackets and blanks are not: they end links.
_PATH_SAFE = "/%:@!$&'*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"


def shown_link(address: str | None) -> Link | None:
    """`address` fit for a card: clickable if it is http(s), else plain text; None if there is none.

    Host names are shown in punycode, so that no letter can pass for another. User and password are left out, and
    what looks like a secret is hidden; so are the parameters that only say how a reader came.
    """
    cleaned = redact_url(untracked(clean(address or "")))
    if not cleaned:
        return None
    target = _web_address(cleaned)
    if target is None:
        return Link(cut(cleaned, _LONGEST_TEXT), clickable=False)
    return Link(target, clickable=True)


def outlet_of(name: str | None, address: str | None) -> str | None:
    """Who published what stands at `address`: by its name, else by its host as links show it."""
    link = shown_link(address)
    host = link.host if link else None
    shown = fitted(name, _NAME)
    # A name that is the host itself would bring back the letters that punycode is there to tell apart.
    return host if shown is None or (host and _ascii_host(shown.casefold()) == host) else shown


def _web_address(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        port = parts.port
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    ascii_host = _ascii_host(host)
    if ascii_host is None:
        return None
    place = ascii_host + (f":{port}" if port is not None else "")
    return urlunsplit(
        (
            parts.scheme,
            place,
            quote(parts.path, safe=_PATH_SAFE),
            quote(parts.query, safe=_QUERY_SAFE),
            quote(parts.fragment, safe=_QUERY_SAFE),
        )
    )


def _ascii_host(host: str) -> str | None:
    """`host` in letters that can't be mistaken, or None if it is no host name."""
    if ":" in host:  # an IPv6 address, which urlsplit has checked
        return f"[{host}]" if re.fullmatch(r"[0-9a-f:.]+", host) else None
    try:
        name = idna.encode(host, uts46=True).decode("ascii") if not host.isascii() else host
    except idna.IDNAError:
        return None
    return name if re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?", name) else None
