"""Guilds with their roles and members: state, Discord's JSON for it, and the permissions that follow from it.

Every change reaches the bot through the gateway as Discord would tell it (GUILD_ROLE_UPDATE, GUILD_CREATE …).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord import permissions
from tests.fakes.discord.channels import KINDS, Channel
from tests.fakes.discord.world import Event, Json, User, World, iso

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(eq=False, repr=False)
class Role:
    id: str
    guild: "Guild"
    name: str
    permissions: int = 0
    mentionable: bool = False
    managed: bool = False

    def __repr__(self) -> str:
        return f"<Role {self.name}>"

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def allow(self, *names: str) -> None:
        self._set(self.permissions | permissions.bits(names))

    def deny(self, *names: str) -> None:
        self._set(self.permissions & ~permissions.bits(names))

    def delete(self) -> None:
        """Out of the guild, and off every member."""
        with self.guild.world.changed:
            del self.guild.roles[self.id]
            for member in self.guild.members.values():
                member.roles = [role for role in member.roles if role is not self]
            self.guild.tell("GUILD_ROLE_DELETE", {"guild_id": self.guild.id, "role_id": self.id})

    def _set(self, value: int) -> None:
        with self.guild.world.changed:
            self.permissions = value
            self.guild.tell("GUILD_ROLE_UPDATE", {"guild_id": self.guild.id, "role": self.json()})

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": list(self.guild.roles).index(self.id),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        } | ({"tags": {"bot_id": self.guild.world.bot.id}} if self.managed else {})


@dataclass(eq=False, repr=False)
class Member:
    user: User
    guild: "Guild"
    roles: list[Role]
    joined: float

    def __repr__(self) -> str:
        return f"<Member {self.name} of {self.guild.name}>"

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        return f"<@{self.user.id}>"

    def may(self, name: str, channel: Channel | None = None) -> bool:
        return permissions.has(self.guild.permissions(self, channel), name)

    def json(self, *, user: bool = True) -> Json:
        shown: Json = {
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [role.id for role in self.roles],
            "joined_at": iso(self.joined),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        return shown | {"user": self.user.json()} if user else shown


@dataclass(eq=False, repr=False)
class Guild:
    """A server. The bot is in it from the start, with a role of its own; so is an owner."""

    id: str
    world: World
    name: str
    has_bot: bool = True
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Guild {self.name}>"

    def __post_init__(self) -> None:
        usual = permissions.bits(permissions.USUAL)
        self.everyone = Role(self.id, self, "@everyone", usual)
        self.roles[self.id] = self.everyone
        self.bot_role = self._new_role("Wiredesk", usual, managed=True)
        self.owner = self._new_member(User(self.world.new_id(), "owner"), [])
        self.bot = self._new_member(self.world.bot, [self.bot_role])

    def channel(self, name: str, kind: str = "text", *, parent: Channel | None = None) -> Channel:
        """A new channel: text, news, voice, category, forum or (in `parent`) thread."""
        with self.world.changed:
            channel = Channel(self.world.new_id(), self.world, name, KINDS[kind], guild=self, parent=parent)
            self.channels[channel.id] = self.world.channels[channel.id] = channel
            self.tell("THREAD_CREATE" if channel.is_thread else "CHANNEL_CREATE", channel.json(), channel)
            return channel

    def role(self, name: str, *allowed: str, mentionable: bool = False) -> Role:
        with self.world.changed:
            role = self._new_role(name, permissions.bits(allowed), mentionable=mentionable)
            self.tell("GUILD_ROLE_CREATE", {"guild_id": self.id, "role": role.json()})
            return role

    def member(self, who: "str | Member", *, roles: "Iterable[Role]" = (), **powers: bool) -> Member:
        """A new member, by a name or as the same person who is in another guild.

        `manage_guild=True` and the like give the member a role of its own with these permissions.
        """
        with self.world.changed:
            user = User(self.world.new_id(), who) if isinstance(who, str) else who.user
            held = list(roles)
            if named := [name for name, given in powers.items() if given]:
                held.append(self.role(f"powers of {user.name}", *named))
            member = self._new_member(user, held)
            self.tell("GUILD_MEMBER_ADD", member.json() | {"guild_id": self.id})
            return member

    def grant(self, member: Member, role: Role) -> None:
        with self.world.changed:
            member.roles.append(role)
            self.tell("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": self.id})

    def revoke(self, member: Member, role: Role) -> None:
        with self.world.changed:
            member.roles.remove(role)
            self.tell("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": self.id})

    def allow(self, *names: str) -> None:
        """Give the bot's role these permissions in the whole guild."""
        self.bot_role.allow(*names)

    def deny(self, *names: str) -> None:
        """Take these permissions from the bot in the whole guild, and so from everyone: roles only ever add."""
        self.everyone.deny(*names)
        self.bot_role.deny(*names)

    def remove_bot(self) -> None:
        with self.world.changed:
            self.world.emit(Event("GUILD_DELETE", {"id": self.id}))
            self.has_bot = False
            self.world.changed.notify_all()

    def add_bot(self) -> None:
        with self.world.changed:
            self.has_bot = True
            self.tell("GUILD_CREATE", self.joined_json())

    def outage(self, over: bool = False) -> None:
        """Discord has lost sight of the guild for a while; `over` ends it. The bot has not been removed."""
        with self.world.changed:
            if over:
                self.tell("GUILD_CREATE", self.available_json())
            else:
                self.tell("GUILD_DELETE", {"id": self.id, "unavailable": True})

    def permissions(self, member: Member, channel: Channel | None = None) -> int:
        """What the member may do here, or in the channel."""
        base = permissions.in_guild(
            owner=member is self.owner,
            everyone=self.everyone.permissions,
            roles=[role.permissions for role in member.roles],
        )
        if channel is None:
            return base
        ruling = channel.parent if channel.is_thread and channel.parent else channel
        return permissions.in_channel(
            base,
            ruling.overwrites,
            everyone_id=self.id,
            role_ids=[role.id for role in member.roles],
            member_id=member.id,
            thread=channel.is_thread,
        )

    def tell(self, name: str, data: Json, channel: Channel | None = None) -> None:
        self.world.emit(Event(name, data, guild=self, channel=channel))
        self.world.changed.notify_all()

    def _new_role(self, name: str, allowed: int, *, mentionable: bool = False, managed: bool = False) -> Role:
        role = Role(self.world.new_id(), self, name, allowed, mentionable, managed)
        self.roles[role.id] = role
        return role

    def _new_member(self, user: User, roles: list[Role]) -> Member:
        member = Member(user, self, roles, self.world.now())
        self.members[user.id] = member
        return member

    def json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "roles": [role.json() for role in self.roles.values()],
            **dict.fromkeys(_NOTHING),
            **{name: [] for name in ("features", "emojis", "stickers")},
            **dict.fromkeys(_ZERO, 0),
            **dict.fromkeys(("widget_enabled", "premium_progress_bar_enabled", "nsfw"), False),
            "region": "deprecated",
            "afk_timeout": 300,
            "preferred_locale": "en-US",
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
        }

    def available_json(self) -> Json:
        """GUILD_CREATE after READY: known already, and now at hand."""
        return self.joined_json() | {"unavailable": False}

    def joined_json(self) -> Json:
        """GUILD_CREATE for a bot without the members intent: of the members only itself."""
        rooms = self.channels.values()
        return self.json() | {
            "joined_at": iso(self.bot.joined),
            "large": False,
            "member_count": len(self.members),
            "members": [self.bot.json()],
            "channels": [channel.json() for channel in rooms if not channel.is_thread],
            "threads": [channel.json() for channel in rooms if channel.is_thread],
            **{name: [] for name in ("voice_states", "presences", "stage_instances", "soundboard_sounds")},
            "guild_scheduled_events": [],
        }


_NOTHING = (
    *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id"),
    *("afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code"),
    *("rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data"),
)
_ZERO = (
    *("system_channel_flags", "verification_level", "default_message_notifications", "mfa_level"),
    *("explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level"),
)
