"""The many ways in which feeds write a time → an aware datetime in UTC, or None. Nothing is invented.

Tried in turn: ISO 8601, RFC 822 with the zones that it doesn't know, then free forms by dateutil. A text that
doesn't name year, month and day is no date; a year before 1970 or after 2199 and the zero of the epoch are
programs' ways of saying "unset". A time without a zone is taken as UTC, as the formats have it.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from dateutil import parser as free_form

_LONGEST = 80
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T\s]+(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_NAMED_ZONE = re.compile(r"\s*\(?\b([A-Z]{1,5})\b\)?\s*$")
_EARLIEST = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_HOURS = {  # hours east of UTC
    zone: hours
    for hours, zones in {
        0: "Z UT UTC GMT WET",
        1: "BST CET MEZ WEST",
        2: "CEST EET MESZ SAST",
        3: "EEST MSK",
        5: "PKT",
        5.5: "IST",
        7: "WIB",
        8: "AWST HKT SGT",
        9: "JST KST",
        9.5: "ACST",
        10: "AEST",
        11: "AEDT",
        12: "NZST",
        13: "NZDT",
        -3: "ADT ART BRT",
        -3.5: "NST",
        -4: "AST EDT",
        -5: "CDT EST ET",
        -6: "CST CT MDT",
        -7: "MST MT PDT",
        -8: "AKDT PST PT",
        -9: "AKST",
        -10: "HST",
    }.items()
    for zone in zones.split()
}


def parse_date(text: str | None) -> datetime | None:
    """The moment that a feed's date text names, in UTC, or None where it names none that can be."""
    text = " ".join((text or "")[: _LONGEST * 2].split())
    if not any(character.isdigit() for character in text) or len(text) > _LONGEST:
        return None
    for read in (_iso, _mail, _free):
        try:
            moment = read(text)
            if moment is not None:
                moment = moment.astimezone(UTC)
                return moment if _EARLIEST <= moment < _LATEST else None
        except (ValueError, OverflowError):
            continue
    return None


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    midnight_after = hour == "24"
    moment = datetime(
        int(year),
        int(month),
        int(day),
        0 if midnight_after else int(hour or 0),
        int(minute or 0),
        min(int(second or 0), 59),  # a leap second
        int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=_offset(zone),
    )
    return moment + timedelta(days=1) if midnight_after else moment


def _offset(zone: str | None) -> timezone:
    if not zone or zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if zone[0] == "-" else span)


def _mail(text: str) -> datetime | None:
    text, zone = _zone_named(text)
    fields = parsedate_tz(text)
    if fields is None or fields[1] == 0:
        return None
    seconds = fields[9]
    moment = datetime(*fields[:5], min(fields[5], 59), tzinfo=UTC)
    return moment - timedelta(hours=zone) - timedelta(seconds=0 if zone else seconds or 0)


def _free(text: str) -> datetime | None:
    text, zone = _zone_named(text)
    # What the text doesn't say, dateutil takes from its default: two defaults tell what was said.
    first, second = (
        free_form.parse(text, default=datetime(year, month, day, tzinfo=UTC), ignoretz=False)
        for year, month, day in ((2001, 1, 1), (2002, 2, 2))
    )
    return first - timedelta(hours=zone) if first == second else None


def _zone_named(text: str) -> tuple[str, float]:
    """The text without a zone's name at its end, and the zone in hours east of UTC (0: none or UTC)."""
    found = _NAMED_ZONE.search(text)
    if not found or found.group(1) not in _HOURS:
        return text, 0
    return text[: found.start()], _HOURS[found.group(1)]
