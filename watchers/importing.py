"""What an import would do to a desk: decided here, done by `watchers.storage.importing`. Pure.

    Present (the desk as it is) + Watchlist (the file) + Scope (who brings it) + mode ─plan→ Plan

Rows of the watch-list file are never touched. `merge` lays what the file states over people's rows; `replace` makes
people's rows as the file has them, and removes the others that nothing needs. Nothing goes to a place that the server
doesn't own: channels come from chat only as channels of the server itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from config.names import Names
from config.watchlist import Channel, Entity, Route, Source, Watch, Watchlist
from watchers.errors import QueryError
from watchers.fetch.redact import redact_url
from watchers.matching.query import compile_query, entities_in
from watchers.storage.uses import Noun

Mode = Literal["merge", "replace"]
_Entry = TypeVar("_Entry", bound=BaseModel)
_SETTINGS = ("timezone", "digest_at", "admin_channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The desk as it is: every row, those of the watch-list file by name, and what of its settings the file states."""

    watchlist: Watchlist
    of_file: Mapping[Noun, frozenset[str]]
    stated: frozenset[str]
    led_to: frozenset[str]  # channels that tags are led to


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Who imports, from where, and how much the desk may have."""

    manages: bool  # may set channels, routes and the desk's settings
    channels: frozenset[str]  # ids of the server's channels
    roles: frozenset[str]  # and of its roles, without @everyone
    most_sources: int
    most_watches: int


@dataclass(slots=True)
class Plan:
    """What is to be done, and what people are told of it. Entries are as they will be."""

    settings: dict[str, Any] = field(default_factory=dict)  # of the desk
    channels: dict[str, Channel] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    removed: list[tuple[Noun, str]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)  # `noun name`, as the next two
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # the watch-list file's
    left_out: list[str] = field(default_factory=list)  # `what: why`
    foreign: list[tuple[str, str]] = field(default_factory=list)  # channels of other servers: name and id
    problems: list[str] = field(default_factory=list)  # why nothing of it can be done

    def __bool__(self) -> bool:
        return bool(self.settings or self.added or self.changed or self.removed)


def plan(present: Present, wanted: Watchlist, scope: Scope, mode: Mode) -> Plan:
    """Decide what importing `wanted` comes to."""
    return _Planner(present, wanted, scope, mode).plan()


class _Planner:
    """Goes through the file once, channels first, since routes lead to them, and watches last."""

    def __init__(self, present: Present, wanted: Watchlist, scope: Scope, mode: Mode) -> None:
        self.present, self.wanted, self.scope, self.mode = present, wanted, scope, mode
        self.now = present.watchlist
        self.done = Plan()
        self.channel_names: dict[str, str] = {}  # the file's → the desk's
        self.source_names: dict[str, str] = {}
        self.hidden = _hidden(self.now.sources)

    def plan(self) -> Plan:
        self._channels()
        self._settings()
        self._entities()
        self._sources()
        self._watches()
        if self.mode == "replace":
            self._removals()
        self._quotas()
        return self.done

    # ── channels and settings ────────────────────────────────────────────────────────────────────────────

    def _channels(self) -> None:
        here = {channel.id: name for name, channel in self.now.channels.items() if channel.kind == "discord"}
        names = Names({*self.now.channels, *self.present.of_file["channel"]})
        for name, channel in self.wanted.channels.items():
            if channel.id is not None and channel.id not in self.scope.channels:
                self.done.foreign.append((name, channel.id))
                self._leave_out(f"channel {name}", "not a channel of this server")
            elif not self.scope.manages:
                continue
            elif channel.id in here and channel.kind == "discord":
                self.channel_names[name] = here[channel.id]
            elif channel.kind == "discord":
                self.channel_names[name] = here[channel.id] = names.take(name)
                self.done.channels[here[channel.id]] = channel
                self.done.added.append(f"channel {here[channel.id]}")
            elif self.now.channels.get(name) == channel:
                self.channel_names[name] = name
            else:
                self._leave_out(f"channel {name}", f"a {channel.kind} channel comes from the watch-list file only")

    def _settings(self) -> None:
        desk = self.wanted.desk
        said = [key for key in _SETTINGS if key in desk.model_fields_set]
        if not self.scope.manages:
            routed = any(watch.routes for watch in self.wanted.watches.values())
            if said or routed or self.wanted.channels:
                self._leave_out("channels, routes and the desk's settings", "they need the permission Manage Server")
            return
        for key in said:
            value = getattr(desk, key)
            if key == "admin_channel":
                value = self.channel_names.get(value)
                if value is None:
                    continue  # its channel was left out, and that is said
            if value == getattr(self.now.desk, key):
                continue
            if key in self.present.stated:
                self.done.kept.append(f"desk {key}")
            else:
                self.done.settings[key] = value
        if desk.guild not in {None, self.now.desk.guild}:
            self._leave_out("desk guild", "only the watch-list file binds a server")

    # ── entities and sources ─────────────────────────────────────────────────────────────────────────────

    def _entities(self) -> None:
        keys = {name.casefold(): name for name in (*self.now.entities, *self.present.of_file["entity"])}
        for name, entity in self.wanted.entities.items():
            taken = keys.setdefault(name.casefold(), name)
            if taken != name:
                self._leave_out(f"entity {name}", f"there is an entity {taken}")
            elif (made := self._entry("entity", name, self.now.entities.get(name), entity)) is not None:
                self.done.entities[name] = made

    def _sources(self) -> None:
        by_address = {_address(source): name for name, source in self.now.sources.items()}
        for wanted_name, source in self.wanted.sources.items():
            name = by_address.setdefault(_address(source), wanted_name)
            if name != wanted_name and (name in self.wanted.sources or wanted_name in self.now.sources):
                self._leave_out(f"source {wanted_name}", f"the desk follows its address as {name}")
                continue
            self.source_names[wanted_name] = name
            present = self.now.sources.get(name)
            if present is not None and _secret(present) and present.url != source.url:
                self._leave_out(f"source {name}", "its address here holds a secret")
            elif (made := self._entry("source", name, present, source)) is not None:
                self.done.sources[name] = made

    # ── watches ──────────────────────────────────────────────────────────────────────────────────────────

    def _watches(self) -> None:
        sources = {**self.now.sources, **self.done.sources}
        words = {word for name, source in sources.items() for word in (name, *source.tags)}
        entities = {name: entity.names for name, entity in {**self.now.entities, **self.done.entities}.items()}
        for name, wanted in self.wanted.watches.items():
            present = self.now.watches.get(name)
            if name in self.present.of_file["watch"]:
                self.done.kept.append(f"watch {name}")
                continue
            watch = self._led(name, wanted, present)
            if lost := [word for word in watch.sources if word not in words]:
                self._leave_out(f"watch {name}", f"no source or tag {lost[0]} here")
                continue
            try:
                compile_query(watch.query, entities)
            except QueryError as error:
                self._leave_out(f"watch {name}", str(error))
                continue
            if (made := self._entry("watch", name, present, watch)) is not None:
                self.done.watches[name] = made

    def _led(self, name: str, watch: Watch, present: Watch | None) -> Watch:
        """The watch with routes to the desk's own channels; where none is left, as it was led, or to the default."""
        said: dict[str, Any] = {key: getattr(watch, key) for key in watch.model_fields_set - {"routes"}}
        if watch.sources:
            hidden = [word for word in present.sources if word in self.hidden] if present else []
            said["sources"] = (*(self.source_names.get(word, word) for word in watch.sources), *hidden)
        routes = tuple(filter(None, (self._route(name, route) for route in watch.routes)))
        default = self.done.settings.get("admin_channel", self.now.desk.admin_channel)
        if not routes and present is not None:
            routes = present.routes
        elif not routes and default is not None:
            routes = (Route(channel=default),)
        elif not routes:
            self._leave_out(f"watch {name}", "it is led nowhere: see /route set")
        return Watch.model_validate(said | {"routes": routes})

    def _route(self, watch: str, route: Route) -> Route | None:
        channel = self.channel_names.get(route.channel)
        if channel is None:
            if self.scope.manages:
                self._leave_out(f"watch {watch}", f"its route to {route.channel}, whose channel is left out")
            return None
        mention = route.mention
        if mention is not None and mention not in self.scope.roles:
            self._leave_out(f"watch {watch}", f"its mention of {mention}, no role of this server")
            mention = None
        return route.model_copy(update={"channel": channel, "mention": mention})

    # ── removals and quotas ──────────────────────────────────────────────────────────────────────────────

    def _removals(self) -> None:
        for name in self._people_s("watch", self.now.watches, self.wanted.watches):
            asked = self.now.watches[name].sources
            self._remove("watch", name, needed=bool(asked) and self.hidden.issuperset(asked))
        gone = {name for _, name in self.done.removed}
        staying = [watch for name, watch in {**self.now.watches, **self.done.watches}.items() if name not in gone]
        asked_for = {key for watch in staying for key in entities_in(watch.query)}
        for name in self._people_s("entity", self.now.entities, self.wanted.entities):
            self._remove("entity", name, needed=name.casefold() in asked_for)
        self._remove_sources(staying)
        if self.scope.manages:
            admin = self.done.settings.get("admin_channel", self.now.desk.admin_channel)
            needed = {route.channel for watch in staying for route in watch.routes} | self.present.led_to | {admin}
            for name in self._people_s("channel", self.now.channels, self.channel_names.values()):
                if self.now.channels[name].kind == "discord":
                    self._remove("channel", name, needed=name in needed)

    def _remove_sources(self, staying: list[Watch]) -> None:
        leaving = {
            name
            for name in self._people_s("source", self.now.sources, self.source_names.values())
            if not _secret(self.now.sources[name])
        }
        sources = {**self.now.sources, **self.done.sources}
        words = {word for name, each in sources.items() if name not in leaving for word in (name, *each.tags)}
        lost = {word for watch in staying for word in watch.sources} - words
        for name in sorted(leaving):
            self._remove("source", name, needed=bool(lost.intersection((name, *sources[name].tags))))

    def _people_s(self, noun: Noun, present: Mapping[str, Any], wanted: Any) -> list[str]:
        """People's rows that the file doesn't have."""
        return [name for name in present if name not in {*wanted, *self.present.of_file[noun]}]

    def _remove(self, noun: Noun, name: str, *, needed: bool) -> None:
        if needed:
            self._leave_out(f"{noun} {name}", "it stays: the desk needs it")
        else:
            self.done.removed.append((noun, name))

    def _quotas(self) -> None:
        for noun, rows, present, most in (
            ("source", self.done.sources, self.now.sources, self.scope.most_sources),
            ("watch", self.done.watches, self.now.watches, self.scope.most_watches),
        ):
            more = len([name for name in rows if name not in present])
            left = len(present) + more - len([row for row in self.done.removed if row[0] == noun])
            if more and left > most:
                plural = "watches" if noun == "watch" else "sources"
                self.done.problems.append(
                    f"the desk would have {left} {plural}, and may have {most}: take some out of the file, "
                    f"or ask the admin to raise WIREDESK_MAX_{plural.upper()}"
                )

    # ── one entry ────────────────────────────────────────────────────────────────────────────────────────

    def _entry(self, noun: Noun, name: str, present: _Entry | None, wanted: _Entry) -> _Entry | None:
        """The entry as it will be; None where nothing is to be done."""
        if name in self.present.of_file[noun]:
            self.done.kept.append(f"{noun} {name}")
            return None
        if present is None:
            self.done.added.append(f"{noun} {name}")
            return wanted
        made = _laid_over(present, wanted) if self.mode == "merge" else wanted
        if made == present:
            return None
        self.done.changed.append(f"{noun} {name}")
        return made

    def _leave_out(self, what: str, why: str) -> None:
        self.done.left_out.append(f"{what}: {why}")


def _laid_over(present: _Entry, wanted: _Entry) -> _Entry:
    """What `wanted` states over `present`; alone, where the two don't go together (a selector and a feed)."""
    said = {key: getattr(wanted, key) for key in wanted.model_fields_set}
    try:
        return type(present).model_validate(dict(present) | said)
    except ValidationError:
        return wanted


def _hidden(sources: Mapping[str, Source]) -> frozenset[str]:
    """Words that mean sources with a secret in their addresses and no others: no exported file has them."""
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for name, source in sources.items():
        words[_secret(source)].update((name, *source.tags))
    return frozenset(words[True] - words[False])


def _address(source: Source) -> tuple[str, ...]:
    return (source.url, source.kind, source.select or "", source.ignore or "")


def _secret(source: Source) -> bool:
    return redact_url(source.url) != source.url
