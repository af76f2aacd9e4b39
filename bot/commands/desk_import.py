"""`/desk import`: a watch list, OPML or CSV that is handed over, previewed, then merged or put in place.

attachment ─read_import→ Watchlist ─plan→ preview with Merge, Replace, Discard (a draft) ─carry_out→ what was done

The draft holds what the file states, as JSON; what may be done with it is decided anew at each press.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Any, Final, Literal

import discord
from discord import app_commands

from bot.answers import desk_import as answers
from bot.asking import Ask, Asked
from bot.buttons.base import view_of
from bot.buttons.drafts import DraftButton, Drafted
from bot.commands.desk import group
from bot.permissions import Right
from bot.prepare import check_query
from config.durations import format_duration
from config.imports import Imported, read_import
from config.problems import QueryProblem
from config.watchlist import Watchlist
from watchers.errors import CannotRun, ConfigError
from watchers.importing import Mode, Plan, Scope, plan
from watchers.storage import drafts, importing
from watchers.storage.drafts import Draft

ACT: Final = "desk import"
LARGEST: Final = 8 * 1024 * 1024  # bytes
_NAME: Final = 100  # characters of a draft's name
_PROBLEMS: Final = 12  # told at once


@group.command(name="import", description="Take watches, sources and entities from a file: watch list, OPML or CSV")
@app_commands.describe(
    file="A watch list (YAML), OPML or CSV, at most 8 MB",
    mode="preview: say what would change · merge: add and change · replace: also remove what the file doesn't have",
)
async def import_(
    interaction: Asked, file: discord.Attachment, mode: Literal["preview", "merge", "replace"] = "preview"
) -> None:
    """Read the file, and preview it or do it."""
    ask = Ask(interaction, ACT)
    await ask.think()
    imported = await _read(ask, file)
    wanted = await asyncio.to_thread(told, imported)
    scope = _scope(ask)
    present = await ask.office.database.read_long(importing.present, ask.desk.id)
    merging = await asyncio.to_thread(plan, present, wanted, scope, "merge")
    if merging.foreign:
        await ask.office.database.write(importing.refuse_foreign, ask.by, merging.foreign)
    if mode == "preview":
        replacing = await asyncio.to_thread(plan, present, wanted, scope, "replace")
        await _preview(ask, file.filename, imported, wanted, merging, replacing)
    else:
        await ask.answer(answers.done(await _carry_out(ask, wanted, mode), mode, imported.notes))


async def _read(ask: Ask, file: discord.Attachment) -> Imported:
    if file.size > LARGEST:
        raise ConfigError(f"{file.filename}: larger than {LARGEST // 1024**2} MB: split the file")
    try:
        content = await file.read()
    except discord.HTTPException as error:
        raise CannotRun(f"{file.filename}: Discord did not hand it over ({error.status}): attach it again") from error
    entities = ask.desk.entity_names

    def check(query: str, of_file: Mapping[str, Sequence[str]]) -> QueryProblem | None:
        return check_query(query, {**entities, **of_file})

    known = await ask.read(importing.known, ask.desk.id)
    try:
        return await asyncio.to_thread(read_import, file.filename, content, check_query=check, known=known)
    except ConfigError as error:
        more = len(error.problems) - _PROBLEMS
        rest = (f"and {more} more: correct these first",) if more > 0 else ()
        raise ConfigError(*error.problems[:_PROBLEMS], *rest) from error


async def _preview(ask: Ask, name: str, imported: Imported, wanted: Watchlist, merging: Plan, replacing: Plan) -> None:
    modes: list[Mode] = []
    if merging and not merging.problems:
        modes.append("merge")
    if replacing and not replacing.problems:
        modes.append("replace")
    view = None
    if modes:
        draft = await ask.write(drafts.keep, ask.by, name[:_NAME], await asyncio.to_thread(plain, wanted))
        view = view_of(*(DraftButton(verb, draft) for verb in (*modes, "discard")))
    await ask.answer(answers.preview(name, merging, replacing, imported.notes, view))


async def _merge(ask: Ask, draft: Draft) -> None:
    await _decided(ask, draft, "merge")


async def _replace(ask: Ask, draft: Draft) -> None:
    await _decided(ask, draft, "replace")


async def _decided(ask: Ask, draft: Draft, mode: Mode) -> None:
    wanted = await asyncio.to_thread(Watchlist.model_validate, draft.content)
    found = await _carry_out(ask, wanted, mode, draft=draft.id)
    await ask.turn(answers.done(found, mode, ()))


async def _carry_out(ask: Ask, wanted: Watchlist, mode: Mode, *, draft: int | None = None) -> Plan:
    by, scope = ask.by, _scope(ask)

    def carry_out(connection: Any) -> Plan:
        found = importing.carry_out(connection, by, wanted, scope, mode)
        if draft is not None:
            drafts.done(connection, by, draft)
        return found

    return await ask.write(carry_out)


def _scope(ask: Ask) -> Scope:
    guild = ask.interaction.guild
    return Scope(
        manages=ask.right >= Right.MANAGE,
        channels=frozenset(str(channel.id) for channel in guild.text_channels) if guild else frozenset(),
        roles=frozenset(str(role.id) for role in guild.roles if not role.is_default()) if guild else frozenset(),
        most_sources=ask.office.most_sources,
        most_watches=ask.office.most_watches,
    )


# ── what a file states, as JSON ──────────────────────────────────────────────────────────────────────────


def told(imported: Imported) -> Watchlist:
    """What the file states and nothing else: of OPML and CSV, whose readers fill in what is missing, no defaults."""
    if imported.kind == "watchlist":
        return imported.watchlist
    return Watchlist.model_validate(plain(imported.watchlist, defaults=False))


def plain(watchlist: Watchlist, *, defaults: bool = True) -> dict[str, Any]:
    """A watch list as JSON, with what it states (or, without `defaults`, what isn't at its default)."""
    stated = watchlist.model_dump(exclude_unset=defaults, exclude_defaults=not defaults)
    found: dict[str, Any] = json.loads(json.dumps(stated, default=_text))
    return found


def _text(value: time | timedelta) -> str:
    if isinstance(value, timedelta):
        return format_duration(value)
    return f"{value:%H:%M}"


DRAFTED: Final = Drafted(act=ACT, verbs={"merge": _merge, "replace": _replace})
