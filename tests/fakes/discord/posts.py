"""Messages as they stand, with their files: what tests read and what Discord's JSON for them is."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.components import inside
from tests.fakes.discord.mentions import Mentioned
from tests.fakes.discord.world import Json, User, iso

if TYPE_CHECKING:
    from tests.fakes.discord.channels import Channel

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True)
class Upload:
    """A file that a person attaches to a command or a modal."""

    filename: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Attachment:
    """A file of a message. `url` is served by the fake."""

    id: str
    filename: str
    content: bytes
    content_type: str
    url: str
    description: str | None = None

    def json(self, *, ephemeral: bool = False) -> Json:
        shown: Json = {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.content),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.description:
            shown["description"] = self.description
        return shown | {"ephemeral": True} if ephemeral else shown


@dataclass(eq=False, repr=False)
class Post:
    """A message. `pinged` holds the ids of those its first version would notify, "everyone" for all.

    `receiver` is the one person who sees an ephemeral message. `edits` counts how often it was changed.
    """

    id: str
    channel: "Channel"
    author: User
    created: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentioned: Mentioned = field(default_factory=Mentioned)
    pinged: frozenset[str] = frozenset()
    nonce: str | None = None
    flags: int = 0
    edits: int = 0
    edited: float | None = None
    webhook_id: str | None = None
    application_id: str | None = None
    interaction_metadata: Json | None = None
    reference: Json | None = None
    receiver: User | None = None

    def __repr__(self) -> str:
        return f"<Post by {self.author.name} in #{self.channel.name}: {self.text!r}>"

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """“… is thinking”."""
        return bool(self.flags & LOADING)

    @property
    def url(self) -> str:
        guild = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{guild}/{self.channel.id}/{self.id}"

    @property
    def buttons(self) -> list[Json]:
        """Every button, wherever it is in the message."""
        return [one for one in inside(self.components) if one["type"] == 2]

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons."""
        return [button.get("label", "") for button in self.buttons]

    @property
    def text(self) -> str:
        """All that can be read: content, embeds and text components, a line each."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", "")]
            lines += [f"{one['name']}\n{one['value']}" for one in embed.get("fields", ())]
            lines.append(embed.get("footer", {}).get("text", ""))
        lines += [one["content"] for one in inside(self.components) if one["type"] == 10]
        return "\n".join(line for line in lines if line)

    def delete(self) -> None:
        """Deleted by somebody in the channel."""
        with self.channel.world.changed:
            self.channel.forget(self)

    def json(self) -> Json:
        guild = self.channel.guild
        people = [guild.members[one].user for one in self.mentioned.users if one in guild.members] if guild else []
        shown: Json = {
            "id": self.id,
            "type": 0 if self.interaction_metadata is None else 20,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": self.content,
            "embeds": self.embeds,
            "components": self.components,
            "attachments": [one.json(ephemeral=self.ephemeral) for one in self.attachments],
            "mentions": [user.json() for user in people],
            "mention_roles": list(self.mentioned.roles),
            "mention_everyone": self.mentioned.everyone,
            "timestamp": iso(self.created),
            "edited_timestamp": iso(self.edited) if self.edited else None,
            "flags": self.flags,
            "pinned": False,
            "tts": False,
        }
        for name in ("nonce", "webhook_id", "application_id", "interaction_metadata"):
            if (value := getattr(self, name)) is not None:
                shown[name] = value
        if self.reference:
            shown |= {"message_reference": self.reference, "type": 19}
        return shown
