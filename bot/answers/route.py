"""Answers about routes: what comes to a channel, where a watch or a tag leads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from discord import Embed

from bot.answers import watch as watches
from bot.answers.reply import Reply, card, said
from bot.cards.words import counted
from bot.nouns import Line
from watchers.storage.brought import Leads
from watchers.storage.names import DeskNames, NamedChannel

_NAMED = 4  # watches and tags of one manner that a list names
_NAMED_WHOLE = 40


def line(channel: NamedChannel, leads: Sequence[Leads], desk: DeskNames) -> Line:
    """A channel in the list, with what comes there."""
    come = _comes(leads, _NAMED)
    if channel.name == desk.admin_channel:
        come.append("notices of the desk")
    text = "".join(f"\n  - {each}" for each in come) or "\n  - nothing"
    return Line(
        id=channel.id,
        text=f"- {watches.place(channel)}{text}",
        label=f"#{channel.name}" if channel.chat_id is not None else channel.name,
        hint=f"{counted(len(leads), 'route')}" if leads else "no routes",
    )


def of_channel(channel: NamedChannel, leads: Sequence[Leads], desk: DeskNames) -> Embed:
    """All that comes to a channel."""
    come = [f"- {each}" for each in _comes(leads, _NAMED_WHOLE)]
    if channel.name == desk.admin_channel:
        come.append("- notices of the desk: sources that fail, and what else its editors should know")
    name = f"#{channel.name}" if channel.chat_id is not None else channel.name
    nothing = "Nothing comes here. Lead a watch or a tag here by `/route set`."
    return card(f"What comes to {said(name)}", [watches.place(channel), *(come or [nothing])])


def _comes(leads: Iterable[Leads], most: int) -> list[str]:
    """Watches and tags by the manner in which they come, a line each."""
    by_manner: dict[str, list[str]] = defaultdict(list)
    for each in leads:
        name = f"**{said(each.watch)}**" if each.watch is not None else f"tag **{said(each.tag)}**"
        by_manner[watches.manner(each.when, each.mention, each.quiet)].append(name)
    return [
        f"{', '.join(names[:most])}{f' and {len(names) - most} more' if len(names) > most else ''}: {manner}"
        for manner, names in by_manner.items()
    ]


def of_watch(name: str, leads: Sequence[Leads], desk: DeskNames, warnings: Sequence[str]) -> Embed:
    """Where a watch leads."""
    lines = [f"- {watches.lead(each, desk)}" for each in leads]
    return _led(f"Where {said(name)} goes", lines, warnings)


def of_tag(tag: str, leads: Sequence[Leads], having: Sequence[str], desk: DeskNames, warnings: Sequence[str]) -> Embed:
    """Where a tag leads. `having`: the watches that have it."""
    names = ", ".join(said(name) for name in having[:_NAMED_WHOLE])
    more = f" and {len(having) - _NAMED_WHOLE} more" if len(having) > _NAMED_WHOLE else ""
    watching = f"{names}{more}" or "none yet: give it to one by `/watch edit`"
    lines = [
        f"- {watches.channel(each.channel_id, desk)} {watches.manner(each.when, each.mention, each.quiet)}"
        for each in leads
    ]
    return _led(f"Where the tag {said(tag)} goes", lines, warnings, fields=(("Watches that have it", watching),))


def _led(
    title: str,
    lines: Sequence[str],
    warnings: Sequence[str],
    *,
    fields: tuple[tuple[str, str], ...] = (),
) -> Embed:
    return card(
        title,
        lines or "Nowhere any more.",
        fields=(("Mind", "\n".join(f"- {warning}" for warning in warnings)), *fields),
        tone="ask" if warnings else "good",
    )


def tested(channel: NamedChannel, warnings: Sequence[str], *, waits: bool) -> Reply:
    """A test alert is on its way."""
    lines = [f"A test alert is on its way to <#{channel.chat_id}>: look there in a minute."]
    if waits:
        lines = [f"A test alert waits for <#{channel.chat_id}>: all alerts are paused until `/desk resume-all`."]
    lines.append("If it doesn't come: `/status` shows what waits and what failed.")
    mind = "\n".join(f"- {warning}" for warning in warnings)
    return Reply(embed=card("Test alert", lines, fields=(("Mind", mind),), tone="ask" if warnings or waits else "good"))
