"""What people do: type commands, press buttons, choose, submit forms, use message menus, write to the bot.

Each action becomes an interaction as Discord dispatches it, with the member's roles and permissions of that moment,
and waits for the bot's first answer within the deadline. `FakeDiscord` inherits these methods.
"""

import secrets
from typing import Any

from tests.fakes.discord.answers import Answer
from tests.fakes.discord.channels import Channel
from tests.fakes.discord.commands import CHAT, MESSAGE_MENU, Commands, Found
from tests.fakes.discord.components import SELECTS, inside
from tests.fakes.discord.exchanges import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Exchange, Exchanges
from tests.fakes.discord.filling import Resolved, option_values, selected, submitted
from tests.fakes.discord.guilds import Member
from tests.fakes.discord.places import direct_channel, visible
from tests.fakes.discord.posts import Post
from tests.fakes.discord.world import Event, Json, World

_FILE_LIMIT = 10 * 1024 * 1024


class Acting:
    def __init__(self, world: World, application_id: str) -> None:
        self.world = world
        self.application_id = application_id
        self.synced = Commands(world, application_id)
        self.exchanges = Exchanges(world, application_id)

    def slash(self, who: Member, where: Channel, command: str, /, **options: Any) -> Answer:
        """Use a slash command ("watch add") with its options by name."""
        found = self.synced.find(where.guild, command)
        with self.world.changed:
            resolved = Resolved(who, where)
            data = _command_data(found) | {"options": option_values(found, options, resolved)} | resolved.json()
        return Answer(self.world, self._exchange(COMMAND, command, who, where, data))

    def direct(self, who: Member, command: str, /, **options: Any) -> Answer:
        """Use a slash command in the direct messages with the bot."""
        found = self.synced.find(None, command)
        with self.world.changed:
            where = direct_channel(self.world, who.user)
            resolved = Resolved(None, where)
            data = _command_data(found) | {"options": option_values(found, options, resolved)} | resolved.json()
        return Answer(self.world, self._exchange(COMMAND, command, who, where, data))

    def autocomplete(
        self, who: Member, where: Channel, command: str, option: str, typed: str, /, **others: Any
    ) -> list[Json]:
        """The choices offered while `typed` stands in the option."""
        found = self.synced.find(where.guild, command)
        if option not in found.options or not found.options[option].get("autocomplete"):
            raise AssertionError(f"option {option!r} of {command!r} has no autocomplete")
        with self.world.changed:
            values = option_values(found, others | {option: typed}, Resolved(who, where), option)
        data = _command_data(found) | {"options": values}
        return self._exchange(AUTOCOMPLETE, f"{command} {option}…", who, where, data).choices

    def menu(self, who: Member, where: Channel, name: str, message: Post, /) -> Answer:
        """Use a message's context menu."""
        found = self.synced.find(where.guild, name, MESSAGE_MENU)
        self._seen(who, message)
        if message.channel is not where:
            raise AssertionError("the message is in another channel")
        with self.world.changed:
            resolved = Resolved(who, where)
            data = _command_data(found) | {"target_id": resolved.add(message)} | resolved.json()
        return Answer(self.world, self._exchange(COMMAND, name, who, where, data))

    def press(
        self, who: Member, on: Answer | Post, /, label: str | None = None, *, custom_id: str | None = None
    ) -> Answer:
        """Press the button with this label or custom id."""
        message = self._message(who, on)
        fitting = [
            one
            for one in message.buttons
            if (label is not None and one.get("label") == label)
            or (custom_id is not None and one.get("custom_id") == custom_id)
        ]
        if len(fitting) != 1:
            raise AssertionError(f"{len(fitting)} buttons are {label or custom_id!r}; there are {message.labels}")
        button = fitting[0]
        if button.get("disabled") or "custom_id" not in button:
            raise AssertionError(f"the button {label or custom_id!r} is disabled or a link")
        data = {"component_type": 2, "custom_id": button["custom_id"], "id": button["id"]}
        name = f"button {button.get('label') or button['custom_id']}"
        return Answer(self.world, self._exchange(COMPONENT, name, who, message.channel, data, message))

    def choose(self, who: Member, on: Answer | Post, select: str, values: Any, /) -> Answer:
        """Choose in the select with this custom id or placeholder: labels or values, members, roles, channels."""
        message = self._message(who, on)
        selects = [one for one in inside(message.components) if one["type"] in SELECTS]
        fitting = [one for one in selects if select in (one["custom_id"], one.get("placeholder"))]
        if len(fitting) != 1 or fitting[0].get("disabled"):
            shown = [one.get("placeholder") or one["custom_id"] for one in selects]
            raise AssertionError(f"no one select {select!r} can be used; there are {shown}")
        one = fitting[0]
        with self.world.changed:
            resolved = Resolved(self._here(who, message.channel), message.channel)
            chosen = selected(one, values, resolved)
        data = {"component_type": one["type"], "custom_id": one["custom_id"], "id": one["id"], "values": chosen}
        name = f"select {one.get('placeholder') or one['custom_id']}"
        exchange = self._exchange(COMPONENT, name, who, message.channel, data | resolved.json(), message)
        return Answer(self.world, exchange)

    def submit(self, who: Member, answer: Answer, fields: dict[str, Any], /) -> Answer:
        """Fill in the modal of `answer`, fields by label or custom id, and send it."""
        if answer.modal is None:
            raise AssertionError(f"{answer!r} is no modal")
        opened = answer.exchange
        if who.user is not opened.user:
            raise AssertionError("the modal was opened for somebody else")
        with self.world.changed:
            resolved = Resolved(opened.member, opened.channel)
            components = submitted(answer.modal, fields, resolved)
        data = {"custom_id": answer.modal.custom_id, "components": components} | resolved.json()
        name = f"modal {answer.modal.title}"
        exchange = self._exchange(SUBMIT, name, who, opened.channel, data, opened.source)
        return Answer(self.world, exchange)

    def _exchange(
        self, kind: int, name: str, who: Member, where: Channel, data: Json, source: Post | None = None
    ) -> Exchange:
        with self.world.changed:
            member = self._here(who, where)
            exchange = Exchange(
                id=self.world.new_id(),
                token=secrets.token_urlsafe(120),
                kind=kind,
                name=name,
                user=who.user,
                member=member,
                channel=where,
                created=self.world.now(),
                source=source,
            )
            told = self._interaction(exchange, data)
            self.exchanges.begin(exchange)
            self.world.emit(Event("INTERACTION_CREATE", told))
        self.world.until(
            lambda: exchange.response is not None,
            f"the first answer to {name!r} by {who.name}",
            self.exchanges.deadline,
        )
        return exchange

    def _here(self, who: Member, where: Channel) -> Member | None:
        """The member as one of the channel's guild; None in direct messages."""
        if where.guild is None:
            if where.recipient is not who.user:
                raise AssertionError(f"{who.name} is not in these direct messages")
            return None
        if who.guild is not where.guild or who.id not in where.guild.members:
            raise AssertionError(f"{who.name} is not in the server of #{where.name}")
        if not where.guild.has_bot:
            raise AssertionError("the bot is not in the server: it offers nothing there")
        if where.deleted or not (who.may("view_channel", where) and who.may("use_application_commands", where)):
            raise AssertionError(f"{who.name} can't see #{where.name} or use commands there")
        return who

    def _message(self, who: Member, on: Answer | Post) -> Post:
        message = on.message if isinstance(on, Answer) else on
        if message is None:
            raise AssertionError(f"{on!r} has no message")
        self._seen(who, message)
        return message

    def _seen(self, who: Member, message: Post) -> None:
        with self.world.changed:
            if message.id not in self.world.messages:
                raise AssertionError("the message was deleted")
            if message.ephemeral and message.receiver is not who.user:
                raise AssertionError(f"{who.name} doesn't see this message")

    def _interaction(self, exchange: Exchange, data: Json) -> Json:
        where, member = exchange.channel, exchange.member
        told: Json = {
            "id": exchange.id,
            "application_id": self.application_id,
            "type": exchange.kind,
            "token": exchange.token,
            "version": 1,
            "channel_id": where.id,
            "locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": _FILE_LIMIT,
            "data": data,
        }
        if exchange.source:
            told["message"] = exchange.source.json()
        if member is None:
            owners = {"authorizing_integration_owners": {"1": exchange.user.id}, "context": 1, "app_permissions": "0"}
            return told | owners | {"user": exchange.user.json(), "channel": where.json()}
        guild = member.guild
        powers = guild.permissions(member, where)
        return told | {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "channel": visible(where, powers),
            "member": member.json() | {"permissions": str(powers)},
            "app_permissions": str(guild.permissions(guild.bot, where)),
            "authorizing_integration_owners": {"0": guild.id},
            "context": 0,
        }


def _command_data(found: Found) -> Json:
    command = found.command
    told: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command["type"] == CHAT and "guild_id" not in command:
        return told
    return told | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
