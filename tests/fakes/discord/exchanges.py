"""Interactions as the bot answers them: the callback, the original answer and its edits, and the follow-ups.

An `Exchange` is one interaction, from the dispatch to the last follow-up. Its routes share the webhook paths with
incoming webhooks, told apart by the application's id.
"""

import time
from dataclasses import dataclass, field

from tests.fakes.discord.channels import Channel, Webhook
from tests.fakes.discord.components import as_kept, faults
from tests.fakes.discord.drafts import Author, drafted
from tests.fakes.discord.errors import Refused
from tests.fakes.discord.front import Call, Reply, Route
from tests.fakes.discord.guilds import Member
from tests.fakes.discord.messages import message_in, revise, write_by_webhook
from tests.fakes.discord.posts import EPHEMERAL, LOADING, Post
from tests.fakes.discord.world import Json, User, World

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_FITTING = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
_TOKEN_LIVES = 900.0  # seconds


@dataclass(eq=False, repr=False)
class Exchange:
    """`source` is the message of the pressed component (also where its modal is submitted), `original` the answer."""

    id: str
    token: str
    kind: int
    name: str
    user: User
    member: Member | None
    channel: Channel
    created: float
    source: Post | None = None
    started: float = 0.0
    response: int | None = None
    original: Post | None = None
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    followups: list[Post] = field(default_factory=list)
    edits_before: int = 0

    @property
    def settled(self) -> bool:
        """Whether a deferred answer has been given."""
        if self.response == DEFERRED:
            return self.original is None or not self.original.loading
        if self.response == DEFERRED_UPDATE:
            changed = self.original is None or self.original.edits > self.edits_before
            return changed or bool(self.followups)
        return self.response is not None

    def metadata(self) -> Json:
        owners = {"0": self.member.guild.id} if self.member else {"1": self.user.id}
        shown: Json = {
            "id": self.id,
            "type": self.kind,
            "user": self.user.json(),
            "authorizing_integration_owners": owners,
        }
        if self.kind == COMPONENT and self.source:
            shown["interacted_message_id"] = self.source.id
        if self.kind == SUBMIT:
            shown["triggering_interaction_metadata"] = shown | {"type": COMMAND}
        return shown


@dataclass
class Exchanges:
    """`deadline`: seconds for the first answer. `latencies`: seconds it took, by command."""

    world: World
    application_id: str
    deadline: float = 3.0
    latencies: dict[str, list[float]] = field(default_factory=dict)
    _by_id: dict[str, Exchange] = field(default_factory=dict)
    _by_token: dict[str, Exchange] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.callback, open=True),
            Route("POST", hook, self.write, open=True),
            Route("GET", hook, lambda call: (200, self._webhook(call).json()), open=True),
            Route("GET", hook + "/messages/@original", lambda call: (200, self._original(call).json()), open=True),
            Route("PATCH", hook + "/messages/@original", self.edit_original, open=True),
            Route("DELETE", hook + "/messages/@original", self.delete_original, open=True),
            Route("GET", hook + "/messages/{message_id}", lambda call: (200, self._message(call).json()), open=True),
            Route("PATCH", hook + "/messages/{message_id}", self.edit, open=True),
            Route("DELETE", hook + "/messages/{message_id}", self.delete, open=True),
        ]

    def begin(self, exchange: Exchange) -> None:
        self._by_id[exchange.id] = self._by_token[exchange.token] = exchange
        exchange.started = time.monotonic()

    def callback(self, call: Call) -> Reply:
        exchange = self._by_id.get(call.path["interaction_id"])
        took = time.monotonic() - exchange.started if exchange else 0.0
        if exchange is None or exchange.token != call.path["interaction_token"]:
            raise Refused(10062)
        if exchange.response is not None:
            raise Refused(40060)
        if took > self.deadline:
            raise Refused(10062)
        kind, data = call.fields["type"], call.fields.get("data") or {}
        if kind not in _FITTING[exchange.kind] or (kind in {UPDATE, DEFERRED_UPDATE} and exchange.source is None):
            raise Refused(
                50035, [("type", f"Response type {kind} does not fit an interaction of type {exchange.kind}")]
            )
        self._take(exchange, kind, data, call)
        exchange.response = kind
        self.latencies.setdefault(exchange.name, []).append(took)
        return (200, _callback_json(exchange)) if call.query.get("with_response") in {"1", "true"} else (204, None)

    def _take(self, exchange: Exchange, kind: int, data: Json, call: Call) -> None:
        match kind:
            case 4:  # a message
                exchange.original = self._new(exchange, _carrying(call, data))
            case 5:  # “is thinking”
                flags = LOADING | (data.get("flags") or 0) & EPHEMERAL
                exchange.original = self._post(exchange, flags)
                exchange.channel.keep(exchange.original)
            case 6 | 7:
                source = exchange.source
                assert source
                exchange.original, exchange.edits_before = source, source.edits
                if kind == UPDATE:
                    revise(source, _carrying(call, data), Author())
            case 8:
                exchange.choices = data.get("choices") or []
                if len(exchange.choices) > 25:
                    raise Refused(50035, [("data.choices", "Must be 25 or fewer in length.")])
            case 9:
                if wrong := list(faults(data["components"], second_version=True)):
                    raise Refused(50035, wrong)
                if len(data["components"]) > 5:
                    raise Refused(50035, [("data.components", "Must be between 1 and 5 in length.")])
                exchange.modal = data | {"components": as_kept(data["components"])}

    def write(self, call: Call) -> Reply:
        if call.path["webhook_id"] != self.application_id:
            return write_by_webhook(self.world, self._webhook(call), call)
        exchange = self._exchange(call)
        waiting = exchange.original
        if exchange.response == DEFERRED and waiting and waiting.loading:
            self._fill(waiting, call)
            return 200, waiting.json()
        exchange.followups.append(self._new(exchange, call))
        return 200, exchange.followups[-1].json()

    def edit_original(self, call: Call) -> Reply:
        post = self._original(call)
        if post.loading:
            self._fill(post, call)
        else:
            revise(post, call, Author())
        return 200, post.json()

    def delete_original(self, call: Call) -> Reply:
        post = self._original(call)
        self._exchange(call).original = None
        post.channel.forget(post)
        return 204, None

    def edit(self, call: Call) -> Reply:
        post = self._message(call)
        revise(post, call, Author())
        return 200, post.json()

    def delete(self, call: Call) -> Reply:
        post = self._message(call)
        post.channel.forget(post)
        return 204, None

    def _fill(self, post: Post, call: Call) -> None:
        """The first content of a deferred answer."""
        draft = drafted(post.channel, call.fields, call.files, Author(), post)
        revise(post, call, Author())
        post.pinged = draft.mentioned.pinged

    def _new(self, exchange: Exchange, call: Call) -> Post:
        draft = drafted(exchange.channel, call.fields, call.files, Author())
        post = self._post(exchange, 0)
        draft.put_on(post)
        post.pinged = draft.mentioned.pinged
        exchange.channel.keep(post)
        return post

    def _post(self, exchange: Exchange, flags: int) -> Post:
        return Post(
            self.world.new_id(),
            exchange.channel,
            self.world.bot,
            self.world.now(),
            flags=flags,
            webhook_id=self.application_id,
            application_id=self.application_id,
            interaction_metadata=exchange.metadata(),
            receiver=exchange.user,
        )

    def _exchange(self, call: Call) -> Exchange:
        exchange = self._by_token.get(call.path["webhook_token"])
        if exchange is None or exchange.response is None:
            raise Refused(10015)
        if self.world.now() - exchange.created > _TOKEN_LIVES:
            raise Refused(50027)
        return exchange

    def _original(self, call: Call) -> Post:
        original = self._exchange(call).original
        if original is None or original.id not in self.world.messages:
            raise Refused(10008)
        return original

    def _webhook(self, call: Call) -> Webhook:
        for channel in self.world.channels.values():
            hook = channel.webhooks.get(call.path["webhook_id"])
            if hook and hook.token == call.path["webhook_token"]:
                return hook
        raise Refused(10015)

    def _message(self, call: Call) -> Post:
        """A message of this webhook, or an answer to this interaction."""
        number = call.path["message_id"]
        if call.path["webhook_id"] == self.application_id:
            exchange = self._exchange(call)
            for post in (exchange.original, *exchange.followups):
                if post and post.id == number and number in self.world.messages:
                    return post
            raise Refused(10008)
        hook = self._webhook(call)
        post = message_in(self.world, hook.channel, number)
        if post.webhook_id != hook.id:
            raise Refused(50005)
        return post


def _carrying(call: Call, data: Json) -> Call:
    return Call(call.path, call.query, data, call.files)


def _callback_json(exchange: Exchange) -> Json:
    shown: Json = {"id": exchange.id, "type": exchange.kind, "channel_id": exchange.channel.id}
    if exchange.member:
        shown["guild_id"] = exchange.member.guild.id
    reply: Json = {"interaction": shown}
    if exchange.original:
        shown |= {
            "response_message_id": exchange.original.id,
            "response_message_loading": exchange.original.loading,
            "response_message_ephemeral": exchange.original.ephemeral,
        }
        if exchange.response in {MESSAGE, UPDATE}:
            reply["resource"] = {"type": exchange.response, "message": exchange.original.json()}
    return reply
