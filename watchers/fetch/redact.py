"""Taking secrets out of addresses before a person or a log sees them.

`redact_url` for one address, `redact_text` for a line that may hold some. Both take any text, never fail, and leave
what they have already cleaned as it is. For http addresses what is secret is known by its place: user information,
parameters with telling names, the path of a webhook. Other schemes (a chat's own) are all secret but their name.
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

HIDDEN: Final = "***"
START: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,30}:)?//(?P<authority>[^/?#]*)", re.IGNORECASE)
REST: Final = re.compile(r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?", re.DOTALL)
ADDRESS_IN_TEXT: Final = re.compile(r"[a-z][a-z0-9+.-]{0,30}://[^\s<>\"'`]+", re.IGNORECASE)
WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
# Addresses that we write ourselves to say how one is written.
EXAMPLES: Final = frozenset({"sqlite:///FILE", "postgresql://USER:PASSWORD@HOST/NAME"})
OPEN_SCHEMES: Final = frozenset({"http:", "https:", "ws:", "wss:", "ftp:", "ftps:", ""})

# A parameter is secret if one of the words of its name is here …
SECRET_WORDS: Final = frozenset(
    {
        "auth", "authorization", "bearer", "code", "credential", "credentials", "hmac", "jwt", "key", "nonce",
        "oauth", "otp", "pass", "passcode", "passphrase", "pin", "pwd", "pw", "sas", "session", "sessionid", "sid",
        "sig", "ticket",
    }
)  # fmt: skip
# … or if one of these stands anywhere in it, its words run together.
SECRET_STEMS: Final = (
    "token", "secret", "signature", "passw", "apikey", "authkey", "privatekey", "accesskey", "licensekey",
    "credential", "jsessionid", "phpsessid",
)  # fmt: skip

# Paths whose ends are as good as a password: Discord, Slack, Telegram, Mattermost and its kin, Teams.
SECRET_PATHS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(/webhooks/[^/]*/)[^/]+",
        r"(/(?:services|workflows|triggers)/)T\w*/.*",
        r"(/bot)\d+:[^/]+",
        r"(/hooks/)[^/]+.*",
        r"(/webhookb2/).+",
    )
)


@lru_cache(maxsize=10_000)  # lists of sources ask for the same addresses again and again
def redact_url(url: str) -> str:
    """Replace the secrets of an address by `***`; everything else stays as it is, letter for letter."""
    return _redact(url, depth=2)


def redact_text(text: str) -> str:
    """Do the same for every address within a text."""
    return ADDRESS_IN_TEXT.sub(lambda found: found[0] if found[0] in EXAMPLES else redact_url(found[0]), text)


def _redact(url: str, depth: int) -> str:
    start = START.search(url.partition("?")[0])
    if start is None:
        return _redact_rest(url, depth)
    scheme = start["scheme"] or ""
    before = url[: start.start()] + scheme + "//"
    if scheme.lower() not in OPEN_SCHEMES:
        return before + HIDDEN
    _, at, place = start["authority"].rpartition("@")
    return before + (f"{HIDDEN}@{place}" if at else place) + _redact_rest(url[start.end() :], depth)


def _redact_rest(rest: str, depth: int) -> str:
    """Path, query and fragment."""
    parts = REST.fullmatch(rest)
    if parts is None:
        return HIDDEN
    query, fragment = parts["query"] or "", parts["fragment"] or ""
    return _redact_path(parts["path"]) + _redact_parameters(query, depth) + _redact_parameters(fragment, depth)


def _redact_path(path: str) -> str:
    for pattern in SECRET_PATHS:
        path = pattern.sub(rf"\1{HIDDEN}", path)
    return path


def _redact_parameters(text: str, depth: int) -> str:
    """`?a=1&token=2` or `#a=1&token=2`, with its mark."""
    pieces = re.split(r"([&;])", text[1:])
    return text[:1] + "".join(_redact_parameter(piece, depth) for piece in pieces)


def _redact_parameter(piece: str, depth: int) -> str:
    name, equals, value = piece.partition("=")
    if not value:
        return piece
    if _is_secret(unquote(name)):
        return f"{name}{equals}{HIDDEN}"
    plain = unquote(value)
    if depth and "//" in plain:
        cleaned = _redact(plain, depth - 1)
        return piece if cleaned == plain else f"{name}{equals}{quote(cleaned, safe='*')}"
    return piece


def _is_secret(name: str) -> bool:
    together = re.sub(r"[^a-z0-9]", "", name.lower())
    words = {word.lower() for word in WORD.findall(name)}
    return bool(words & SECRET_WORDS) or any(stem in together for stem in SECRET_STEMS)
