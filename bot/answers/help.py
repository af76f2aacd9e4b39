"""The answers to `/help`: a page a topic, short enough for a phone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from discord import Embed

from bot.answers.reply import card
from bot.permissions import NEEDS, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A page: what its choice says, its lines, and parts under a name."""

    choice: str
    title: str
    lines: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()


BEFORE_SETUP: Final = Topic(
    choice="",
    title="Wiredesk is not set up here yet",
    lines=(
        "It reads news feeds and web pages, and posts what your watches ask for, each story once.",
        "",
        "**1** Someone with Manage Server runs `/desk setup`: the channel, and the role of those who edit.",
        "**2** An editor follows what you read: `/source add`",
        "**3** An editor says what to look for: `/watch add`",
        "",
        "Then `/help` says more.",
    ),
)

TOPICS: Final[Mapping[str, Topic]] = {
    "start": Topic(
        choice="Start here",
        title="Wiredesk in five commands",
        lines=(
            "`/source add` follows a feed or a page; you see what it shows before you save.",
            "`/watch add` says what to look for; you see what it would have sent in the last week.",
            "`/route set` says which watch or tag goes to which channel, when, and which role it calls.",
            "`/status` says what fails and what waits.",
            "`/story search` finds what was told.",
            "",
            "Only you see the answers.",
        ),
    ),
    "watches": Topic(
        choice="Watches and queries",
        title="Watches, and what a query may say",
        lines=(
            "`surveillance` the word, in headline or text",
            '`"face recognition"` these words in this order',
            "`camera*` words that begin so",
            "`drones AND police` both · `drones OR cameras` one of them",
            "`police AND NOT parade` the first without the second",
            "`(drones OR cameras) AND police` parentheses group",
            "`lawsuit NEAR/8 detective*` at most 8 words apart",
            "`@nypd` any name of the entity (`/entity add`)",
            "`title:budget` in the headline · `outlet:gothamist.com` · `lang:es`",
            "",
            "Case, accents and hyphens don't matter. Operators are written in capitals.",
        ),
        parts=(
            ("See what a watch would have sent", "`/watch test` · `/watch show` counts what was sent and dismissed"),
            ("Take back", "`/watch undo`: the last change of any watch"),
        ),
    ),
    "sources": Topic(
        choice="Sources",
        title="Sources: what is read",
        lines=(
            "`/source add` takes a feed, a sitemap or any page. Where a page links to feeds, it offers them.",
            "A page that is followed by itself is told when its words change.",
            "**every** how often; without, as often as it has news.",
            "**read** `all` its articles on their pages, those `matched` by the feed's words, or `never`.",
            "**tag** by which watches may choose their sources.",
            "",
            "`/source list` shows what fails, since when. `/source test` looks once and stores nothing.",
            "🟢 works · 🔴 fails or fell silent · ⚪ not asked yet · ⏸️ paused · 📄 the watch-list file's",
        ),
    ),
    "routes": Topic(
        choice="Routes",
        title="Routes: who is told, and when",
        lines=(
            "`/route set` leads a watch, or all watches with a tag, to a channel.",
            "**when** `now`, or gathered: `hourly`, `daily` (a digest).",
            "**role** is called once a story. Nobody else ever is.",
            "**quiet** hours as `22:00-07:00`: what comes then waits for one digest.",
            "",
            "`/route list` · `/route clear` · `/route test` posts a sample. `/digest now` shows what was told.",
        ),
    ),
    "alerts": Topic(
        choice="Alerts and their buttons",
        title="Alerts, and the buttons under them",
        lines=(
            "A story is posted once. Later copies of it edit the post and call nobody.",
            "**Why?** the sentences with the words that matched, and which watch asked.",
            "**Not relevant** says what was wrong; it is counted, see `/watch show`.",
            "**Mute…** one source for one watch, for a day; can be undone.",
            "**Add to known** you had it already: its copies are not told.",
            "",
            "By a message's menu (Apps): **Why this alert?** · **Add to known stories** · **Watch this link**",
            "`/story known` does the same for any address.",
        ),
    ),
    "permissions": Topic(
        choice="Who may do what",
        title="Who may do what",
        lines=(
            "It is checked at each command, button and form. What is done stands in `/desk audit`.",
            "Rows with 📄 come from the watch-list file: read-only until an editor adopts them.",
        ),
    ),
    "desk": Topic(
        choice="The desk itself",
        title="The desk: this server's own",
        lines=(
            "`/desk setup` the channel for notices, the editors' role, the time zone.",
            "`/desk export` the watch list as a file · `/desk import` one, after a preview (YAML, OPML, CSV).",
            "`/desk pause-all` alerts wait · `/desk resume-all` they go out.",
            "`/desk audit` who changed what · `/watch undo` takes back the last change of a watch.",
            "`/status` what fails and what waits.",
            "",
            "No other server sees anything of this desk.",
        ),
    ),
}

_RIGHTS: Final = {
    Right.MANAGE: "Who manages the server",
    Right.EDIT: "Editors (and who manages the server)",
    Right.SEE: "Everyone who sees the channel",
}


def topic(name: str, commands: Sequence[str]) -> Embed:
    """A page. `commands` are those that there are, by their words, for the page about permissions."""
    told = TOPICS[name]
    parts = told.parts if name != "permissions" else _permissions(commands)
    others = " · ".join(other for other in TOPICS if other != name)
    return card(told.title, told.lines, fields=parts, footer=f"/help topic: {others}")


def before_setup() -> Embed:
    """What to do on a server that is no desk yet."""
    return card(BEFORE_SETUP.title, BEFORE_SETUP.lines, tone="ask")


def _permissions(commands: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (who, _by_noun([command for command in commands if NEEDS[command] is right])) for right, who in _RIGHTS.items()
    )


def _by_noun(commands: Sequence[str]) -> str:
    """A line a noun: `/source` add · pause."""
    verbs: dict[str, list[str]] = {}
    for noun, _, verb in (command.partition(" ") for command in commands):
        verbs.setdefault(noun, []).append(verb)
    return "\n".join(f"`/{noun}` {' · '.join(words)}".rstrip() for noun, words in verbs.items())
