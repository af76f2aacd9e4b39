"""Routes of what is read at login and by `doctor`: gateway, application, users, guilds, channels, roles, members."""

from dataclasses import dataclass

from tests.fakes.discord.channels import KINDS, Channel
from tests.fakes.discord.errors import Refused
from tests.fakes.discord.front import Call, Reply, Route
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.messages import Messages
from tests.fakes.discord.world import Json, User, World


@dataclass
class Places:
    world: World
    gateway: Gateway
    messages: Messages
    owner: User

    def routes(self) -> list[Route]:
        guild = "/guilds/{guild_id}"
        return [
            Route("GET", "/gateway", lambda _: (200, {"url": self.gateway.url}), open=True),
            Route("GET", "/gateway/bot", self.gateway_bot),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/applications/@me", self.application),
            Route(
                "GET", "/users/@me", lambda _: (200, self.world.bot.json() | {"mfa_enabled": True, "locale": "en-US"})
            ),
            Route("GET", "/users/@me/guilds", self.my_guilds),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self.leave),
            Route("POST", "/users/@me/channels", self.open_direct),
            Route("GET", "/users/{user_id}", self.user),
            Route("GET", "/channels/{channel_id}", lambda call: (200, self.messages.open_channel(call).json())),
            Route("GET", guild, lambda call: (200, self._guild(call).json())),
            Route("GET", guild + "/channels", self.channels),
            Route("GET", guild + "/roles", self.roles),
            Route("GET", guild + "/roles/{role_id}", self.role),
            Route("GET", guild + "/threads/active", self.threads),
            Route("GET", guild + "/members/{user_id}", self.member),
        ]

    def gateway_bot(self, _: Call) -> Reply:
        limit = {"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1}
        return 200, {"url": self.gateway.url, "shards": 1, "session_start_limit": limit}

    def application(self, _: Call) -> Reply:
        return 200, {
            "id": self.gateway.application_id,
            "name": "Wiredesk",
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.world.bot.json(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.owner.json(),
            "approximate_guild_count": sum(guild.has_bot for guild in self.world.guilds.values()),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
        }

    def my_guilds(self, call: Call) -> Reply:
        after = int(call.query.get("after", 0))
        limit = int(call.query.get("limit", 200))
        mine = [one for one in self.world.guilds.values() if one.has_bot and int(one.id) > after]
        return 200, [
            {
                "id": guild.id,
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(guild.permissions(guild.bot)),
                "features": [],
            }
            for guild in mine[:limit]
        ]

    def leave(self, call: Call) -> Reply:
        self._guild(call).remove_bot()
        return 204, None

    def open_direct(self, call: Call) -> Reply:
        user = self._user(str(call.fields.get("recipient_id")))
        return 200, direct_channel(self.world, user).json()

    def user(self, call: Call) -> Reply:
        return 200, self._user(call.path["user_id"]).json()

    def channels(self, call: Call) -> Reply:
        return 200, [one.json() for one in self._guild(call).channels.values() if not one.is_thread]

    def roles(self, call: Call) -> Reply:
        return 200, [role.json() for role in self._guild(call).roles.values()]

    def role(self, call: Call) -> Reply:
        found = self._guild(call).roles.get(call.path["role_id"])
        if found is None:
            raise Refused(10011)
        return 200, found.json()

    def threads(self, call: Call) -> Reply:
        open_ones = [one.json() for one in self._guild(call).channels.values() if one.is_thread]
        return 200, {"threads": open_ones, "members": [], "has_more": False}

    def member(self, call: Call) -> Reply:
        found = self._guild(call).members.get(call.path["user_id"])
        if found is None:
            raise Refused(10007)
        return 200, found.json()

    def _guild(self, call: Call) -> Guild:
        guild = self.world.guilds.get(call.path["guild_id"])
        if guild is None or not guild.has_bot:
            raise Refused(10004)
        return guild

    def _user(self, number: str) -> User:
        for guild in self.world.guilds.values():
            if number in guild.members:
                return guild.members[number].user
        raise Refused(10013)


def direct_channel(world: World, user: User) -> Channel:
    """The one channel between the bot and this person."""
    for channel in world.channels.values():
        if channel.recipient is user:
            return channel
    channel = Channel(world.new_id(), world, "", KINDS["dm"], recipient=user)
    world.channels[channel.id] = channel
    return channel


def visible(channel: Channel, permissions: int) -> Json:
    """A channel as an interaction carries it, with the permissions of whom it concerns."""
    return channel.json() | {"permissions": str(permissions)}
