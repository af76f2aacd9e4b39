"""Application commands as synced: the routes, Discord's rules for them, and finding one as a person would.

`find` takes what is typed ("watch add") apart into the command, the path of subcommands and the options there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.discord.errors import Refused
from tests.fakes.discord.front import Call, Reply, Route
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.world import Json, World

CHAT, USER_MENU, MESSAGE_MENU = 1, 2, 3
_GROUPS = (1, 2)  # option types that hold options: subcommand, group
_NAME = re.compile(r"[-_'\w]{1,32}")
_CHARACTERS = 8000


@dataclass(frozen=True)
class Found:
    """`steps` are the (type, name) of group and subcommand; `options` the definitions of what may be filled in."""

    command: Json
    steps: tuple[tuple[int, str], ...]
    options: dict[str, Json]


@dataclass
class Commands:
    """`syncs` counts the bulk overwrites. Global commands are under None, a guild's own under its id."""

    world: World
    application_id: str
    syncs: int = 0
    _synced: dict[str | None, list[Json]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        everywhere = "/applications/{application_id}/commands"
        guild = "/applications/{application_id}/guilds/{guild_id}/commands"
        return [
            Route("GET", everywhere, self.listed),
            Route("PUT", everywhere, self.overwrite),
            Route("GET", guild, self.listed),
            Route("PUT", guild, self.overwrite),
        ]

    def synced(self, guild_id: str | None) -> list[Json]:
        return self._synced.get(guild_id, [])

    def listed(self, call: Call) -> Reply:
        return 200, self.synced(self._where(call))

    def overwrite(self, call: Call) -> Reply:
        where = self._where(call)
        if not isinstance(call.body, list):
            raise Refused(50109)
        faults = list(_faults(call.body))
        if faults:
            raise Refused(50035, faults)
        if sum(one.get("type", CHAT) == CHAT for one in call.body) > 100:
            raise Refused(30032)
        before = {(one["type"], one["name"]): one["id"] for one in self.synced(where)}
        self._synced[where] = [self._kept(one, where, before) for one in call.body]
        self.syncs += 1
        return 200, self._synced[where]

    def _where(self, call: Call) -> str | None:
        if call.path["application_id"] != self.application_id:
            raise Refused(50001)
        where = call.path.get("guild_id")
        if where is not None and not (where in self.world.guilds and self.world.guilds[where].has_bot):
            raise Refused(50001)
        return where

    def _kept(self, sent: Json, where: str | None, before: dict[tuple[int, str], str]) -> Json:
        kind = sent.get("type") or CHAT
        powers = sent.get("default_member_permissions")
        kept = {name: value for name, value in sent.items() if value is not None and name != "options"}
        kept |= {
            "id": before.get((kind, sent["name"])) or self.world.new_id(),
            "application_id": self.application_id,
            "version": self.world.new_id(),
            "type": kind,
            "description": sent.get("description") or "",
            "default_member_permissions": None if powers is None else str(powers),
        }
        if sent.get("options"):
            kept["options"] = [_option(one) for one in sent["options"]]
        return kept | ({"guild_id": where} if where else {})

    def find(self, guild: Guild | None, typed: str, kind: int = CHAT) -> Found:
        """AssertionError, with what there is, unless exactly this command is offered here."""
        name, *rest = typed.split() if kind == CHAT else [typed]
        offered = [*(self.synced(guild.id) if guild else ()), *self.synced(None)]
        command = next((one for one in offered if one["name"] == name and one["type"] == kind), None)
        if command is None:
            raise AssertionError(f"no command {typed!r} is synced here, only {sorted(one['name'] for one in offered)}")
        if guild is None and not _in_direct_messages(command):
            raise AssertionError(f"{typed!r} is not offered in direct messages")
        steps: list[tuple[int, str]] = []
        level: Json = command
        for word in rest:
            inner = {one["name"]: one for one in level.get("options", ()) if one["type"] in _GROUPS}
            if word not in inner:
                raise AssertionError(f"{typed!r}: there is no {word!r}, only {sorted(inner)}")
            level = inner[word]
            steps.append((level["type"], word))
        options = {one["name"]: one for one in level.get("options", ())}
        if further := sorted(name for name, one in options.items() if one["type"] in _GROUPS):
            raise AssertionError(f"{typed!r} is not a command yet: one of {further} has to follow")
        return Found(command, tuple(steps), options)


def _in_direct_messages(command: Json) -> bool:
    contexts = command.get("contexts")
    return command.get("dm_permission") is not False if contexts is None else 1 in contexts


def _option(option: Json) -> Json:
    kept = {name: value for name, value in option.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_option(one) for one in kept["options"]]
    return kept


def _faults(commands: list[Json]) -> Iterator[tuple[str, str]]:
    seen = set()
    for index, command in enumerate(commands):
        key = (command.get("type") or CHAT, command["name"])
        if key in seen:
            yield f"{index}.name", "Application command names must be unique"
        seen.add(key)
        if key[0] != CHAT:
            continue
        if _characters(command) > _CHARACTERS:
            yield str(index), f"Command exceeds maximum size ({_CHARACTERS})"
        yield from _faults_of_names(command, str(index))


def _faults_of_names(holder: Json, where: str) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(holder["name"]) or holder["name"] != holder["name"].lower():
        yield f"{where}.name", "Command name is invalid"
    if not 1 <= len(holder.get("description") or "") <= 100:
        yield f"{where}.description", "Must be between 1 and 100 in length."
    options = holder.get("options") or ()
    names = [one["name"] for one in options]
    if len(set(names)) < len(names):
        yield f"{where}.options", "Option names must be unique"
    needed = [bool(one.get("required")) for one in options]
    if needed != sorted(needed, reverse=True):
        yield f"{where}.options", "Required options must be placed before non-required options"
    for index, one in enumerate(options):
        if one.get("autocomplete") and one.get("choices"):
            yield f"{where}.options.{index}", "Autocomplete cannot be used with choices"
        yield from _faults_of_names(one, f"{where}.options.{index}")


def _characters(holder: Json) -> int:
    """Names, descriptions and choices of the command and everything in it."""
    own = len(holder["name"]) + len(holder.get("description") or "")
    choices = sum(len(one["name"]) + len(str(one["value"])) for one in holder.get("choices") or ())
    return own + choices + sum(_characters(one) for one in holder.get("options") or ())
