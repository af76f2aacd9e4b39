"""The headline of a page among the titles that it gives itself, without the site's name around it.

    (JSON-LD, og:title …, `<title>`, `<h1>`) + what the site calls itself → "Council votes on cameras"

A title that another one repeats, whole or within it, is the page's; one that stands alone may be a description, a
section or the site. A site's name at an end is cut where it is known to be one: the site calls itself so, its
address does, or what remains is another of the page's titles. A dash may belong to the headline, a bar seldom does.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 300  # code points
_BETWEEN: Final = re.compile(r"\s+(?:[|–—·•»«:]|::|-{1,2}|\\|//?|>)\s+|\s*[|»]\s*|\s*_+\s*(?=[^\x00-\x7f])")
_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_BARS: Final = frozenset({"|", "»", "_"})
_HEADLINE_WORDS: Final = 3
_CUT_SHORT: Final = re.compile(r"\s*(?:…|\.{3})$")


def headline(titles: Sequence[str], site_names: Iterable[str], url: str | None) -> str:
    """The best of the titles that is more than the site's name, cleaned of it; empty if there is none.

    `titles` come best first. One that ends in an ellipsis gives way to a longer one that begins alike.
    """
    names = {key for name in site_names if (key := _key(name))} | _names_in(url)
    usable = [title for title in titles if (key := _key(title)) and key not in names]
    if not usable:
        return ""
    keys = [_key(title) for title in usable]
    best = next((title for title, key in zip(usable, keys, strict=True) if _is_repeated(key, keys)), usable[0])
    if _CUT_SHORT.search(best):
        stem = _key(_CUT_SHORT.sub("", best))
        best = next((title for title in usable if _key(title).startswith(stem) and len(title) > len(best)), best)
    return _without_site(best, names, set(keys) - {_key(best)})


def _is_repeated(key: str, keys: Sequence[str]) -> bool:
    return sum(key in other or other in key for other in keys) > 1


def _without_site(title: str, names: set[str], others: set[str]) -> str:
    for between in reversed(list(_BETWEEN.finditer(title))):
        stem, ending = title[: between.start()], title[between.end() :]
        barred = between.group().strip() in _BARS and len(stem.split()) >= _HEADLINE_WORDS
        if _key(stem) in others or _key(ending) in names or barred:
            title = stem
    first = _BETWEEN.search(title)
    if first and _key(title[: first.start()]) in names:
        title = title[first.end() :]
    return title.strip()


def _names_in(url: str | None) -> set[str]:
    """What a site is called by its address: "www.example-post.co.uk" → the host and "examplepost"."""
    host = (urlsplit(url).hostname or "" if url else "").removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]  # noqa: PLR2004 - not co, com, www, m
    return {_key(host), *(_key(label) for label in labels)} - {""}


def _key(text: str) -> str:
    folded = text.casefold().strip()
    return _ALPHANUMERIC.sub("", folded.removeprefix("the "))
