"""Following an address from chat: looked at first, previewed, and saved only on a yes.

URL ─proposal→ checked, fetched once, heard by the desk's watches → preview with Save and Discard (a draft)
             └→ a web page that links to feeds → a menu of them ─choose→ that one's preview
Save ─editing.add_source→ followed
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from discord import SelectOption

from bot import source_trial
from bot.answers import source as answers
from bot.answers.reply import Reply
from bot.answers.source import Trial
from bot.asking import Ask
from bot.buttons.base import view_of
from bot.buttons.draft_menu import CHOSEN, DraftMenu
from bot.buttons.drafts import DraftButton, Drafted
from bot.commands.entries import entry
from bot.entries import named
from config.names import free_name
from config.watchlist import Source
from watchers.fetch.redact import redact_url
from watchers.models import Parsed, SourceMemory
from watchers.storage import drafts, editing
from watchers.storage.drafts import Draft
from watchers.storage.sources import FollowView

ACT: Final = "source add"
_PAGE: Final = "page"  # the menu's last option: the web page itself
_LABEL: Final = 100


async def propose(
    ask: Ask, url: str, *, name: str = "", every: str | None = None, read: str = "all", tags: Sequence[str] = ()
) -> None:
    """Look at an address and answer with what following it would bring. Raises ConfigError where it can't be."""
    wanted = {"url": url.strip(), "kind": "auto", "every": every, "read": read, "tags": list(tags)}
    await ask.answer(await proposal(ask, name, wanted))


async def proposal(ask: Ask, name: str, wanted: Mapping[str, Any]) -> Reply:
    """The preview of an address that is wanted; or, for a web page that links to feeds, the choice among them."""
    made = entry(Source, **wanted)
    if name:
        named(name)
    memory = SourceMemory(kind=made.kind)
    parsed = await source_trial.look(ask.office.look, made.url, memory, to_follow=True)
    if parsed.feeds:
        return await _choice(ask, name, {**wanted, "feeds": list(parsed.feeds)})
    taken = {source.name for source in ask.desk.sources}
    chosen = name or free_name(parsed.title, made.url, taken)
    trial = await tried(ask, made.url, parsed, FollowView(desk_id=ask.desk.id, name=chosen, tags=frozenset(made.tags)))
    draft = await ask.write(drafts.keep, ask.by, chosen, wanted)
    return Reply(
        embed=answers.preview(chosen, trial),
        view=view_of(DraftButton("save", draft), DraftButton("discard", draft)),
    )


async def tried(ask: Ask, url: str, parsed: Parsed, follow: FollowView) -> Trial:
    """What an address showed, with those of the desk's watches that would listen to it and answer."""
    listening = await ask.office.listener.current()
    if parsed.page is not None:
        heard = source_trial.heard_page(parsed.page, url, listening, ask.desk.id, (follow,))
        return Trial(url=url, parsed=parsed, of_page=heard)
    heard_items = await asyncio.to_thread(source_trial.heard, parsed, listening, ask.desk.id, (follow,))
    return Trial(url=url, parsed=parsed, heard=heard_items)


async def _choice(ask: Ask, name: str, wanted: Mapping[str, Any]) -> Reply:
    draft = await ask.write(drafts.keep, ask.by, name, wanted)
    options = [
        SelectOption(label=redact_url(feed)[-_LABEL:], value=str(number)) for number, feed in enumerate(wanted["feeds"])
    ]
    options.append(SelectOption(label="The page's own text", value=_PAGE, description="Told when its words change"))
    return Reply(
        embed=answers.feeds_instead(wanted["url"], wanted["feeds"]),
        view=view_of(DraftMenu(draft, placeholder="Follow which one?", options=options), DraftButton("discard", draft)),
    )


async def _choose(ask: Ask, draft: Draft) -> None:
    """A feed, or the page itself, was chosen: its preview takes the menu's place."""
    wanted = dict(draft.content)
    chosen, feeds = wanted.pop(CHOSEN), wanted.pop("feeds")
    wanted |= {"kind": "page"} if chosen == _PAGE else {"url": feeds[int(chosen)]}
    reply = await proposal(ask, draft.name, wanted)
    await ask.write(drafts.done, ask.by, draft.id)
    await ask.turn(reply)


async def _save(ask: Ask, draft: Draft) -> None:
    """Follow it from now on."""
    made = entry(Source, **draft.content)
    await ask.write(_follow, ask, draft, made)
    source = next(source for source in ask.desk.sources if source.name == draft.name)
    reply = await ask.interaction.client.nouns["source"].shower(ask, source.id)
    reply.embed.title = f"{reply.embed.title} is followed"
    await ask.turn(reply)


def _follow(connection: Any, ask: Ask, draft: Draft, made: Source) -> None:
    editing.add_source(connection, ask.by, draft.name, made, quota=ask.office.most_sources)
    drafts.done(connection, ask.by, draft.id)


DRAFTED: Final = Drafted(act=ACT, verbs={"save": _save, "choose": _choose})
