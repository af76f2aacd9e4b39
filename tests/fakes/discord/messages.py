"""Routes of channel messages, their history, threads, and incoming webhooks."""

from dataclasses import dataclass, field

from tests.fakes.discord.channels import KINDS, Channel, Webhook
from tests.fakes.discord.drafts import Author, bot_in, drafted
from tests.fakes.discord.errors import Refused
from tests.fakes.discord.front import Call, Reply, Route
from tests.fakes.discord.posts import EPHEMERAL, Post
from tests.fakes.discord.world import Json, User, World

_HOUR = 3600.0


@dataclass
class Messages:
    """`old_edits`: how many edits of messages older than an hour a channel takes within an hour (30046 beyond)."""

    world: World
    application_id: str
    old_edits: int = 30
    old_edit_wait: float = 1.0
    _old_edited: dict[str, list[float]] = field(default_factory=dict)
    _nonces: dict[tuple[str, str], tuple[float, Post]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        messages = "/channels/{channel_id}/messages"
        return [
            Route("POST", messages, self.create),
            Route("GET", messages, self.history),
            Route("GET", messages + "/{message_id}", self.one),
            Route("PATCH", messages + "/{message_id}", self.edit),
            Route("DELETE", messages + "/{message_id}", self.delete),
            Route("POST", messages + "/{message_id}/threads", self.thread_of),
            Route("POST", "/channels/{channel_id}/threads", self.start_thread),
            Route("POST", "/channels/{channel_id}/typing", self.typing),
        ]

    def create(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        self._need(channel, "send_messages_in_threads" if channel.is_thread else "send_messages")
        if not channel.takes_messages:
            raise Refused(50008)
        body = call.fields
        nonce = body.get("nonce")
        draft = drafted(channel, body, call.files, bot_in(channel))
        if nonce is not None and body.get("enforce_nonce") and (first := self._said_before(str(nonce))):
            return 200, first.json()
        post = Post(self.world.new_id(), channel, self.world.bot, self.world.now(), nonce=nonce)
        if reference := body.get("message_reference"):
            post.reference = {"type": 0, "channel_id": channel.id, "message_id": str(reference["message_id"])}
        draft.put_on(post)
        post.pinged = draft.mentioned.pinged
        if nonce is not None:
            self._nonces[self.world.bot.id, str(nonce)] = (self.world.now(), post)
        channel.keep(post)
        return 200, post.json()

    def _said_before(self, nonce: str) -> Post | None:
        said, post = self._nonces.get((self.world.bot.id, nonce), (0.0, None))
        return post if self.world.now() - said < self.world.nonce_window else None

    def history(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise Refused(50035, [("limit", "int value should be between 1 and 100.")])
        if channel.guild and not channel.guild.bot.may("read_message_history", channel):
            return 200, []
        newest_first = sorted(channel.messages, key=lambda post: int(post.id), reverse=True)
        if before := call.query.get("before"):
            page = [post for post in newest_first if int(post.id) < int(before)][:limit]
        elif after := call.query.get("after"):
            page = [post for post in newest_first if int(post.id) > int(after)][-limit:]
        elif around := call.query.get("around"):
            newer = [post for post in newest_first if int(post.id) >= int(around)][-(limit // 2 + 1) :]
            older = [post for post in newest_first if int(post.id) < int(around)]
            page = newer + older[: limit - len(newer)]
        else:
            page = newest_first[:limit]
        return 200, [post.json() for post in page]

    def one(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        self._need(channel, "read_message_history")
        return 200, self._message(channel, call).json()

    def edit(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        post = self._message(channel, call)
        if post.author is not self.world.bot:
            raise Refused(50005)
        self._limit_old_edit(post)
        revise(post, call, bot_in(channel))
        return 200, post.json()

    def _limit_old_edit(self, post: Post) -> None:
        now = self.world.now()
        if now - post.created <= _HOUR:
            return
        lately = [at for at in self._old_edited.get(post.channel.id, ()) if now - at < _HOUR]
        if len(lately) >= self.old_edits:
            raise Refused(30046, more={"retry_after": self.old_edit_wait, "global": False})
        self._old_edited[post.channel.id] = [*lately, now]

    def delete(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        post = self._message(channel, call)
        if post.author is not self.world.bot:
            self._need(channel, "manage_messages")
        channel.forget(post)
        return 204, None

    def start_thread(self, call: Call) -> Reply:
        """A forum's post with its first message, or a thread without one."""
        channel = self.open_channel(call)
        body = call.fields
        forum = channel.type == KINDS["forum"]
        self._need(channel, "send_messages" if forum else "create_public_threads")
        if not forum:
            return 201, self._new_thread(channel, body).json()
        draft = drafted(channel, body["message"], call.files, bot_in(channel))
        thread = self._new_thread(channel, body)
        post = Post(thread.id, thread, self.world.bot, self.world.now(), pinged=draft.mentioned.pinged)
        draft.put_on(post)
        thread.keep(post)
        return 201, thread.json() | {"message": post.json()}

    def thread_of(self, call: Call) -> Reply:
        channel = self.open_channel(call)
        self._need(channel, "create_public_threads")
        post = self._message(channel, call)
        if post.id in self.world.channels:
            raise Refused(160004)
        return 201, self._new_thread(channel, call.fields, post.id).json()

    def _new_thread(self, channel: Channel, body: Json, number: str | None = None) -> Channel:
        assert channel.guild
        number = number or self.world.new_id()
        tags = [str(tag) for tag in body.get("applied_tags") or ()]
        thread = Channel(number, self.world, body["name"], KINDS["thread"], channel.guild, channel, applied_tags=tags)
        thread.owner_id = self.world.bot.id
        channel.guild.channels[number] = self.world.channels[number] = thread
        channel.guild.tell("THREAD_CREATE", thread.json() | {"newly_created": True}, thread)
        return thread

    def typing(self, call: Call) -> Reply:
        self.open_channel(call)
        return 204, None

    def open_channel(self, call: Call) -> Channel:
        """The channel of the path, if the bot may see it."""
        channel = self.world.channels.get(call.path["channel_id"])
        if channel is None:
            raise Refused(10003)
        if channel.guild and not (channel.guild.has_bot and channel.guild.bot.may("view_channel", channel)):
            raise Refused(50001)
        return channel

    def _need(self, channel: Channel, name: str) -> None:
        if channel.guild and not channel.guild.bot.may(name, channel):
            raise Refused(50013)

    def _message(self, channel: Channel, call: Call) -> Post:
        return message_in(self.world, channel, call.path["message_id"])


def message_in(world: World, channel: Channel, number: str) -> Post:
    """A message that the channel shows."""
    post = world.messages.get(number)
    if post is None or post.channel is not channel or post.ephemeral:
        raise Refused(10008)
    return post


def revise(post: Post, call: Call, author: Author) -> None:
    """An edit: what is left out stays, nobody is pinged."""
    drafted(post.channel, call.fields, call.files, author, post).put_on(post)
    post.edits += 1
    post.edited = post.channel.world.now()
    if not post.flags & EPHEMERAL:
        post.channel.tell("MESSAGE_UPDATE", post)
    post.channel.world.changed.notify_all()


def write_by_webhook(world: World, hook: Webhook, call: Call) -> Reply:
    """POST to an incoming webhook. There are no nonces here; without `wait` there is no body."""
    draft = drafted(hook.channel, call.fields, call.files, Author())
    name = call.fields.get("username") or hook.name
    post = Post(world.new_id(), hook.channel, User(hook.id, name, bot=True), world.now(), webhook_id=hook.id)
    draft.put_on(post)
    post.pinged = draft.mentioned.pinged
    hook.channel.keep(post)
    return (200, post.json()) if call.query.get("wait") in {"true", "1", "True"} else (204, None)
