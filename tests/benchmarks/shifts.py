"""What people do in chat while the benchmark looks at the clock: a shift has every command, autocomplete and button.

Person.slash, menu, typed, press, choose, submit → the fake Discord ─answers→ Waits: seconds, by what was asked for
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bot.buttons import ITEMS
from tests.benchmarks import press, told
from tests.fakes.discord import Answer, Channel, FakeDiscord, Member, Post, Role, Upload

TURNS: Final = 2  # shifts of each person
OUTLETS: Final = 5  # that nobody follows yet, needed in a shift
FILLING_IN: Final = 1.0  # seconds; a form that comes back before its opening was confirmed is nobody's
_MAY_FAIL: Final = frozenset(("/watch undo", "button Undo"))  # somebody else may have done so before
_SAYS_NO: Final = "That didn't work"


@dataclass(slots=True)
class Waits:
    """Seconds to the first answer and to the last, by what was asked for; and what was pressed."""

    first: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    last: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pressed: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, asked: str, first: float, last: float | None) -> None:
        """`last` None: the first answer is all."""
        with self.lock:
            self.first[asked].append(first)
            if last is not None:
                self.last[asked].append(last)


@dataclass(slots=True, kw_only=True)
class Person:
    """Someone at work in a channel. What they get is as it should be, or the benchmark ends."""

    discord: FakeDiscord
    who: Member
    number: int
    rooms: list[Channel]
    editors: Role
    waits: Waits
    outlets: Iterator[str]

    @property
    def room(self) -> Channel:
        """Where they ask."""
        return self.rooms[self.number % len(self.rooms)]

    def slash(self, command: str, *, called: str = "", **options: Any) -> Answer:
        """Use a command; returns its answer once it is whole."""
        asked = f"/{called or command}"
        return self._timed(asked, lambda: self.discord.slash(self.who, self.room, command, **options))

    def menu(self, name: str, message: Post) -> Answer:
        """Use a message's menu."""
        return self._timed(f"menu {name}", lambda: self.discord.menu(self.who, message.channel, name, message))

    def press(self, on: Answer | Post, label: str, *, called: str = "") -> Answer:
        """Press a button."""
        buttons = on.buttons
        self.waits.pressed.update(one["custom_id"] for one in buttons if one.get("label") == label)
        return self._timed(f"button {called or label}", lambda: self.discord.press(self.who, on, label))

    def choose(self, on: Answer, select: str, option: int = 0) -> Answer:
        """Choose in a menu under an answer."""
        (menu,) = (one for row in on.components for one in row["components"] if one.get("placeholder") == select)
        value = menu["options"][option]["value"]
        self.waits.pressed.add(menu["custom_id"])
        return self._timed(f"menu {select}", lambda: self.discord.choose(self.who, on, select, value))

    def submit(self, form: Answer, fields: dict[str, str]) -> Answer:
        """Send a form, as soon as anyone could have filled it in."""
        time.sleep(FILLING_IN)
        return self._timed(f"form of {form.exchange.name}", lambda: self.discord.submit(self.who, form, fields))

    def typed(self, command: str, option: str, text: str, **others: Any) -> str:
        """Type into an option; returns the first choice's value."""
        began = time.monotonic()
        choices = self.discord.autocomplete(self.who, self.room, command, option, text, **others)
        self.waits.add(f"/{command} {option}…", time.monotonic() - began, None)
        assert choices, f"nothing is offered for {text!r} in /{command} {option}"
        return str(choices[0]["value"])

    def _timed(self, asked: str, ask: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        answer = ask()
        first = time.monotonic() - began
        if answer.modal is not None:
            self.waits.add(asked, first, None)
            return answer
        said = answer.final().text
        self.waits.add(asked, first, time.monotonic() - began)
        assert "fault of Wiredesk" not in said, f"{asked}: {said}"
        assert _SAYS_NO not in said or asked in _MAY_FAIL, f"{asked}: {said}"
        return answer


def shift(person: Person, turn: int) -> None:
    """Everything once; what takes the desk seconds only in the first turn."""
    one = person.number * TURNS + turn
    _look_around(person)
    _watches(person, one)
    _entities(person)
    _sources(person, one)
    _routes(person, one)
    _stories(person, one)
    _desk(person)
    _alerts(person, one)
    if turn == 0:
        _trials(person, one)
        _whole_lists(person)


def take_back(person: Person) -> None:
    """Changes that are taken back. By one person: whoever asks takes back the last change of all."""
    for number in range(TURNS):
        form = person.slash("watch edit", name=told.watch_name(number))
        person.submit(form, {"Tags": f"beat-{number:02}"})
        person.slash("watch undo")


def _look_around(person: Person) -> None:
    person.slash("help")
    person.slash("help", topic="start")
    person.slash("status")
    person.typed("digest now", "tag", "beat")
    person.slash("digest now", hours=24)


def _watches(person: Person, one: int) -> None:
    page = person.slash("watch list")
    person.press(page, "More ›")
    person.choose(page, "Open one …")
    person.typed("watch list", "tag", "be")
    person.slash("watch list", tag=told.TAGS[one % len(told.TAGS)], called="watch list tag")
    name = f"watch-1{one:02}"
    person.slash("watch show", name=person.typed("watch show", "name", name))
    form = person.slash("watch edit", name=person.typed("watch edit", "name", name))
    person.submit(form, {"Tags": "beat-02"})
    person.slash("watch pause", name=person.typed("watch pause", "name", name), hours=2)
    person.slash("watch resume", name=person.typed("watch resume", "name", name))
    really = person.slash("watch remove", name=person.typed("watch remove", "name", f"watch-2{one:02}"))
    person.press(really, "Yes, remove it")


def _trials(person: Person, one: int) -> None:
    """What is tried on a week's articles."""
    name = f"bench-{time.monotonic_ns()}"
    rare = press.names()[one]
    person.slash("watch test", name=person.typed("watch test", "name", "watch-3"))
    person.typed("watch add", "tag", "beat-1", name=name)
    person.typed("watch add", "sources", "b", name=name)
    preview = person.slash("watch add", name=name, query=f'"{rare}" AND NOT lang:de', tag="beat-01")
    form = person.press(preview, "Edit")
    changed = person.submit(form, {"Query": f'"{rare}" OR "{rare} again"'})
    person.press(changed, "Save")
    form = person.slash("watch add", name=f"{name}-2", called="watch add (form)")
    person.press(person.submit(form, {"Query": f'"{rare}" NEAR/3 Monday'}), "Discard")


def _entities(person: Person) -> None:
    name = f"bench-{time.monotonic_ns()}"
    person.slash("entity list")
    person.slash("entity add", name=name, full_name="Somebody New", aliases="S. New, Some New")
    form = person.slash("entity edit", name=person.typed("entity edit", "name", name))
    person.submit(form, {"Full name": "Somebody Else"})
    person.press(person.slash("entity remove", name=person.typed("entity remove", "name", name)), "Yes, remove it")


def _sources(person: Person, one: int) -> None:
    name = f"bench-{time.monotonic_ns()}"
    page = person.slash("source list")
    person.press(page, "More ›")
    person.choose(page, "Open one …")
    person.slash("source list", state="failing", called="source list failing")
    number = f"{one * 7:04}"
    person.slash("source show", name=person.typed("source show", "name", number))
    person.slash("source test", name=person.typed("source test", "name", number))
    chosen = person.typed("source pause", "name", number)
    person.slash("source pause", name=chosen)
    person.typed("source resume", "name", number)
    person.slash("source resume", name=chosen)
    person.typed("source add", "tag", "beat", url="https://news.example/")
    preview = person.slash("source add", url=f"{next(person.outlets)}/feed", name=name)
    person.press(preview, "Save")
    really = person.slash("source remove", name=person.typed("source remove", "name", name))
    person.press(really, "Yes, remove it")
    feeds = person.slash("source add", url=f"{next(person.outlets)}/", called="source add (web page)")
    person.press(person.choose(feeds, "Follow which one?", 1), "Discard")


def _routes(person: Person, one: int) -> None:
    room = person.rooms[(one + 1) % len(person.rooms)]
    person.slash("route list")
    watch = person.typed("route set", "watch", f"watch-{one:02}", channel=room)
    person.slash("route set", channel=room, watch=watch)
    tag = person.typed("route set", "tag", f"beat-{one % 10:02}", channel=room)
    person.slash("route set", channel=room, tag=tag, called="route set tag")
    person.typed("route clear", "watch", "watch")
    person.typed("route clear", "tag", "beat")
    channel = person.typed("route clear", "channel", room.name)
    person.slash("route clear", watch=watch, channel=channel)
    person.slash("route test", channel=person.rooms[-1])


def _stories(person: Person, one: int) -> None:
    person.slash("story search", text=press.names()[one + 1])
    many = person.slash("story search", text="said AND Monday", called="story search (all there are)")
    person.choose(many, "Open one …")
    person.slash("story search", text="nobody wrote this ever", called="story search (nothing)")
    person.slash("story show", story=person.typed("story show", "story", "a"))
    person.slash("story known", url=f"{next(person.outlets)}/1")


def _desk(person: Person) -> None:
    person.typed("desk setup", "timezone", "new y", channel=person.rooms[0], editors_role=person.editors)
    person.slash("desk setup", channel=person.rooms[0], editors_role=person.editors)
    person.slash("desk pause-all")
    person.slash("desk resume-all")
    acts = person.slash("desk audit")
    person.press(acts, "More ›")
    person.choose(acts, "Open one …")


def _whole_lists(person: Person) -> None:
    small = f"version: 1\nentities:\n  import-{time.monotonic_ns()}: {{name: Some Body}}\n"
    person.slash("desk import", file=Upload("watchlist.yaml", small.encode()), mode="merge")
    whole = person.slash("desk export").files[0].content
    person.slash("desk import", file=Upload("watchlist.yaml", whole), called="desk import (all there is)")


def _alerts(person: Person, one: int) -> None:
    posts = [post for room in person.rooms for post in room.messages if "Why?" in post.labels]
    several = [post for post in posts if _watches_of(post) > 1]
    post = posts[one % len(posts)]
    person.press(post, "Why?")
    reasons = person.press(post, "Not relevant")
    person.press(reasons, reasons.labels[one % len(reasons.labels)], called="of a reason")
    person.press(post, "Add to known")
    which = person.press(several[one % len(several)], "Mute…")
    person.press(person.choose(which, "For which watch?"), "Undo")
    person.menu("Why this alert?", post)
    link = person.room.say(person.who, f"seen this? {next(person.outlets)}/2")
    person.menu("Add to known stories", link)
    link = person.room.say(person.who, f"and {next(person.outlets)}/feed, perhaps")
    person.press(person.menu("Watch this link", link), "Discard")


def _watches_of(post: Post) -> int:
    return sum(told.watch_name(number) in post.text for number in range(told.WATCHES))


def left_out(discord: FakeDiscord, waits: Waits) -> list[str]:
    """Commands, autocompletes and kinds of buttons that nobody used."""
    missing = []
    for command in discord.commands():
        if command["type"] != 1:
            missing.append(f"menu {command['name']}")
            continue
        for path, options in _leaves(command["name"], command.get("options", [])):
            missing.append(f"/{path}")
            missing += [f"/{path} {option['name']}…" for option in options if option.get("autocomplete")]
    return [asked for asked in missing if asked not in waits.first] + [
        item.__name__
        for item in ITEMS
        if not any(item.__discord_ui_compiled_template__.fullmatch(pressed) for pressed in waits.pressed)
    ]


def _leaves(path: str, options: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    inner = [option for option in options if option["type"] in {1, 2}]
    if not inner:
        yield path, options
    for option in inner:
        yield from _leaves(f"{path} {option['name']}", option.get("options", []))
