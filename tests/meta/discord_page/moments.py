"""Times as Discord's clients write them, in English, on the clock of whoever looks.

The relative forms round as those clients do: 45 minutes are “an hour”, 22 hours “a day”.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Up to so many of a unit (in seconds) it is told in that unit; one of it has a wording of its own.
_STEPS: Final = (
    (1, 44.5, "1 second", "{} seconds"),
    (60, 44.5, "a minute", "{} minutes"),
    (3600, 21.5, "an hour", "{} hours"),
    (86400, 25.5, "a day", "{} days"),
    (2629800, 10.5, "a month", "{} months"),
    (31557600, float("inf"), "a year", "{} years"),
)


def moment_at(seconds: int) -> datetime | None:
    """The moment so many seconds after the epoch; None if no calendar has it."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


def relative(moment: datetime, now: datetime) -> str:
    """How far `moment` is from `now`: “12 minutes ago”, “in an hour”."""
    seconds = (now - moment).total_seconds()
    distance = abs(seconds)
    size, _, one, many = next(step for step in _STEPS if distance / step[0] < step[1])
    count = max(1, round(distance / size))
    words = (one if count == 1 else many).format(count)
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def styled(moment: datetime, style: str, now: datetime) -> str:
    """`moment` in one of the styles of `<t:…:style>`, on the clock of `now`; without a style it is `f`."""
    local = moment.astimezone(now.tzinfo)
    day = f"{local.day} {local:%B} {local.year:04}"
    forms = {
        "t": f"{local:%H:%M}",
        "T": f"{local:%H:%M:%S}",
        "d": f"{local:%d/%m/}{local.year:04}",
        "D": day,
        "F": f"{local:%A} {day} {local:%H:%M}",
    }
    if style == "R":
        return relative(moment, now)
    return forms.get(style, f"{day} {local:%H:%M}")


def beside_name(moment: datetime, now: datetime) -> str:
    """`moment` as beside an author's name or in an embed's footer."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days in {0, 1}:
        return f"{'Yesterday' if days else 'Today'} at {local:%H:%M}"
    return f"{local:%d/%m/}{local.year:04}, {local:%H:%M}"
