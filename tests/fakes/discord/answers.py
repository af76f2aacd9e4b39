"""What a person gets back for an action: the bot's first answer, and what becomes of it."""

from dataclasses import dataclass

from tests.fakes.discord.exchanges import DEFERRED, DEFERRED_UPDATE, MODAL, Exchange
from tests.fakes.discord.posts import Attachment, Post
from tests.fakes.discord.world import Json, World


@dataclass(frozen=True)
class Field:
    """One field of a modal. `label` is its own or that of the label component around it."""

    label: str
    component: Json

    @property
    def custom_id(self) -> str:
        return str(self.component["custom_id"])

    @property
    def value(self) -> str:
        """What is filled in already, for a text input."""
        return self.component.get("value") or ""

    @property
    def required(self) -> bool:
        return self.component.get("required") is not False


@dataclass(frozen=True)
class Modal:
    """The form that the answer opens. `data` is the JSON as sent."""

    data: Json

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def custom_id(self) -> str:
        return str(self.data["custom_id"])

    @property
    def fields(self) -> list[Field]:
        found = []
        for one in self.data["components"]:
            if one["type"] == 18:
                found.append(Field(one["label"], one["component"]))
            elif one["type"] == 1:
                found += [Field(inner.get("label") or "", inner) for inner in one["components"]]
        return found

    def field(self, name: str) -> Field:
        """By label or custom id."""
        for field in self.fields:
            if name in (field.label, field.custom_id):
                return field
        raise AssertionError(f"the modal has no field {name!r}, only {[field.label for field in self.fields]}")


class Answer:
    """`type` is the callback's. All the rest reads the message as it stands at the moment of asking."""

    def __init__(self, world: World, exchange: Exchange) -> None:
        self._world, self._exchange = world, exchange
        assert exchange.response is not None
        self.type = exchange.response
        self.modal = Modal(exchange.modal) if exchange.modal else None

    def __repr__(self) -> str:
        return f"<Answer {self.type} to {self._exchange.name!r}: {self.text!r}>"

    @property
    def exchange(self) -> Exchange:
        return self._exchange

    @property
    def deferred(self) -> bool:
        return self.type in {DEFERRED, DEFERRED_UPDATE}

    @property
    def message(self) -> Post | None:
        """The answer itself; for an update the message with the component; None for a modal."""
        return self._exchange.original

    @property
    def ephemeral(self) -> bool:
        return self.message is not None and self.message.ephemeral

    @property
    def content(self) -> str:
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[Json]:
        return self.message.components if self.message else []

    @property
    def buttons(self) -> list[Json]:
        return self.message.buttons if self.message else []

    @property
    def labels(self) -> list[str]:
        return self.message.labels if self.message else []

    @property
    def files(self) -> list[Attachment]:
        return self.message.attachments if self.message else []

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return self.message.text if self.message else ""

    @property
    def pinged(self) -> frozenset[str]:
        """Whom the answer and all its follow-ups would notify."""
        posts = [*([self.message] if self.message else []), *self.followups]
        return frozenset().union(*(post.pinged for post in posts))

    @property
    def followups(self) -> list[Post]:
        with self._world.changed:
            return list(self._exchange.followups)

    def final(self) -> Post:
        """The message as it stands once a deferred answer was given; at once where nothing was deferred."""
        if self.type == MODAL:
            raise AssertionError(f"the answer to {self._exchange.name!r} is a modal, which has no message")
        self._world.until(lambda: self._exchange.settled, f"the answer to {self._exchange.name!r} after its defer")
        if self.type == DEFERRED_UPDATE and self.followups:
            return self.followups[-1]
        if self.message is None:
            raise AssertionError(f"the answer to {self._exchange.name!r} was deleted")
        return self.message
