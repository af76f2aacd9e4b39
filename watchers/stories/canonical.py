"""One address for one article, one key for one headline: what an article is recognised by.

    "http://m.Example.org:80/amp/a.html?utm_source=x&id=7#top"  ─canonical_url→  "https://example.org/a.html?id=7"
    "De Blasio “Will Reassess” It | Example Post"                ─title_key→      "de blasio will reassess it"

Both are for comparing only: the address and the headline that people are shown stay as they were given, but for the
trackers in the address (`untracked`).

An address loses what says how the reader came (trackers, AMP and mobile variants, scheme, `www.`, fragment) and
keeps whatever may choose another article. Names that mean one thing here and another there (`ref`, `source`,
`from` …) are therefore judged by their value.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse
from operator import itemgetter
from urllib.parse import quote, unquote_to_bytes, urlsplit

from url_normalize import url_normalize

_TRACKER = re.compile(
    r"""
    (utm|pk|mtm|piwik|matomo|hsa|ns)_.* | _hs.* | hscta.* | at_(custom|medium|campaign|link|format|point).* | __cft__.*
    | fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|epik|igshid|igsh|mc_cid|mc_eid
    | mkt_tok|vero_id|vero_conv|oly_enc_id|oly_anon_id|cmpid|cmp|ocid|icid|ncid|smid|smtyp|ref_src|ref_url
    | referringsource|sr_share|xtor|trk|trkcampaign|trackingid|s_kwcid|ef_id|wt[._]mc(_id)?|intcmp|intcid|itid|tpcc
    | int_source|mbid|bxid|guccounter|guce_referrer(_sig)?|soc_(src|trk)|fb_(action_ids|action_types|source|ref)
    | __twitter_impression|__source|__tn__|feedname|feedtype|emci|emdi|ceid|_ga|_gl|cndid|esrc|usqp|amp_(js_v|gsa)
    | phpsessid|jsessionid
    """,
    re.VERBOSE,
)
# These carry meaning on some sites: they go only when their value says where the reader came from.
_CHANNEL_NAMES = frozenset(
    ("ref", "referer", "referrer", "source", "src", "from", "via", "mod", "share", "cid", "origin")
)
_CHANNELS = re.compile(
    r"(rss|feed|atom|twitter|tw|facebook|fb|instagram|linkedin|reddit|whatsapp|telegram|pinterest|tumblr|email|mail"
    r"|e-mail|newsletter|nl|push|social|google|googlenews|google-news|bing|yahoo|flipboard|applenews|apple-news|hp"
    r"|home|homepage|frontpage|share|sharing|t\.co|(twitter|facebook|google|bing|linkedin|reddit)\.com"
    r"|(rss|hp|homepage|home|newsletter|social|share|tw|fb)[_-][\w.-]+|rsswn)",
    re.IGNORECASE,
)
_AMP_NAMES = frozenset(("amp", "_amp", "isamp", "is_amp"))
_AMP_VALUE_NAMES = frozenset(("output", "outputtype", "mode", "format", "view", "type", "service", "alt"))

_CACHE_HOSTS = (".cdn.ampproject.org", ".ampproject.net", ".bing-amp.com")
_CACHE_PATH = re.compile(r"^/(?:[a-z]{1,2}/)?(s/)?([^/]+\.[^/]+)(/.*)?$", re.IGNORECASE)
_GOOGLE_AMP = re.compile(r"^(?:www\.)?google\.(?:[a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})$")
# Nearly all addresses are of this form: normalising them changes nothing that isn't looked at below.
_NORMAL = re.compile(
    r"https?://(?P<host>(?!xn--)[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?!xn--)[a-z0-9]+(?:-[a-z0-9]+)*)*\.[a-z]{2,63})"
    r"(?P<path>(?:/(?!\.)[a-z0-9_~,.:;@!$&'()*+=-]+)*/?)"
    r"(?:\?(?P<query>(?!&)(?:[a-z0-9_~,.:;@!$&'()*+=/?-]|%2[0-9a-f]|%3[0-9ac-f])*))?"
    r"(?:\#(?!!)[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_QUOTED = re.compile(r"[\w/:@!$'()*,;~.-]*", re.ASCII)  # nothing to decode or to encode, in a path or a query
_VARIANT_HOST = re.compile(r"(?:www|m|mobile|amp)\.([^.]+\..+)")
_PUBLIC_SUFFIX = re.compile(
    r"(co|com|org|net|gov|gob|gouv|ac|edu|or|ne|go)\.[a-z]{2}"
)  # m.co.uk is a name, co.uk is not
_MOBILE_LABEL = re.compile(r"^([^.]+\.)(?:m|mobile)\.(?=[^.]+\..)")  # en.m.wikipedia.org
_INDEX = re.compile(r"(index|default)\.(s?html?|php\d?|aspx?|jsp|cfm)", re.IGNORECASE)
_AMP_ENDING = re.compile(r"[./]amp(\.html?)?$", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_SESSION = re.compile(r";(jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_QUERY_SAFE = "/:@!$'()*,;?~-._[]|"

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u2e80-\U0010ffff]")
# The first of each pair tells soon, of nearly every headline, that the second has nothing to look for.
_PIPE = re.compile(r"[|•·¦»«]|::")
_PIPES = re.compile(r"\s+[|•·¦»«]\s+|\s+::\s+|\s*\|\s*")
_DASH = re.compile(r"\s[-–—]\s")
_DASHES = re.compile(r"^(.+\S)\s+[-–—]\s+(\S.*)$", re.DOTALL)
_MASTHEAD = re.compile(
    r"\b(news|newsroom|times|post|tribune|herald|journal|gazette|daily|guardian|reuters|ap|associated press|bbc|cnn|npr"
    r"|pbs|abc|nbc|cbs|fox|magazine|chronicle|observer|press|globe|bee|telegraph|independent|courier|dispatch|mirror"
    r"|politico|bloomberg|axios|wired|verge|gothamist|the hill|the city|today|weekly|radio|tv"
    r"|\w+\.(com|org|net|gov|edu|co|io|nyc))\b",
    re.IGNORECASE,
)
_MASTHEAD_WORDS = 5
_KEY_WORDS = 4  # fewer name a rubric or a subject, not a story
_APOSTROPHES = re.compile(r"['’‘ʼ`´](?<=\w.)(?=\w)")

REMEMBERED = 20_000  # addresses: one is asked for several times while its item passes through
_REMEMBERED_HOSTS = 4_096  # a source's entries are on one or two


@lru_cache(maxsize=REMEMBERED)
def canonical_url(url: str) -> str:
    """The identity of an address.

    Idempotent, and never raises: what is no http(s) address comes back as it is, trimmed.
    """
    current = url.strip()
    # What a step uncovers may be for an earlier one (an AMP cache of a mobile page): a few rounds settle it.
    for _ in range(4):
        following = _canonical_once(current)
        if following == current:
            break
        current = following
    return current


def untracked(url: str) -> str:
    """`url` without the parameters that only say how the reader came, and else as given: it leads where it led."""
    address, sign, fragment = url.partition("#")
    place, _, query = address.partition("?")
    fields = query.split("&")
    kept = [field for field in fields if not _TRACKER.fullmatch(field.partition("=")[0].removeprefix("amp;").lower())]
    if len(kept) == len(fields):
        return url
    return place + ("?" if kept else "") + "&".join(kept) + sign + fragment


def title_key(title: str, outlet: str | None = None) -> str:
    """The identity of a headline: its words in lower case, without accents, punctuation and the outlet's name.

    Empty where the headline is too short to tell one story from another.
    """
    key = _words(_without_outlet(title, outlet))
    # Scripts without spaces: two characters stand for a word.
    return key if key.count(" ") + 1 >= _KEY_WORDS or len(_WIDE.findall(key)) // 2 >= _KEY_WORDS else ""


def _canonical_once(url: str) -> str:
    if normal := _NORMAL.fullmatch(url):
        return _address(normal["host"].lower(), normal["path"], normal["query"] or "")
    if not url[:8].lower().startswith(("http://", "https://")):
        return url
    try:
        parts = urlsplit(url_normalize(url) or url)
        host, port, userinfo = parts.hostname or "", parts.port, parts.netloc.rpartition("@")[0]
    except ValueError:  # the standard library's and the IDNA codec's word for an impossible address
        return url
    if host.split() != [host]:
        return url
    return _address(host, parts.path, parts.query, port=port, userinfo=userinfo)


def _address(host: str, path: str, query: str, *, port: int | None = None, userinfo: str = "") -> str:
    unwrapped = _unwrapped(host, path)
    if unwrapped is not None:
        return f"{unwrapped}?{query}" if query else unwrapped
    authority = f"[{host}]" if ":" in host else _host(host)
    if port not in (None, 80, 443):
        authority += f":{port}"
    if userinfo:
        authority = f"{userinfo}@{authority}"
    kept = _query(query) if query else ""
    return f"https://{authority}{_path(path)}" + (f"?{kept}" if kept else "")


def _unwrapped(host: str, path: str) -> str | None:
    """The publisher's own address behind an AMP cache or viewer: `/c/s/HOST/PATH`, `/amp/s/HOST/PATH`."""
    if host.endswith(_CACHE_HOSTS):
        wrapped = _CACHE_PATH.match(path)
    elif _GOOGLE_AMP.match(host) and path.startswith("/amp/"):
        wrapped = _CACHE_PATH.match(path[len("/amp") :])
    else:
        return None
    return None if wrapped is None else f"https://{wrapped[2]}{wrapped[3] or '/'}"


@lru_cache(maxsize=_REMEMBERED_HOSTS)
def _host(host: str) -> str:
    name = host.rstrip(".")
    while variant := _VARIANT_HOST.match(name):
        if _PUBLIC_SUFFIX.fullmatch(variant[1]):
            break
        name = variant[1]
    return _MOBILE_LABEL.sub(r"\1", name)


def _path(path: str) -> str:
    path = _requoted(_SLASHES.sub("/", _SESSION.sub("", path)), _PATH_SAFE)
    folder, slash, name = path.rpartition("/")
    if _INDEX.fullmatch(name):
        path = folder + slash
    path = path.rstrip("/")
    if "amp" in path.lower():
        path = _without_amp(path)
    return path or "/"


def _without_amp(path: str) -> str:
    path = _AMP_ENDING.sub("", path) or path
    kept = [segment for segment in path.split("/") if segment.lower() != "amp"]
    return "/".join(kept) if any(kept) else path


def _query(query: str) -> str:
    pairs = []
    for field in query.replace("&amp;", "&").split("&"):
        name, _, value = field.replace("+", "%20").partition("=")
        name, value = _requoted(name, _QUERY_SAFE), _requoted(value, _QUERY_SAFE)
        if name and not _is_tracker(name.lower(), value.lower()):
            pairs.append((name, value))
    # By name only: the order of repeated values may mean something.
    pairs.sort(key=itemgetter(0))
    return "&".join(f"{name}={value}" if value else name for name, value in pairs)


def _requoted(text: str, safe: str) -> str:
    """A text with each character percent-encoded that is not `safe`, and no other."""
    return text if _QUOTED.fullmatch(text) else quote(unquote_to_bytes(text), safe=safe)


def _is_tracker(name: str, value: str) -> bool:
    if _TRACKER.fullmatch(name):
        return True
    if name in _AMP_NAMES:
        return value in ("", "1", "true", "yes", "amp")
    if name in _AMP_VALUE_NAMES:
        return value in ("amp", "amp-type")
    return name in _CHANNEL_NAMES and _CHANNELS.fullmatch(value) is not None


def _words(text: str) -> str:
    plain = _APOSTROPHES.sub("", text).casefold()
    if not plain.isascii():
        # A capital may come out of a letter that had no case: a mathematical A.
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(filterfalse(unicodedata.combining, plain))
    return " ".join(_LETTERS.findall(plain))


def _without_outlet(title: str, outlet: str | None) -> str:
    parts = _PIPES.split(title) if _PIPE.search(title) else [title]
    segments = [segment for segment in parts if _WORD.search(segment)]
    # “Opinion | Headline | Outlet”: rubrics and mastheads are short, and stand at the ends.
    while len(segments) > 1:
        edge = min((0, -1), key=lambda end: len(_WORD.findall(segments[end])))
        if len(_WORD.findall(segments[edge])) > _MASTHEAD_WORDS:
            break
        del segments[edge]
    headline = " | ".join(segments)
    dashed = _DASHES.match(headline) if _DASH.search(headline) else None
    if dashed and len(_WORD.findall(dashed[1])) >= _KEY_WORDS:
        ending = dashed[2]
        is_outlet = outlet is not None and _words(ending) == _words(outlet)
        if is_outlet or (len(_WORD.findall(ending)) <= _MASTHEAD_WORDS and _MASTHEAD.search(ending)):
            return dashed[1]
    return headline
