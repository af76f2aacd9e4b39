"""Channels of every kind, with what was posted in them: state, Discord's JSON, and the changes a test makes."""

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.permissions import Overwrite, bits
from tests.fakes.discord.posts import Post
from tests.fakes.discord.world import Event, Json, User, World, iso

if TYPE_CHECKING:
    from tests.fakes.discord.guilds import Guild, Member, Role

KINDS = {"text": 0, "dm": 1, "voice": 2, "category": 4, "news": 5, "thread": 11, "forum": 15}
_HOLDS_NO_MESSAGES = frozenset({KINDS["category"], KINDS["forum"]})


@dataclass(eq=False, repr=False)
class Webhook:
    """An incoming webhook of a channel; its `url` is the secret that the product is configured with."""

    id: str
    token: str
    channel: "Channel"
    name: str

    @property
    def url(self) -> str:
        return f"{self.channel.world.base}/api/v10/webhooks/{self.id}/{self.token}"

    def user(self) -> User:
        return User(self.id, self.name, bot=True)

    def json(self) -> Json:
        return {
            "id": self.id,
            "type": 1,
            "name": self.name,
            "avatar": None,
            "application_id": None,
            "channel_id": self.channel.id,
            "guild_id": self.channel.guild.id if self.channel.guild else None,
            "token": self.token,
            "url": self.url,
        }


@dataclass(eq=False, repr=False)
class Channel:
    id: str
    world: World
    name: str
    type: int
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    recipient: User | None = None
    owner_id: str = ""
    deleted: bool = False
    applied_tags: list[str] = field(default_factory=list)
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    posted: list[Post] = field(default_factory=list)
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Channel #{self.name}>"

    @property
    def messages(self) -> list[Post]:
        """What everybody in the channel sees, oldest first, each as it stands now."""
        with self.world.changed:
            return [post for post in self.posted if not post.ephemeral]

    @property
    def threads(self) -> "list[Channel]":
        with self.world.changed:
            return [one for one in self.world.channels.values() if one.parent is self and one.is_thread]

    @property
    def is_thread(self) -> bool:
        return self.type == KINDS["thread"]

    @property
    def takes_messages(self) -> bool:
        return self.type not in _HOLDS_NO_MESSAGES

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def say(self, member: "Member", content: str) -> Post:
        """A message written by a person."""
        with self.world.changed:
            post = Post(self.world.new_id(), self, member.user, content=content, created=self.world.now())
            self.keep(post)
            return post

    def thread(self, name: str) -> "Channel":
        assert self.guild
        return self.guild.channel(name, "thread", parent=self)

    def webhook(self, name: str = "Newsroom feed") -> Webhook:
        with self.world.changed:
            hook = Webhook(self.world.new_id(), secrets.token_urlsafe(48), self, name)
            self.webhooks[hook.id] = hook
            return hook

    def allow(self, *names: str, target: "Role | Member | None" = None) -> None:
        """Overwrite in this channel for the bot, or for a role or member (`guild.everyone` for all)."""
        overwrite = self._overwrite(target)
        overwrite.allow |= bits(names)
        overwrite.deny &= ~bits(names)
        self._updated()

    def deny(self, *names: str, target: "Role | Member | None" = None) -> None:
        """The opposite of `allow`."""
        overwrite = self._overwrite(target)
        overwrite.deny |= bits(names)
        overwrite.allow &= ~bits(names)
        self._updated()

    def delete(self) -> None:
        """Gone with its threads. What was posted stays readable for the test."""
        with self.world.changed:
            for thread in self.threads:
                thread.delete()
            self.deleted = True
            self.world.channels.pop(self.id, None)
            for post in self.posted:
                self.world.messages.pop(post.id, None)
            if self.guild:
                self.guild.channels.pop(self.id, None)
                self.guild.tell("THREAD_DELETE" if self.is_thread else "CHANNEL_DELETE", self.json())

    def keep(self, post: Post) -> None:
        """Take a new message in, and tell the bot unless only one person sees it."""
        self.posted.append(post)
        self.world.messages[post.id] = post
        if not post.ephemeral:
            self.tell("MESSAGE_CREATE", post)
        self.world.changed.notify_all()

    def tell(self, name: str, post: Post) -> None:
        data = post.json()
        if self.guild:
            data["guild_id"] = self.guild.id
            if author := self.guild.members.get(post.author.id):
                data["member"] = author.json(user=False)
        self.world.emit(Event(name, data, guild=self.guild, channel=self, author=post.author.id))

    def forget(self, post: Post) -> None:
        """A message deleted."""
        self.posted.remove(post)
        self.world.messages.pop(post.id, None)
        data = {"id": post.id, "channel_id": self.id} | ({"guild_id": self.guild.id} if self.guild else {})
        self.world.changed.notify_all()
        if not post.ephemeral:
            self.world.emit(Event("MESSAGE_DELETE", data, guild=self.guild, channel=self))

    def _overwrite(self, target: "Role | Member | None") -> Overwrite:
        assert self.guild, "a direct message has no overwrites"
        who = target or self.guild.bot
        return self.overwrites.setdefault(who.id, Overwrite(0 if who.id in self.guild.roles else 1))

    def _updated(self) -> None:
        assert self.guild
        with self.world.changed:
            self.guild.tell("CHANNEL_UPDATE", self.json())

    def json(self) -> Json:
        last = self.posted[-1].id if self.posted else None
        shown: Json = {"id": self.id, "type": self.type, "flags": 0, "last_message_id": last}
        if self.guild is None:
            return shown | {"recipients": [self.recipient.json()] if self.recipient else []}
        shown |= {"guild_id": self.guild.id, "name": self.name, "parent_id": self.parent.id if self.parent else None}
        if self.is_thread:
            return shown | {
                "owner_id": self.owner_id or self.guild.owner.id,
                "rate_limit_per_user": 0,
                "message_count": len(self.posted),
                "total_message_sent": len(self.posted),
                "member_count": 1,
                "applied_tags": self.applied_tags,
                "thread_metadata": {
                    "archived": False,
                    "archive_timestamp": iso(self.world.now()),
                    "auto_archive_duration": 1440,
                    "locked": False,
                },
            }
        return shown | {
            "position": [one.id for one in self.guild.channels.values()].index(self.id)
            if self.id in self.guild.channels
            else 0,
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {"id": who, "type": one.kind, "allow": str(one.allow), "deny": str(one.deny)}
                for who, one in self.overwrites.items()
            ],
        }
