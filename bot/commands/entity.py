"""`/entity …`: named things that queries call `@name`, and every other name they go by.

/entity add ─Entity→ editing.add_entity → its card        Edit ─EntityForm→ editing.change_entity
"""

from discord import TextStyle, app_commands
from discord.ui import Label, TextInput

from bot.answers import entity as answers
from bot.answers.reply import Reply, done, said
from bot.asking import Ask, Asked
from bot.buttons.base import view_of
from bot.buttons.forms import LONGEST, Form, fitting
from bot.buttons.rows import RowButton, list_reply, really
from bot.commands import choices
from bot.commands.entries import entry, listed, refuse_file_row
from bot.entries import named
from bot.nouns import Listing, Noun
from config.watchlist import Entity
from watchers.matching.query import entities_in
from watchers.storage import editing
from watchers.storage.names import NamedEntity

group = app_commands.Group(name="entity", description="Named things that queries call @name, and their other names")
Choice = app_commands.autocomplete(name=choices.entities)


@group.command(name="add", description="Add an entity: queries may then call it @name")
@app_commands.describe(
    name="How queries call it, as nypd", full_name="Its full name", aliases="Its other names, separated by commas"
)
async def add(interaction: Asked, name: str, full_name: str, aliases: str = "") -> None:
    """Make an entity, and show it."""
    ask = Ask(interaction, "entity add")
    await ask.think()
    made = entry(Entity, name=full_name, aliases=listed(aliases))
    await ask.write(editing.add_entity, ask.by, named(name.removeprefix("@")), made)
    await ask.answer(await show(ask, choices.chosen("entity", name.removeprefix("@"), ask.desk.entities).id))


@group.command(name="edit", description="Change an entity's names")
@app_commands.describe(name="The entity")
@Choice
async def edit(interaction: Asked, name: str) -> None:
    """Open the form with the names as they are."""
    ask = Ask(interaction, "entity edit")
    await _edit(ask, choices.chosen("entity", name, ask.desk.entities).id)


@group.command(name="list", description="The desk's entities")
async def list_(interaction: Asked) -> None:
    """Show the first page."""
    ask = Ask(interaction, "entity list")
    await ask.think()
    await ask.answer(await list_reply(ask, "entity"))


@group.command(name="remove", description="Remove an entity that no watch asks for")
@app_commands.describe(name="The entity")
@Choice
async def remove(interaction: Asked, name: str) -> None:
    """Ask whether it is meant."""
    ask = Ask(interaction, "entity remove")
    await ask.think()
    chosen = choices.chosen("entity", name, ask.desk.entities)
    await ask.answer(await really(ask, "entity", chosen.id))


class EntityForm(Form):
    """An entity's names, to be changed."""

    def __init__(self, entity: NamedEntity) -> None:
        """Filled with the names as they are."""
        super().__init__(f"Edit @{entity.name}", "entity edit")
        self.entity_id = entity.id
        self.label = TextInput[Form](default=fitting(entity.name, entity.label), max_length=LONGEST)
        self.aliases = TextInput[Form](
            style=TextStyle.paragraph,
            default=fitting(entity.name, "\n".join(entity.aliases)),
            required=False,
            max_length=LONGEST,
        )
        self.add_item(Label(text="Full name", component=self.label))
        self.add_item(Label(text="Other names", description="One a line", component=self.aliases))

    async def sent(self, ask: Ask) -> None:
        """Change it, and show it."""
        await ask.think()
        made = entry(Entity, name=self.label.value, aliases=listed(self.aliases.value))
        await ask.write(editing.change_entity, ask.by, self.entity_id, made)
        await ask.answer(await show(ask, self.entity_id))


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────


async def page(ask: Ask, _: str) -> Listing:
    """The list."""
    return Listing(
        title="Entities",
        lines=tuple(answers.line(entity) for entity in ask.desk.entities),
        empty="None yet. Add one by `/entity add`: queries may then call it by its `@name`.",
    )


async def show(ask: Ask, row: int) -> Reply:
    """An entity with what can be done with it."""
    entity = of_row(ask, row)
    used_by = tuple(watch.name for watch in ask.desk.watches if entity.name.casefold() in entities_in(watch.query))
    verbs = ("adopt",) if entity.origin == "file" else ("edit", "remove")
    return Reply(
        embed=answers.shown(entity, used_by), view=view_of(*(RowButton("entity", verb, entity.id) for verb in verbs))
    )


def of_row(ask: Ask, row: int) -> NamedEntity:
    """An entity of the desk."""
    found: NamedEntity = choices.chosen("entity", f"row:{row}", ask.desk.entities)
    return found


async def _edit(ask: Ask, row: int) -> None:
    entity = of_row(ask, row)
    refuse_file_row(entity, "entity")
    await ask.interaction.response.send_modal(EntityForm(entity))


async def _remove(ask: Ask, row: int) -> None:
    name = await ask.write(editing.remove, ask.by, "entity", row)
    await ask.answer(done(f"Entity @{said(name)} is removed."))


async def _adopt(ask: Ask, row: int) -> None:
    await ask.write(editing.adopt, ask.by, "entity", row)
    await ask.answer(await show(ask, row))


NOUN = Noun(
    name="entity",
    lister=page,
    shower=show,
    verbs={"edit": _edit, "remove": _remove, "adopt": _adopt},
    forms=frozenset(("edit",)),
)
