"""Anyone who asks anything: a person of one of two servers, what they may give for an option, what must hold then.

asker = Asker(both, both.left, "cy")
await asker.ask(asker.raw.slash(asker.actor, asker.room, command, given))      # checked: see `ask`
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import yaml
from discord.enums import AppCommandOptionType
from simcord.backend.models import Message
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot.commands import DRAFTS
from tests.bot.chat.asking_anything import Command, Pressable, Raw, Who
from tests.bot.chat.two_desks import COMMON, NAME, Both, Side
from watchers.storage.schema import desks

VERBS: Final = sorted({verb for drafted in DRAFTS.values() for verb in drafted.verbs})
TABLES: Final = ("watches", "entities", "follows", "channels", "stories", "audit", "drafts", "alerts")
CHOSEN: Final = TABLES[:5]  # those whose rows an option may name
MAY: Final = {"cy": 0, "ann": 1, "bo": 2}  # who reads, edits, manages the server
PINGS: Final = "@everyone <@&{role}> <@{user}> [x](https://evil.example)"


class Asker:
    """Someone in one of the servers, or in a direct message, who asks whatever they like."""

    def __init__(self, both: Both, side: Side, who: str, *, directly: bool = False) -> None:
        self.both, self.side, self.who, self.directly = both, side, who, directly
        member = getattr(side.server, who)
        self.actor: Who = member.user if directly else member
        self.room: ChannelHandle = member.user.dm_channel if directly else side.server.channel
        self.raw = Raw(both.room.env)

    async def ask(self, asking: Awaitable[InteractionResult], *, typed: object = "") -> InteractionResult:
        """Ask, and have everything checked that must hold whatever was asked."""
        self.side.typed |= self.both.marks_in(self.both.other(self.side), repr(typed))
        before = self.both.rows(self.side)
        result = await self.both.watched(self.side, asking)
        after = self.both.rows(self.side)
        changed = {table for table in before if before[table] != after[table]} - {"audit"}
        if self.directly or MAY[self.who] == 0:
            assert not changed, f"{self.who} only reads, and changed {changed}"
        elif MAY[self.who] == 1:
            assert _for_managers(before) == _for_managers(after), f"{self.who} doesn't manage the server"
        words = str(result.response.embeds[0].to_dict()) if result.response and result.response.embeds else ""
        assert "fault of Wiredesk" not in words, f"{asking} failed"
        if self.directly and result.response:
            assert "answers in servers only" in words
        return result

    def say(self, text: str = "lunch?", under: Pressable | None = None) -> Message:
        """A message of the bot's where the asker is, with whatever is to be pressed under it."""
        backend, components = self.both.room.env.backend, None if under is None else [under.component]
        return backend.create_message(self.room.id, backend.bot_user.id, text, components=components)


def _for_managers(rows: dict[str, list[tuple[Any, ...]]]) -> list[Any]:
    """What only who manages the server may change: where alerts go, and the desk's settings but its pause."""
    pause = desks.c.keys().index("posting")
    settings_of_it = [(*row[:pause], *row[pause + 1 :]) for row in rows["desks"]]
    return [rows["channels"], rows["tag_routes"], settings_of_it]


def numbers(both: Both, side: Side) -> dict[str, list[int]]:
    """The numbers of a desk's rows, by table."""
    return {table: both.ids(side, table) for table in TABLES}


def texts(both: Both, side: Side, option: str) -> list[str]:
    """What may be written into an option of text: what fits there first, then whatever comes to mind."""
    other = both.other(side)
    fits: dict[str, list[str]] = {
        "query": [f'"harbor {side.marks[1]}"', "regatta", f"@{side.marks[11]}", f"@{other.marks[11]}", "(("],
        "url": [both.web.url(COMMON), both.web.url("/page"), "http://10.0.0.1/"],
        "every": ["15m"],
        "quiet": ["22:00-07:00"],
        "timezone": ["Europe/Berlin"],
        "text": ["harbor", "regatta", *other.marks[:30]],
        "story": [f"#{row}" for row in (*both.ids(side, "stories"), *both.ids(other, "stories"))],
    }
    rows = [f"row:{row}" for table in CHOSEN for row in (*both.ids(side, table), *both.ids(other, table))]
    nasty = PINGS.format(role=side.server.editors.id, user=side.server.ann.id)
    return [
        *fits.get(option, [NAME]),
        *side.marks,
        *rows,
        *other.marks,
        nasty,
        side.server.channel.name or "",
        "all of it",
    ]


def files(both: Both, side: Side) -> list[tuple[str, bytes]]:
    """Watch lists to be handed over: of the desk's own, and of what is the other's."""
    made = []
    for each in (side, both.other(side)):
        mark, room, role = each.marks[18], each.server.channel.id, each.server.editors.id
        watch = {"query": f"@{each.marks[11]} OR tide", "routes": [{"channel": "there", "mention": str(role)}]}
        told = {"version": 1, "watches": {mark: watch}, "entities": {each.marks[11]: {"name": "Tide"}}}
        told["channels"] = {"there": {"kind": "discord", "id": str(room)}}
        made += [("given.yaml", yaml.safe_dump(told).encode())]
        made += [("given.yaml", yaml.safe_dump({"version": 1, "watches": {"tide": {"query": mark}}}).encode())]
    return made


def values(both: Both, side: Side, option: Any) -> list[Any]:
    """What may be given for an option, by its type. Raises KeyError for a type that nobody thought of."""
    if option.choices:
        return [choice.value for choice in option.choices]
    guilds = [each.server.guild for each in (side, both.other(side))]
    lowest, highest = (int(bound) if bound is not None else 1 for bound in (option.min_value, option.max_value))
    pools: dict[AppCommandOptionType, Callable[[], list[Any]]] = {
        AppCommandOptionType.string: lambda: [
            text for text in texts(both, side, option.name) if len(text) <= (option.max_value or 6000)
        ],
        AppCommandOptionType.integer: lambda: [lowest, highest],
        AppCommandOptionType.channel: lambda: [room for guild in guilds for room in guild.channels.values()],
        AppCommandOptionType.role: lambda: [role for guild in guilds for role in [*guild.roles.values()][::-1]],
        AppCommandOptionType.attachment: lambda: files(both, side),
    }
    return pools[option.type]()


def typed_of(given: dict[str, Any]) -> list[object]:
    """What is written by a command: its texts, its files, and the ids of what was chosen."""
    return [getattr(value, "id", value) for value in given.values()]


def completed(commands: dict[str, Command]) -> list[tuple[str, str]]:
    """Every option that offers something as people type, by its command."""
    return [(name, option.name) for name in commands for option in commands[name].parameters if option.autocomplete]
