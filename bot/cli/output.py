"""How commands answer: JSON Lines with `--json`, else tables and cards, on standard output; the rest to the other."""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cards.text import clean
from watchers.delivery import Delivered

# What programs take for an end of line, and what UTF-8 can't hold; JSON writes both as escapes.
_NOT_IN_A_LINE = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def answer_console(*, as_json: bool) -> Console:
    """Where cards and tables go: standard output, or standard error beside JSON Lines."""
    return Console(stderr=as_json, highlight=False)


def emit(line: Mapping[str, Any]) -> None:
    """Print one JSON line, whole and at once."""
    # While a progress bar or a status is shown on a terminal, Rich puts itself between us and standard output.
    out = getattr(sys.stdout, "rich_proxied_file", sys.stdout)
    out.write(_NOT_IN_A_LINE.sub(_escaped, json.dumps(line, ensure_ascii=False)) + "\n")
    out.flush()


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def rfc3339(moment: datetime | None) -> str | None:
    """A time as the JSON lines give it: UTC, with Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def delivered_line(delivered: Delivered) -> dict[str, Any]:
    """A delivery as its JSON line."""
    alert = delivered.alert
    return {
        "event": "delivered",
        "kind": alert.kind.value,
        "alert": alert.key,
        "channel": delivered.channel,
        "story": alert.story,
        "watches": list(alert.watches),
        "title": alert.title,
        "url": alert.url,
        "outlet": alert.outlet,
        "published": rfc3339(alert.published),
        "summary": list(alert.summary),
        "why": [
            {"watch": why.watch, "term": why.term, "field": why.field, "paragraph": why.paragraph, "text": why.text}
            for why in alert.why
        ],
        "alerts": [member.key for member in alert.members] if alert.members else None,
    }


def teller(*, as_json: bool) -> Callable[[Delivered], None]:
    """Who hears of each delivery: the JSON lines, or nobody, since the card was the answer."""

    def tell(delivered: Delivered) -> None:
        if as_json:
            emit(delivered_line(delivered))

    return tell


def table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print a table; foreign words are visible text, never markup or terminal codes."""
    if not rows:
        console.print(Text(empty))
        return
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold", no_wrap=column in {"ref", "at", "since"})
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else clean(str(cell))) for cell in row))
    console.print(drawn)
