"""A watch before it is saved: what it would have sent, and what becomes of it.

Proposal ─propose→ kept as a draft, shown with what it would have sent ─Save→ a watch
                                                                      ─Edit→ WatchForm → proposed anew
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from discord import TextStyle
from discord.ui import Label, TextInput

from bot.answers import trial as answers
from bot.answers import watch as watch_answers
from bot.answers.reply import Reply, problem, query_problem, said
from bot.asking import Ask
from bot.buttons.base import view_of
from bot.buttons.drafts import DraftButton
from bot.buttons.forms import LONGEST, Form, fitting
from bot.commands import leads
from bot.commands.entries import entry, listed
from config.watchlist import Watch
from watchers.errors import ConfigError, QueryError
from watchers.matching.query import compile_query
from watchers.storage import editing, proposals
from watchers.storage.drafts import Draft
from watchers.storage.proposals import Proposal
from watchers.storage.trying import Trial, attempt

DAYS: Final = 7


async def propose(ask: Ask, proposal: Proposal, *, instead_of: int | None = None) -> None:
    """Keep a proposal (in place of an earlier one), and show what it would have sent, or what is wrong with it."""
    draft = await ask.write(proposals.keep, ask.by, proposal, instead_of=instead_of)
    edit, discard = DraftButton("edit", draft), DraftButton("discard", draft)
    try:
        _entry(proposal)
        known_sources(ask, proposal.sources)
        trial = await try_out(ask, proposal.name, proposal.query, proposal.sources, DAYS)
        before = await _before(ask, proposal)
    except QueryError as error:
        await ask.answer(Reply(embed=query_problem(error).embed, view=view_of(edit, discard)))
        return
    except ConfigError as error:
        await ask.answer(problem(*error.problems, view=view_of(edit, discard)))
        return
    what = "New watch" if proposal.row is None else "Change of"
    embed = answers.tried(
        f"{what} {said(proposal.name)}: what it would have sent",
        trial,
        query=proposal.query,
        going=_going(ask, proposal),
        notes=tuple(leads.warnings(ask, proposal.lead)) if proposal.lead is not None else (),
        footer="Nothing is saved yet",
        before=before,
    )
    await ask.answer(Reply(embed=embed, view=view_of(DraftButton("save", draft), edit, discard)))


async def try_out(ask: Ask, name: str, query: str, sources: Sequence[str], days: int) -> Trial:
    """What a query would have sent in the last days. Raises QueryError."""
    understood = compile_query(query, ask.desk.entity_names)
    listening = await ask.office.listener.current()
    return await ask.office.database.read_long(
        attempt, listening, ask.desk.id, understood, tuple(sources), watch=name, now=ask.office.clock(), days=days
    )


async def _before(ask: Ask, proposal: Proposal) -> Trial | None:
    """What the watch that is edited would have sent as it is; None for a new one, and one that can't be heard."""
    watch = next((watch for watch in ask.desk.watches if watch.id == proposal.row), None)
    if watch is None:
        return None
    try:
        return await try_out(ask, watch.name, watch.query, watch.sources, DAYS)
    except QueryError:
        return None


def _entry(proposal: Proposal) -> Watch:
    return entry(Watch, query=proposal.query, tags=proposal.tags, sources=proposal.sources)


def known_sources(ask: Ask, words: Sequence[str]) -> None:
    """Raise ConfigError for a word that is no source's name and no tag of one."""
    have = {word for source in ask.desk.sources for word in (source.name, *source.tags)}
    missing = [word for word in words if word not in have]
    if missing:
        raise ConfigError(
            *(f"sources {word}: no source, and no tag of one, is called so: see /source list" for word in missing)
        )


def _going(ask: Ask, proposal: Proposal) -> str:
    if proposal.row is not None:
        return ""  # its routes stay as they are
    lead = proposal.lead
    if lead is None:
        return "nowhere yet: choose a channel, or have the desk's own set by `/desk setup`"
    known = next((row for row in ask.desk.channels if row.name == lead.name), None)
    if lead.chat_id is not None:
        place = f"<#{lead.chat_id}>"
    else:
        place = said(lead.name) if known is None else watch_answers.place(known)
    return f"{place} {watch_answers.manner(lead.when, lead.mention, lead.quiet)}"


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────


class WatchForm(Form):
    """A watch's query, tags and sources."""

    def __init__(self, proposal: Proposal, *, draft: int | None = None) -> None:
        """Filled with what is proposed. `draft`: the one that it was kept as."""
        super().__init__(f"{'New watch' if proposal.row is None else 'Edit'} {proposal.name}", proposal.act)
        self.proposal, self.draft = proposal, draft
        self.query = TextInput[Form](
            style=TextStyle.paragraph,
            default=fitting(proposal.name, proposal.query),
            max_length=LONGEST,
            placeholder='("facial recognition" OR "face recognition") AND police',
        )
        self.tags = TextInput[Form](
            default=fitting(proposal.name, ", ".join(proposal.tags)), required=False, max_length=LONGEST
        )
        self.sources = TextInput[Form](
            default=fitting(proposal.name, ", ".join(proposal.sources)), required=False, max_length=LONGEST
        )
        self.add_item(
            Label(
                text="Query",
                description='AND, OR, NOT, parentheses, "phrases", @entity, word*, a NEAR/5 b, title:, outlet:, lang:',
                component=self.query,
            )
        )
        self.add_item(Label(text="Tags", description="Separated by commas", component=self.tags))
        self.add_item(
            Label(text="Sources", description="Their names or tags; empty: all of them", component=self.sources)
        )

    async def sent(self, ask: Ask) -> None:
        """Show what it would send; a change that changes nothing of that is saved at once."""
        if self.draft is None:
            await ask.think()
        else:
            await ask.interaction.response.defer()  # the preview is replaced
        made = replace(
            self.proposal,
            query=self.query.value.strip(),
            tags=listed(self.tags.value),
            sources=listed(self.sources.value),
        )
        if self.draft is None and made.row is not None and _listens_alike(made, self.proposal):
            known_sources(ask, made.sources)
            await ask.write(editing.change_watch, ask.by, made.row, _entry(made), seen=made.seen)
            await ask.answer(await ask.interaction.client.nouns["watch"].shower(ask, made.row))
        else:
            await propose(ask, made, instead_of=self.draft)


def _listens_alike(made: Proposal, proposal: Proposal) -> bool:
    """Whether two watches send the same: only their tags differ."""
    return (made.query, made.sources) == (proposal.query, proposal.sources)


# ── the buttons ──────────────────────────────────────────────────────────────────────────────────────────


async def save(ask: Ask, draft: Draft) -> Proposal:
    """Make it so: everything is checked anew, for it may be a day old."""
    proposal = proposals.of_draft(draft)
    compile_query(proposal.query, ask.desk.entity_names)
    lead = await leads.again(ask, proposal.lead)
    quota = ask.office.most_watches
    await ask.write(proposals.save, ask.by, draft.id, proposal, _entry(proposal), lead=lead, quota=quota)
    return proposal


async def edit(ask: Ask, draft: Draft) -> None:
    """Open the form with what was proposed."""
    await ask.interaction.response.send_modal(WatchForm(proposals.of_draft(draft), draft=draft.id))
