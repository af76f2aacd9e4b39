"""Asking as a client of somebody's own may: any command, option value, button, menu or form, of whatever ids.

    Raw(env).slash(who, room, command, {"name": "row:7"})
    Raw(env).press(who, room, message, Pressable("wd:row:watch:test:7"))

Discord's own checks (of what was offered, of whose channel it is) are passed over: what holds here holds without them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import app_commands
from discord.enums import AppCommandOptionType, ComponentType, InteractionType
from simcord.actors import MemberActor, _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.backend.models import Message
from simcord.builders import ChannelHandle, UserHandle
from simcord.env import Env
from simcord.interactions import store_interaction_attachment
from simcord.results import InteractionResult

from bot.commands import NOUNS
from watchers.storage.feedback import Reason

Who = MemberActor | UserHandle
Command = app_commands.Command[Any, Any, Any]
Given = Mapping[str, Any]
_MENU: Final = ComponentType.select.value
_BUTTON: Final = ComponentType.button.value


def commands_of(client: discord.Client) -> dict[str, Command]:
    """Every slash command of the program, by its name."""
    tree: Any = client.tree  # type: ignore[attr-defined]  # DeskClient has it
    return {each.qualified_name: each for each in tree.walk_commands() if isinstance(each, app_commands.Command)}


def menus_of(client: discord.Client) -> list[str]:
    """Every menu of a message."""
    tree: Any = client.tree  # type: ignore[attr-defined]  # as above
    return [menu.name for menu in tree.get_commands(type=discord.AppCommandType.message)]


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, or an option of a menu."""

    custom_id: str
    value: str | None = None

    @property
    def component(self) -> dict[str, Any]:
        """It, alone under a message."""
        item: dict[str, Any] = {"type": _BUTTON, "style": 2, "label": "Forged", "custom_id": self.custom_id}
        if self.value is not None:
            option = {"label": "Forged", "value": self.value}
            item = {"type": _MENU, "custom_id": self.custom_id, "options": [option]}
        return {"type": ComponentType.action_row.value, "components": [item]}


def pressables(components: Iterable[Mapping[str, Any]]) -> list[Pressable]:
    """What can be pressed under a message."""
    found = []
    for component in (inner for row in components for inner in row.get("components", ())):
        if component["type"] == _MENU:
            found += [Pressable(component["custom_id"], option["value"]) for option in component["options"]]
        elif component.get("custom_id") and not component.get("disabled"):
            found.append(Pressable(component["custom_id"]))
    return found


def forged(ids: Mapping[str, Sequence[int]], drafted: Iterable[str]) -> list[Pressable]:
    """Every kind of button and menu with these numbers of rows, by table. `drafted`: the verbs of drafts."""
    made: list[Pressable] = []
    of_noun = {"watch": "watches", "entity": "entities", "source": "follows", "route": "channels", "story": "stories"}
    for noun in NOUNS:
        for row in ids[of_noun.get(noun, noun)]:
            made += [Pressable(f"wd:row:{noun}:{verb}:{row}") for verb in NOUNS[noun].verbs]
            made += [Pressable(f"wd:row:{noun}:remove:{row}!")] if "remove" in NOUNS[noun].verbs else []
            made.append(Pressable(f"wd:open:{noun}:0", str(row)))
        made.append(Pressable(f"wd:page:{noun}:0:{'365:harbor' if noun == 'story' else ''}"))
    for draft in ids["drafts"]:
        made += [Pressable(f"wd:draft:{verb}:{draft}") for verb in (*drafted, "discard") if verb != "choose"]
        made.append(Pressable(f"wd:choose:{draft}", "0"))
    for alert in ids["alerts"]:
        made += [Pressable(f"wd:alert:{verb}:{alert}") for verb in ("why", "dismiss", "mute", "known")]
        made += [Pressable(f"wd:dismiss:{reason}:{alert}") for reason in Reason]
        for watch in ids["watches"]:
            made.append(Pressable(f"wd:mute-watch:{alert}", str(watch)))
            made.append(Pressable(f"wd:unmute:{alert}:{watch}"))
    return made


@dataclass(frozen=True, slots=True)
class Raw:
    """Interactions as they are on the wire."""

    env: Env

    async def slash(self, who: Who, room: ChannelHandle, command: Command, given: Given) -> InteractionResult:
        """Give a command. Channels, roles and files are given as their handles and (name, bytes)."""
        resolved: dict[str, Any] = {}
        options = [self._option(command, name, value, room, resolved) for name, value in given.items()]
        return await self._command(who, room, command, options, resolved, InteractionType.application_command)

    async def autocomplete(self, who: Who, room: ChannelHandle, command: Command, option: str, typed: str) -> Any:
        """Type into an option."""
        options = [{"name": option, "type": AppCommandOptionType.string.value, "value": typed, "focused": True}]
        return await self._command(who, room, command, options, {}, InteractionType.autocomplete)

    async def menu(self, who: Who, room: ChannelHandle, name: str, message: Message, number: int) -> InteractionResult:
        """Open a menu on a message, said to have a number."""
        payload = {**serializers.message_payload(self.env.backend, message), "id": str(number)}
        data = {"id": "1", "name": name, "type": discord.AppCommandType.message.value, "target_id": str(number)}
        data["resolved"] = {"messages": {str(number): payload}}
        return await self._ask(who, room, InteractionType.application_command, data)

    async def press(self, who: Who, room: ChannelHandle, message: Message, what: Pressable) -> InteractionResult:
        """Press a button, or choose a menu's option, under a message."""
        data: dict[str, Any] = {"custom_id": what.custom_id, "component_type": _BUTTON}
        if what.value is not None:
            data |= {"component_type": _MENU, "values": [what.value]}
        shown = serializers.message_payload(self.env.backend, message)
        return await self._ask(who, room, InteractionType.component, data, {"message": dict(shown)}, message.id)

    async def send_form(
        self, who: Who, room: ChannelHandle, form: Mapping[str, Any], written: Mapping[str, str]
    ) -> InteractionResult:
        """Send a form, its fields written over by their labels."""
        fields = [
            {"type": 18, "component": {"type": 4, "custom_id": field["custom_id"], "value": value}}
            for label in form["components"]
            for field in [label["component"]]
            for value in [written.get(label["label"], field.get("value") or "")]
        ]
        data = {"custom_id": form["custom_id"], "components": fields}
        return await self._ask(who, room, InteractionType.modal_submit, data)

    def _option(
        self, command: Command, name: str, value: Any, room: ChannelHandle, resolved: dict[str, Any]
    ) -> dict[str, Any]:
        """An option on the wire; what its id means is described, as Discord does, whosever it is."""
        kind = next(each.type for each in command.parameters if each.name == name)
        backend = self.env.backend
        if kind is AppCommandOptionType.channel:
            payload = {**serializers.channel_payload(backend, backend.get_channel(value.id)), "permissions": "0"}
            resolved.setdefault("channels", {})[str(value.id)] = payload
            value = str(value.id)
        elif kind is AppCommandOptionType.role:
            resolved.setdefault("roles", {})[str(value.id)] = dict(serializers.role_payload(value._role))
            value = str(value.id)
        elif kind is AppCommandOptionType.attachment:
            filename, content = value
            value = store_interaction_attachment(backend, room.id, filename, content, resolved)
        return {"name": name, "type": kind.value, "value": value}

    async def _command(
        self,
        who: Who,
        room: ChannelHandle,
        command: Command,
        options: list[dict[str, Any]],
        resolved: dict[str, Any],
        kind: InteractionType,
    ) -> InteractionResult:
        names = command.qualified_name.split()
        for name in reversed(names[1:]):
            options = [{"name": name, "type": AppCommandOptionType.subcommand.value, "options": options}]
        data = {"id": "1", "name": names[0], "type": 1, "options": options, "resolved": resolved}
        return await self._ask(who, room, kind, data)

    async def _ask(
        self,
        who: Who,
        room: ChannelHandle,
        kind: InteractionType,
        data: dict[str, Any],
        extra: dict[str, Any] | None = None,
        message: int | None = None,
    ) -> InteractionResult:
        return await _dispatch_actor_interaction(who, kind.value, room, data, extra=extra, source_message_id=message)
