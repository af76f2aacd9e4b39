"""The many ways in which feeds write a time → an aware datetime in UTC, or None. Nothing is invented.

Tried in turn: ISO 8601, RFC 822 with the zones that it doesn't know, then free forms by dateutil. A text that
doesn't name year, month and day is no date; a year before 1970 or after 2199 and the zero of the epoch are
programs' ways of saying "unset". A time without a zone, or with one that nobody knows, is taken as UTC.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser as free_form

_LONGEST = 80
_ISO = re.compile(
    r"(\d{4,})-?(\d\d)-?(\d\d)"
    r"(?:[T\s]+(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:[^\W\d]{2,9}\.?,?\s*)?(\d{1,2})[\s-]([A-Za-z]{3})[a-z]{0,6}\.?,?[\s-](\d+),?"
    r"(?:\s(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(?:([+-]\d\d):?(\d\d)|([A-Za-z]{1,5}))?(?:\s*\([^)]*\))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FOUR_DIGIT_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_CENTURY = 50  # two digits below it are of this century, as RFC 2822 has it
_EARLIEST = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ZONES = {  # by hours east of UTC
    zone: timezone(timedelta(hours=hours))
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
    if len(text) > _LONGEST:
        return None
    try:
        if found := _MAIL.fullmatch(text):
            moment = _mail(found)
        elif found := _ISO.fullmatch(text):
            moment = _iso(found)
        else:
            moment = _free(text)
        moment = moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):  # a 31st of February, a year 99999
        return None
    return moment if moment and _EARLIEST <= moment < _LATEST else None


def _iso(found: re.Match[str]) -> datetime:
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
        tzinfo=_offset(zone[:3], zone[3:].lstrip(":")) if zone and zone[0] in "+-" else UTC,
    )
    return moment + timedelta(days=1) if midnight_after else moment


def _mail(found: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, zone_hours, zone_minutes, zone = found.groups()
    if month.lower() not in _MONTHS or len(year) not in {2, 4}:
        return None
    full_year = int(year) if len(year) == len("2000") else int(year) + (2000 if int(year) < _CENTURY else 1900)
    return datetime(
        full_year,
        _MONTHS.index(month.lower()) + 1,
        int(day),
        int(hour or 0),
        int(minute or 0),
        min(int(second or 0), 59),
        tzinfo=_offset(zone_hours, zone_minutes) if zone_hours else _named(zone),
    )


def _free(text: str) -> datetime | None:
    if not _FOUR_DIGIT_YEAR.search(text):
        return None
    # What the text doesn't say, dateutil takes from its default: two defaults tell what was said.
    first, second = (
        free_form.parse(text, default=datetime(year, month, day, tzinfo=UTC), tzinfos=_zone_of)
        for year, month, day in ((2001, 1, 1), (2002, 2, 2))
    )
    return first if first == second else None


def _offset(hours: str, minutes: str) -> timezone:
    span = timedelta(hours=int(hours[1:]), minutes=int(minutes or 0))
    return timezone(-span if hours[0] == "-" else span)


def _named(zone: str | None) -> timezone:
    return _ZONES.get((zone or "").upper(), UTC)


def _zone_of(name: str | None, seconds: int | None) -> timezone:
    """Dateutil's question: the zone of a name, or of a number of seconds east of UTC."""
    return _named(name) if seconds is None else timezone(timedelta(seconds=seconds))
