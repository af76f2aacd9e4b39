"""Cards in a terminal: readable at 80 columns, with colours and without."""

import io
import re
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from rich.console import Console

from bot.channels.terminal import TerminalChannel
from tests.bot.alerts import DIGEST, FAILING, NOW, POLICY, PUBLISHED, STORY, hostile_alerts, outgoing
from watchers.models import Alert, Outgoing, Teller

_EASTERN = timezone(timedelta(hours=-4), "EDT")


async def _printed(told: Outgoing, *, width: int = 80, coloured: bool = False) -> str:
    output = io.StringIO()
    console = Console(file=output, width=width, color_system="truecolor" if coloured else None, force_terminal=coloured)
    await TerminalChannel("desk", console=console, clock=lambda: NOW, timezone=_EASTERN).send(told)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines())


async def test_a_story_without_colours() -> None:
    assert await _printed(outgoing(replace(STORY, note="Only the feed’s own summary could be read."))) == (
        """\
New story ──────────────────────────────────────────────────────────────────────
Council bans live face recognition at Brixham market
The Harbour Ledger · 14 Mar 2031, 09:12 EDT (12 minutes ago)
https://ledger.example/2031/03/14/market-ban

  The borough council voted 31 to 14 on Tuesday to stop traders from running
  **face recognition** on shoppers at Brixham **market**.
  **Police** had asked for “live **facial recognition**” at the **market**’s
  three gates since January.

  Why     police-facial-recognition: **face recognition** (headline);
          **Police**, **facial recognition** (paragraph 3)
          markets: **market** (paragraph 3)
  First   The Harbour Ledger · 14 Mar 2031, 09:12 EDT (12 minutes ago)
  Copies  9: Coastal Wire 1, Coastal Wire 2, Coastal Wire 3, Coastal Wire 4,
          Coastal Wire 5, Coastal Wire 6 and 3 more
  Note    Only the feed’s own summary could be read.
  Ref     d-7f3a
"""
    )


async def test_the_first_has_its_address_where_it_is_another() -> None:
    earlier = Teller(outlet="Early Bird", url="https://early.example/a", published=PUBLISHED - timedelta(hours=1))
    shown = await _printed(outgoing(replace(STORY, copies=(earlier,))))
    assert shown.endswith(
        """\
  First  Early Bird · 14 Mar 2031, 08:12 EDT (1 hour ago)
         https://early.example/a
  Ref    d-7f3a
"""
    )
    shown = await _printed(outgoing(replace(STORY, copies=(earlier, *STORY.copies[:2]))))
    assert shown.endswith(
        """\
  First   Early Bird · 14 Mar 2031, 08:12 EDT (1 hour ago)
          https://early.example/a
  Copies  2: Coastal Wire 1, Coastal Wire 2
  Ref     d-7f3a
"""
    )


async def test_a_story_without_a_name_or_a_date_says_where_it_stands_and_since_when_it_is_known() -> None:
    told = replace(STORY, outlet=None, published=None, first_seen=PUBLISHED, copies=())
    assert (await _printed(outgoing(told))).splitlines()[2] == (
        "ledger.example · no date; first seen 14 Mar 2031, 09:12 EDT (12 minutes ago)"
    )


async def test_a_change_without_colours() -> None:
    changed = replace(POLICY, watches=(), published=None, since=PUBLISHED, until=PUBLISHED + timedelta(minutes=5))
    assert await _printed(outgoing(changed)) == (
        """\
Policy changed: 30 → 90 days ───────────────────────────────────────────────────
Facial recognition policy
Brixham Police · changed between 14 Mar 2031, 09:12 EDT and 14 Mar 2031, 09:17
EDT (7 minutes ago)
https://police.example/policies/facial-recognition

  4. Retention
  Images that match nobody are kept for ~~30~~ **90** days and then deleted,
  unless a supervisor asks for more time.

  5. Audit
  **An auditor reads the log every quarter.**

  Ref  d-7f3a
"""
    )


async def test_a_digest_lists_its_members_under_their_watches() -> None:
    assert await _printed(outgoing(DIGEST)) == (
        """\
Digest ─────────────────────────────────────────────────────────────────────────
5 alerts: police-facial-recognition 2, markets 1, policies 1, 1 more

  police-facial-recognition (2)
  • Council bans live face recognition at Brixham market
    The Harbour Ledger · 12 minutes ago · 9 copies · also markets
    https://ledger.example/2031/03/14/market-ban
  • Market traders sue over cameras
    The Harbour Ledger · 12 minutes ago · also markets
    https://a.example/2

  markets (1)
  • Night market returns
    The Harbour Ledger · 12 minutes ago
    https://ledger.example/2031/03/14/market-ban

  policies (1)
  • Facial recognition policy
    Policy changed: 30 → 90 days · Brixham Police · 12 minutes ago
    https://police.example/policies/facial-recognition

  Source failing (1)
  • harbour-ledger
    12 minutes ago
    https://ledger.example/feed

  Ref  d-7f3a
"""
    )


async def test_a_failing_source_says_why_and_since_when() -> None:
    assert await _printed(outgoing(FAILING, resent=True)) == (
        """\
Source failing ─────────────────────────────────────────────────────────────────
harbour-ledger
https://ledger.example/feed

  403 Forbidden.

  Began     14 Mar 2031, 09:12 EDT (12 minutes ago)
  Next try  14 Mar 2031, 10:04 EDT (in 40 minutes)
  Ref       d-7f3a · resent: the first may have arrived
"""
    )


async def test_colours_mark_the_words_without_signs() -> None:
    printed = await _printed(outgoing(), coloured=True)
    assert "**" not in printed
    assert re.search(r"\x1b\[[0-9;]*43[0-9;]*mface recognition\x1b\[0m", printed)


async def test_a_long_address_is_folded_and_never_shortened() -> None:
    url = "https://ledger.example/" + "a" * 200
    assert url in (await _printed(outgoing(replace(STORY, url=url)))).replace("\n", "")


async def test_the_address_of_the_first_is_folded_and_never_shortened() -> None:
    url = "https://early.example/" + "a" * 200
    earlier = Teller(outlet="Early Bird", url=url, published=PUBLISHED - timedelta(hours=1))
    assert url in re.sub(r"\n *", "", await _printed(outgoing(replace(STORY, copies=(earlier,)))))


async def test_rich_markup_of_a_stranger_is_text() -> None:
    assert "[red]Police[/red] [link=https://x.example]" in await _printed(
        outgoing(replace(STORY, title="[red]Police[/red] [link=https://x.example]"))
    )


@pytest.mark.parametrize("width", [20, 40, 300])
async def test_no_line_is_wider_than_the_console_or_a_hundred_columns(width: int) -> None:
    printed = await _printed(outgoing(), width=width)
    assert max(len(line) for line in printed.splitlines()) <= min(width, 100)


@given(alert=hostile_alerts)
@settings(max_examples=10)
async def test_no_terminal_code_of_a_stranger_is_printed(alert: Alert) -> None:
    printed = await _printed(outgoing(alert))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)
