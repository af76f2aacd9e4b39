"""Bytes of unknown or false charset → UTF-8 that an XML parser can trust.

    body + Content-Type ─to_utf8→ UTF-8 without BOM, declaration or control characters, and what was lost

Everything behind this module sees UTF-8 alone: entries can be split as bytes, and the feed parser never guesses.
Valid UTF-8 wins over a declared single-byte charset, for no real text in one of those is valid UTF-8 by
accident. One bad byte must not turn a whole UTF-8 feed into mojibake, so it is replaced, and said.
"""

import codecs
import re
import sys

_DECLARATION = re.compile(rb"\s*<\?xml\b[^>]*?>")
_DECLARED = re.compile(rb"""encoding\s*=\s*["']\s*([\w.:-]+)""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_LONGEST_CODE = 8  # digits; more are beyond every character
_IMPOSSIBLE = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = (*(code for code in range(32) if code not in b"\t\n\r"), 0x7F)
# References to characters that no XML may hold; the parsers refuse the entry, or the whole feed, for one of them.
_REFERENCE = re.compile(
    rb"&#(?:0*([0-8]|1[124-9]|2\d|3[01]|5[5-7]\d{3}|[1-9]\d{6,})"
    rb"|[xX]0*([0-8bcefBCEF]|1[\da-fA-F]|[dD][89a-fA-F][\da-fA-F]{2}|[fF]{3}[ef]|[\da-fA-F]{6,}));"
)
_MARKS = (  # the longer marks first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),  # no mark, yet plainly so
    (b"\x00<", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
)
# What publishers write, and the larger set that they mean (as browsers read them).
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-8": "cp1255",
}
_MULTIBYTE = ("gb18030", "cp932", "cp949", "big5", "euc", "iso2022", "hz", "utf-7", "johab", "utf-16", "utf-32")


def to_utf8(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """The body as UTF-8, and a note of what had to be changed (None: nothing was lost).

    A byte order mark, the XML declaration, leading white space and control characters are gone from it.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            text, note = _decoded(body.removeprefix(mark) if mark[:1] in b"\xef\xff\xfe" else body, name)
            break
    else:
        text, note = _guessed(body, _declared(body, content_type))
    cleaned = text
    if any(control in text for control in _CONTROLS):
        cleaned = text.translate(None, bytes(_CONTROLS))
        note = joined_notes(note, f"{len(text) - len(cleaned)} control characters removed")
    sound = _REFERENCE.sub(_sound_reference, cleaned)
    if len(sound) != len(cleaned):
        note = joined_notes(note, "references to impossible characters removed")
        cleaned = sound
    declaration = _DECLARATION.match(cleaned)
    return cleaned[declaration.end() if declaration else 0 :].lstrip(), note


def joined_notes(*notes: str | None) -> str | None:
    """Several notes of loss as one line, or None."""
    return "; ".join(note for note in notes if note) or None


def _sound_reference(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = found.groups()
    code = int((decimal or hexadecimal)[:_LONGEST_CODE], 10 if decimal else 16)
    is_sound = code <= sys.maxunicode and not _IMPOSSIBLE.match(chr(code))
    return found.group() if is_sound else b""


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The charset that the document claims, by Python's name; the document's own word goes before the header's."""
    names = []
    if declaration := _DECLARATION.match(body[:1000]):
        names += [name.decode("ascii", "replace") for name in _DECLARED.findall(declaration.group())]
    names += _CHARSET.findall(content_type or "")
    for name in names:
        try:
            known = codecs.lookup(name)
        except LookupError:
            continue
        if known._is_text_encoding:  # noqa: SLF001 - the only way to tell rot13 and zip from charsets
            return _MEANT.get(known.name, known.name)
    return None


def _guessed(body: bytes, declared: str | None) -> tuple[bytes, str | None]:
    if declared and declared.startswith(_MULTIBYTE):
        try:
            return body.decode(declared).encode("utf-8", "replace"), None
        except UnicodeDecodeError:
            pass  # a false claim: judged by what it is
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _salvaged(body, declared)
    if declared and declared != "utf-8" and not body.isascii():
        return body, f"declares {declared}, is UTF-8"
    return body, None


def _salvaged(body: bytes, declared: str | None) -> tuple[bytes, str | None]:
    """What is no valid UTF-8: its declared charset, else UTF-8 with few bad bytes, else windows-1252."""
    if declared and declared != "utf-8" and not declared.startswith(_MULTIBYTE):
        return _decoded(body, declared)
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    if declared and declared.startswith(_MULTIBYTE) and good <= bad:
        return _decoded(body, declared)
    if good > bad:
        return text.encode(), f"{bad} bytes that are no UTF-8 replaced"
    claim = f"declares {declared}" if declared else "declares no charset"
    return body.decode("cp1252", "replace").encode(), f"{claim}, read as windows-1252"


def _decoded(body: bytes, name: str) -> tuple[bytes, str | None]:
    text = body.decode(name, "replace")
    bad = text.count("\ufffd")
    return text.encode("utf-8", "replace"), f"{bad} bytes that are no {name} replaced" if bad else None
