"""From the body of a request to a message: Discord's limits, who may do what, and the message that comes of it.

One path for every way to write: channel messages, webhooks, interaction answers and their edits. `drafted` judges the
body and gives the fields to put on a `Post`; `Refused` says what Discord would say. Limits are those that Discord
documents for messages of bots, whatever the OpenAPI document allows beyond them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.fakes.discord.channels import Channel
from tests.fakes.discord.components import as_kept, faults
from tests.fakes.discord.errors import Refused
from tests.fakes.discord.mentions import Mentioned, mentioned
from tests.fakes.discord.posts import COMPONENTS_V2, EPHEMERAL, LOADING, Attachment, Post, Upload
from tests.fakes.discord.world import Json

_CONTENT = 2000
_EMBEDS = 6000
_FILE = 10 * 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_EMBED_PARTS = {"title": 256, "description": 4096}


@dataclass(frozen=True)
class Author:
    """What the writer may do: permissions bind the bot in a channel, not an interaction's answer or a webhook.

    So an answer without `allowed_mentions` counts as pinging whoever it names: sterner than Discord, on purpose.
    """

    embeds: bool = True
    files: bool = True
    everyone: bool = True


def bot_in(channel: Channel) -> Author:
    """The bot, with its permissions in the channel as they are now."""
    if channel.guild is None:
        return Author()
    bot = channel.guild.bot
    return Author(
        embeds=bot.may("embed_links", channel),
        files=bot.may("attach_files", channel),
        everyone=bot.may("mention_everyone", channel),
    )


@dataclass(frozen=True)
class Draft:
    content: str
    embeds: list[Json]
    components: list[Json]
    attachments: list[Attachment]
    mentioned: Mentioned
    flags: int

    def put_on(self, post: Post) -> None:
        post.content, post.embeds, post.components = self.content, self.embeds, self.components
        post.attachments, post.mentioned, post.flags = self.attachments, self.mentioned, self.flags


def drafted(
    channel: Channel, body: Json, files: Mapping[str, Upload], author: Author, old: Post | None = None
) -> Draft:
    """The message of `body`; fields that an edit leaves out stay as in `old`."""
    content, embeds, components = (old.content, old.embeds, old.components) if old else ("", [], [])
    if "content" in body:
        content = (body["content"] or "").strip()
    if "embeds" in body:
        embeds = [_embed(one) for one in body["embeds"] or ()]
    if "components" in body:
        components = body["components"] or []
    flags = body.get("flags") or 0
    if old:
        flags = (flags or old.flags) & ~LOADING | old.flags & EPHEMERAL
    if files and not author.files:
        raise Refused(50013)
    problems = list(_problems(content, embeds, components, flags))
    if problems:
        raise Refused(50035, problems)
    attachments = _attachments(channel, body, files, old)
    if embeds and not author.embeds:
        if not (content or components or attachments):
            raise Refused(50013)
        embeds = []
    if not (content or embeds or components or attachments):
        raise Refused(50006)
    return Draft(content, embeds, as_kept(components), attachments, _mentioned(channel, content, body, author), flags)


def _problems(content: str, embeds: list[Json], components: list[Json], flags: int) -> Iterator[tuple[str, str]]:
    if len(content) > _CONTENT:
        yield "content", f"Must be {_CONTENT} or fewer in length."
    if len(embeds) > 10:
        yield "embeds", "Must be 10 or fewer in length."
    for index, embed in enumerate(embeds):
        yield from ((f"embeds.{index}.{where}", what) for where, what in _problems_of(embed))
    if sum(map(_length, embeds)) > _EMBEDS:
        yield "embeds", f"Embed size exceeds maximum size of {_EMBEDS}"
    second_version = bool(flags & COMPONENTS_V2)
    if second_version and (content or embeds):
        yield "content", "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2"
    yield from faults(components, second_version=second_version)


def _problems_of(embed: Json) -> Iterator[tuple[str, str]]:
    for part, limit in _EMBED_PARTS.items():
        if len(embed.get(part, "")) > limit:
            yield part, f"Must be {limit} or fewer in length."
    if len(embed.get("fields", ())) > 25:
        yield "fields", "Must be 25 or fewer in length."
    for number, one in enumerate(embed.get("fields", ())):
        for part, limit in (("name", 256), ("value", 1024)):
            if not 1 <= len(one[part].strip()) <= limit:
                yield f"fields.{number}.{part}", f"Must be between 1 and {limit} in length."
    if len(embed.get("footer", {}).get("text", "")) > 2048:
        yield "footer.text", "Must be 2048 or fewer in length."


def _length(embed: Json) -> int:
    """What counts towards the limit over all embeds."""
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]
    texts += [text for one in embed.get("fields", ()) for text in (one["name"], one["value"])]
    return sum(map(len, texts))


def _embed(embed: Json) -> Json:
    """As Discord answers with it: nulls dropped, `inline` filled in."""
    kept = {name: value for name, value in embed.items() if value is not None} | {"type": "rich"}
    if "fields" in kept:
        kept["fields"] = [{"inline": False} | one for one in kept["fields"]]
    return kept


def _attachments(channel: Channel, body: Json, files: Mapping[str, Upload], old: Post | None) -> list[Attachment]:
    named = body.get("attachments")
    before = {one.id: one for one in old.attachments} if old else {}
    described = {str(one["id"]): one for one in named or ()}
    kept = [one for name, one in before.items() if named is None or name in described]
    for field_name, upload in files.items():
        index = field_name.removeprefix("files[").removesuffix("]")
        about = described.get(index, {})
        kept.append(stored(channel, upload, about.get("filename"), about.get("description")))
    known = {*before, *(name.removeprefix("files[").removesuffix("]") for name in files)}
    if unknown := [name for name in described if name not in known]:
        raise Refused(50035, [(f"attachments.{unknown[0]}", "Attachment data not found for the specified ID.")])
    if len(kept) > 10:
        raise Refused(50035, [("attachments", "Must be 10 or fewer in length.")])
    if any(len(one.content) > _FILE for one in kept):
        raise Refused(40005)
    return kept


def stored(channel: Channel, upload: Upload, filename: str | None = None, description: str | None = None) -> Attachment:
    """The file with an address under which the fake serves it."""
    world, name = channel.world, _UNSAFE.sub("_", filename or upload.filename)
    number = world.new_id()
    url = f"{world.base}/attachments/{channel.id}/{number}/{name}?ex=1&is=1&hm=1"
    attachment = Attachment(number, name, upload.content, upload.content_type, url, description)
    world.files[number] = attachment
    return attachment


def _mentioned(channel: Channel, content: str, body: Json, author: Author) -> Mentioned:
    allowed = body.get("allowed_mentions")
    if allowed and (
        both := [one for one in ("users", "roles") if allowed.get(one) and one in (allowed.get("parse") or ())]
    ):
        raise Refused(
            50035, [("allowed_mentions", f'parse:["{both[0]}"] and {both[0]}: [ids...] are mutually exclusive.')]
        )
    guild = channel.guild
    if guild is None:
        return Mentioned()
    return mentioned(
        content,
        allowed,
        users={one.id for one in guild.members.values() if one.may("view_channel", channel)},
        mentionable={role.id for role in guild.roles.values() if role.mentionable or author.everyone},
        may_mention_everyone=author.everyone,
    )
