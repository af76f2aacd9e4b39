"""`/story …`: what the desk found, by its words; one story with all that is known of it; pages that it had itself.

/story search ─asked_for→ does a text answer? ─looking_back.search→ stories        /story show ─looking_back.one→ one
/story known ─at_article→ known_page ─remember→ later copies are never told
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from discord import app_commands

from bot.answers import story as answers
from bot.answers.reply import Reply, said
from bot.asking import Ask, Asked
from bot.buttons.rows import list_reply
from bot.cards.words import counted
from bot.commands import choices
from bot.commands.entries import entry
from bot.known_pages import known_page
from bot.nouns import Listing, Noun
from bot.source_trial import refuse_unsafe
from config.watchlist import Source
from watchers.errors import ConfigError, QueryError
from watchers.matching.matcher import Document, Matcher
from watchers.matching.query import compile_query
from watchers.storage import feedback, looking_back

LONGEST: Final = 60  # characters of a search, which the buttons that turn its pages carry
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
group = app_commands.Group(
    name="story", description="What the desk found, where it was told, and what it knows already"
)


@group.command(name="search", description="Find stories by words in their headlines or texts, the newest first")
@app_commands.describe(
    text="Words that all stand in it; or a query as watches have, with AND, OR, quotes and @entities",
    days="How many days back; without, 30",
)
async def search(
    interaction: Asked,
    text: app_commands.Range[str, 1, LONGEST],
    days: app_commands.Range[int, 1, 365] = 30,
) -> None:
    """Show the first page of what is found."""
    ask = Ask(interaction, "story search")
    await ask.think()
    await ask.answer(await list_reply(ask, "story", f"{days}:{' '.join(text.split())}"))


@group.command(name="show", description="A story: who had it first, its copies, its watches, where it was told")
@app_commands.describe(story="The story; or its number, as #12")
@app_commands.autocomplete(story=choices.stories)
async def show_(interaction: Asked, story: str) -> None:
    """Show it."""
    ask = Ask(interaction, "story show")
    await ask.think()
    await ask.answer(await show(ask, choices.story_chosen(story)))


@group.command(name="known", description="A page that you had already: later copies of it are never told")
@app_commands.describe(url="The article's address")
async def known(interaction: Asked, url: str) -> None:
    """Read the page, and remember it."""
    ask = Ask(interaction, "story known")
    await ask.think()
    await ask.answer(await make_known(ask, url))


async def make_known(ask: Ask, url: str) -> Reply:
    """Read the page at an address and make it known. Raises ConfigError where it is none that may be asked."""
    address = entry(Source, url=url.strip()).url
    await refuse_unsafe(ask.office.look.guard, address)
    reading = await ask.office.look.at_article(address)
    text = known_page(address, reading)
    new = await ask.write(feedback.remember, ask.by, text)
    return Reply(embed=answers.made_known(text, reading, new=new))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────


async def page(ask: Ask, filtered: str) -> Listing:
    """What a search (days:words) finds."""
    days, _, text = filtered.partition(":")
    since = ask.office.clock() - timedelta(days=int(days))
    heard = asked_for(text, ask.desk.entity_names)
    found = await ask.office.database.read_long(looking_back.search, ask.desk.id, since, heard)
    return Listing(
        title=f"Stories with “{said(text, LONGEST)}” in {counted(int(days), 'day')}",
        lines=tuple(map(answers.line, found.stories)),
        empty=answers.not_whole(found) or "None in these days. Ask for more days, or for fewer or other words.",
        head=answers.not_whole(found),
    )


async def show(ask: Ask, row: int) -> Reply:
    """A story of the desk."""
    whole = await ask.read(looking_back.one, ask.desk.id, row)
    return Reply(embed=answers.shown(whole, str(ask.interaction.guild_id)))


def asked_for(text: str, entities: Mapping[str, Sequence[str]]) -> Callable[[Document], bool]:
    """Whether a document answers a query; or, where it is none, whether it holds all the words.

    Raises ConfigError where there are none.
    """
    try:
        query = compile_query(text, entities)
    except QueryError:
        words = _WORD.findall(text)
        if not words:
            raise ConfigError(f"{text}: nothing to look for: write a word or two") from None
        query = compile_query(" AND ".join(f'"{word}"' for word in words), entities)
    matcher = Matcher({1: query})
    return lambda document: bool(matcher.match(document))


NOUN = Noun(name="story", lister=page, shower=show)
