"""Two servers, everything that can be asked, by anyone: nothing of one desk is seen or changed from the other."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from discord.enums import AppCommandOptionType
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from simcord.backend.models import Message
from simcord.results import InteractionResult

from bot.buttons import ITEMS
from tests.bot.chat.anyone import CHOSEN, TABLES, VERBS, Asker, completed, numbers, texts, typed_of, values
from tests.bot.chat.asking_anything import Command, Pressable, commands_of, forged, menus_of, pressables
from tests.bot.chat.two_desks import COMMON, Both, Side, two_desks


class TwoDesks(RuleBasedStateMachine):
    """What people of both servers ask, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.both = self.runner.run(self.stack.enter_async_context(two_desks(Path(folder))))
        self.shown: list[tuple[Side, Message]] = []  # with something to press under it
        self.forms: list[tuple[Asker, dict[str, Any]]] = []
        self.commands = commands_of(self.both.room.env.bot)
        self.menus = menus_of(self.both.room.env.bot)
        for side in (self.both.left, self.both.right):
            messages = self.both.room.env.backend.messages[side.server.channel.id]
            self.shown += [(side, message) for message in messages.values() if message.components]

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()

    def _asker(self, data: st.DataObject, *, side: Side | None = None) -> Asker:
        found = side or (self.both.left if data.draw(st.booleans(), "at the left") else self.both.right)
        who = data.draw(st.sampled_from(["bo", "ann", "cy", "directly"]), "who")
        return Asker(self.both, found, "bo" if who == "directly" else who, directly=who == "directly")

    def _ask(self, asker: Asker, asking: Awaitable[InteractionResult], *, typed: object = "") -> None:
        result = self.runner.run(asker.ask(asking, typed=typed))
        if result.modal is not None:
            self.forms.append((asker, result.modal))
        if result.response is not None and result.response.components:
            self.shown.append((asker.side, result.response._message))

    @rule(data=st.data())
    def a_command_is_given(self, data: st.DataObject) -> None:
        asker, command = self._asker(data), self.commands[data.draw(st.sampled_from(list(self.commands)), "command")]
        given = {}
        for option in command.parameters:
            if option.required or data.draw(st.booleans(), f"with {option.name}"):
                given[option.name] = data.draw(st.sampled_from(values(self.both, asker.side, option)), option.name)
        self._ask(asker, asker.raw.slash(asker.actor, asker.room, command, given), typed=typed_of(given))

    @rule(data=st.data(), letters=st.text(max_size=8))
    def something_istyped_of(self, data: st.DataObject, letters: str) -> None:
        asker = self._asker(data)
        name, option = data.draw(st.sampled_from(completed(self.commands)), "option")
        typed = data.draw(st.sampled_from([letters, "", "a", "bravo", *texts(self.both, asker.side, option)]), "typed")
        self._ask(
            asker, asker.raw.autocomplete(asker.actor, asker.room, self.commands[name], option, typed), typed=typed
        )

    @rule(data=st.data())
    def a_menu_is_opened(self, data: st.DataObject) -> None:
        asker, name = self._asker(data), data.draw(st.sampled_from(self.menus), "menu")
        everywhere = self.both.room.env.backend.messages.values()
        number = data.draw(st.sampled_from([number for room in everywhere for number in room]), "message")
        said = asker.say(data.draw(st.sampled_from(["lunch?", self.both.web.url(COMMON)]), "saying"))
        self._ask(asker, asker.raw.menu(asker.actor, asker.room, name, said, number), typed=number)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def what_was_offered_is_pressed(self, data: st.DataObject) -> None:
        side, message = self.shown[-1 - data.draw(st.integers(0, len(self.shown) - 1), "under")]
        asker = self._asker(data, side=side)
        offered = pressables(message.components) or [Pressable("wd:page:watch:0:")]
        what = data.draw(st.sampled_from(offered), "pressed")
        if asker.directly or not message.components:
            message = asker.say(under=what)
        self._ask(asker, asker.raw.press(asker.actor, asker.room, message, what))

    @rule(data=st.data())
    def what_was_never_offered_is_pressed(self, data: st.DataObject) -> None:
        asker = self._asker(data)
        known = [numbers(self.both, each) for each in (self.both.other(asker.side), asker.side)]
        ids = {table: [*known[0][table], *known[1][table]] for table in TABLES}
        ids["drafts"] = known[0]["drafts"]  # one's own are pressed as they are offered
        what = data.draw(st.sampled_from(forged(ids, VERBS)), "pressed")
        self._ask(asker, asker.raw.press(asker.actor, asker.room, asker.say(under=what), what))

    @precondition(lambda self: self.forms)
    @rule(data=st.data())
    def a_form_is_sent(self, data: st.DataObject) -> None:
        opener, form = self.forms.pop(data.draw(st.integers(0, len(self.forms) - 1), "form"))
        asker = self._asker(data, side=opener.side)
        labels = [label["label"] for label in form["components"]]
        pool = texts(self.both, asker.side, "query")
        written = data.draw(st.dictionaries(st.sampled_from(labels), st.sampled_from(pool), max_size=2), "written")
        self._ask(asker, asker.raw.send_form(asker.actor, asker.room, form, written), typed=written)


TestAnyOrder = TwoDesks.TestCase
TestAnyOrder.settings = settings(
    max_examples=2,
    stateful_step_count=32,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a short failing run is no easier to read than a long one, and takes minutes to find
    report_multiple_bugs=False,
)


# ── one after the other ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with two_desks(tmp_path) as opened:
        yield opened


async def test_nothing_of_another_desk_is_reached_by_its_number(both: Both) -> None:
    other = both.right
    await _draft(both, other)
    asker = Asker(both, both.left, "bo")
    ids = {table: found[:1] for table, found in numbers(both, other).items()}
    assert all(ids.values()), "there is a row of everything"
    pressed = forged(ids, VERBS)
    for kind in ITEMS:
        assert any(kind.__discord_ui_compiled_template__.fullmatch(each.custom_id) for each in pressed), kind
    for what in pressed:
        await asker.ask(asker.raw.press(asker.actor, asker.room, asker.say(under=what), what))
    for menu in menus_of(both.room.env.bot):
        for number in both.room.env.backend.messages[other.server.channel.id]:
            await asker.ask(asker.raw.menu(asker.actor, asker.room, menu, asker.say(), number), typed=number)


async def _draft(both: Both, side: Side) -> None:
    """Have something of a desk's wait for its maker's yes."""
    asker = Asker(both, side, "bo")
    command = commands_of(both.room.env.bot)["watch add"]
    await asker.ask(asker.raw.slash(asker.actor, asker.room, command, {"name": side.mark(), "query": side.mark()}))


async def test_nothing_of_another_desk_is_in_any_answer(both: Both) -> None:
    for side in (both.left, both.right):
        asker = Asker(both, side, "bo")
        for message in [*both.room.env.backend.messages[asker.room.id].values()]:
            for what in pressables(message.components):
                await asker.ask(asker.raw.press(asker.actor, asker.room, message, what))
        for command in commands_of(both.room.env.bot).values():
            given = _fitting(command, {each.name: values(both, asker.side, each) for each in command.parameters})
            await asker.ask(asker.raw.slash(asker.actor, asker.room, command, given))
        own = {table: found[-1:] for table, found in numbers(both, asker.side).items()}
        for what in forged({**own, "drafts": []}, VERBS):
            await asker.ask(asker.raw.press(asker.actor, asker.room, asker.say(under=what), what))


async def test_nothing_of_another_desk_is_reached_by_any_option_of_any_command(both: Both) -> None:
    asker, other = Asker(both, both.right, "bo"), both.left
    for command in commands_of(both.room.env.bot).values():
        pools = {option.name: values(both, asker.side, option) for option in command.parameters}
        for option in command.parameters:
            foreign = [value for value in pools[option.name] if both.marks_in(other, repr(getattr(value, "id", value)))]
            rows = [f"row:{both.ids(other, table)[0]}" for table in CHOSEN]
            is_text = option.type is AppCommandOptionType.string and not option.choices
            for value in {*foreign[:1], *(rows if is_text and option.autocomplete else [])}:
                given = {**_fitting(command, pools), option.name: value}
                given = {name: given[name] for name in given if {name, option.name} != {"watch", "tag"}}
                await asker.ask(asker.raw.slash(asker.actor, asker.room, command, given), typed=typed_of(given))


def _fitting(command: Command, pools: dict[str, list[Any]]) -> dict[str, Any]:
    """What makes a command do something: what it requires; a route, which is a watch's or a tag's, is a tag's."""
    return {
        option.name: pools[option.name][0]
        for option in command.parameters
        if option.required or (option.name == "tag" and "watch" in pools)
    }


async def test_nothing_of_another_desk_is_offered_as_people_type(both: Both) -> None:
    asker, commands = Asker(both, both.right, "bo"), commands_of(both.room.env.bot)
    for name, option in completed(commands):
        for typed in ("", both.left.prefix):
            await asker.ask(asker.raw.autocomplete(asker.actor, asker.room, commands[name], option, typed))
