"""What a person fills in, as Discord sends it: command options, select values, the fields of a modal.

Each is typed by its definition and checked as Discord's own client does, so that a test can't do what a person can't:
an AssertionError says what was impossible. What is referred to by id is put into `resolved`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.answers import Field, Modal
from tests.fakes.discord.channels import Channel
from tests.fakes.discord.commands import Found
from tests.fakes.discord.drafts import stored
from tests.fakes.discord.guilds import Member, Role
from tests.fakes.discord.places import visible
from tests.fakes.discord.posts import Post, Upload
from tests.fakes.discord.world import Json

_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER, _ATTACHMENT = range(3, 12)
_TAKES: dict[int, tuple[type, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    _BOOLEAN: (bool,),
    _USER: (Member,),
    _CHANNEL: (Channel,),
    _ROLE: (Role,),
    _MENTIONABLE: (Member, Role),
    _NUMBER: (int, float),
    _ATTACHMENT: (Upload,),
}
_TEXT_INPUT, _FILE_UPLOAD, _RADIO_GROUP, _CHECKBOX_GROUP, _CHECKBOX = 4, 19, 21, 22, 23
_SELECT_TAKES: dict[int, tuple[type, ...]] = {5: (Member,), 6: (Role,), 7: (Member, Role), 8: (Channel,)}


@dataclass
class Resolved:
    """Everything that is sent by id, whole, as the person who acts may see it."""

    actor: Member | None
    channel: Channel
    parts: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, value: Member | Role | Channel | Upload | Post) -> str:
        """The id under which it is resolved."""
        if isinstance(value, Upload):
            attachment = stored(self.channel, value)
            self._put("attachments", attachment.id, attachment.json(ephemeral=True))
            return attachment.id
        if isinstance(value, Post):
            self._put("messages", value.id, value.json())
            return value.id
        guild = value.guild
        if self.actor is None or guild is not self.actor.guild:
            raise AssertionError(f"{value.name!r} is of another server: no client offers it here")
        if isinstance(value, Role):
            self._put("roles", value.id, value.json())
        elif isinstance(value, Channel):
            self._put("channels", value.id, visible(value, guild.permissions(self.actor, value)))
        else:
            powers = {"permissions": str(guild.permissions(value, self.channel))}
            self._put("users", value.id, value.user.json())
            self._put("members", value.id, value.json(user=False) | powers)
        return value.id

    def _put(self, kind: str, number: str, value: Json) -> None:
        self.parts.setdefault(kind, {})[number] = value

    def json(self) -> Json:
        return {"resolved": self.parts} if self.parts else {}


def option_values(found: Found, given: Mapping[str, Any], resolved: Resolved, focused: str | None = None) -> list[Json]:
    """The `options` of the interaction's data; with `focused` those of an autocomplete, which may be incomplete."""
    if unknown := sorted(set(given) - set(found.options)):
        raise AssertionError(f"there is no option {unknown}, only {sorted(found.options)}")
    missing = [name for name, one in found.options.items() if one.get("required") and name not in given]
    if missing and focused is None:
        raise AssertionError(f"the options {missing} are required")
    values = []
    for name, value in given.items():
        definition = found.options[name]
        entry: Json = {"name": name, "type": definition["type"]}
        if name == focused:
            entry |= {"value": value, "focused": True}
        else:
            entry["value"] = _option_value(definition, value, resolved)
        values.append(entry)
    for kind, name in reversed(found.steps):
        values = [{"name": name, "type": kind, "options": values}]
    return values


def _option_value(definition: Json, value: Any, resolved: Resolved) -> Any:
    name, kind = definition["name"], definition["type"]
    takes = _TAKES[kind]
    if not isinstance(value, takes) or (isinstance(value, bool) and kind != _BOOLEAN):
        raise AssertionError(f"option {name!r} takes {' or '.join(one.__name__ for one in takes)}, not {value!r}")
    if choices := definition.get("choices"):
        for choice in choices:
            if value in (choice["name"], choice["value"]):
                return choice["value"]
        raise AssertionError(f"option {name!r} offers {[one['name'] for one in choices]}, not {value!r}")
    if isinstance(value, str):
        _fits(f"option {name!r}", len(value), definition.get("min_length"), definition.get("max_length", 6000))
    elif isinstance(value, int | float):
        _fits(f"option {name!r}", value, definition.get("min_value"), definition.get("max_value"))
    elif isinstance(value, Channel):
        allowed = definition.get("channel_types")
        if allowed and value.type not in allowed:
            raise AssertionError(f"option {name!r} takes channels of the types {allowed}, not {value.type}")
    if isinstance(value, Member | Role | Channel | Upload):
        return resolved.add(value)
    return value


def _fits(what: str, value: float, least: float | None, most: float | None) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        raise AssertionError(f"{what}: {value} is not from {least} to {most}")


def selected(component: Json, values: Any, resolved: Resolved) -> list[str]:
    """The values of a select: of a string select by label or value, of the others members, roles or channels."""
    chosen = list(values) if isinstance(values, list | tuple) else [values]
    least, most = component.get("min_values", 1), component.get("max_values", 1)
    _fits(f"select {component['custom_id']!r}", len(chosen), least, most)
    if component["type"] != 3:
        takes = _SELECT_TAKES[component["type"]]
        if strange := [value for value in chosen if not isinstance(value, takes)]:
            raise AssertionError(f"the select takes {[one.__name__ for one in takes]}, not {strange}")
        return [resolved.add(value) for value in chosen]
    offered = {key: one["value"] for one in component["options"] for key in (one["label"], one["value"])}
    if wrong := [value for value in chosen if value not in offered]:
        raise AssertionError(f"the select offers {[one['label'] for one in component['options']]}, not {wrong}")
    return [offered[value] for value in chosen]


def submitted(modal: Modal, given: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """The components of a modal's submission. Fields that aren't given keep what was filled in."""
    by_id = {modal.field(name).custom_id: value for name, value in given.items()}
    fields = {one.custom_id: _field_value(one, by_id.get(one.custom_id), resolved) for one in modal.fields}
    sent = []
    for one in modal.data["components"]:
        if one["type"] == 18:
            sent.append({"type": 18, "id": one["id"], "component": fields[one["component"]["custom_id"]]})
        elif one["type"] == 1:
            inner = [fields[part["custom_id"]] for part in one["components"]]
            sent.append({"type": 1, "id": one["id"], "components": inner})
        else:
            sent.append({"type": one["type"], "id": one["id"]})
    return sent


def _field_value(one: Field, value: Any, resolved: Resolved) -> Json:
    kind = one.component["type"]
    sent: Json = {"type": kind, "id": one.component["id"], "custom_id": one.custom_id}
    if kind == _TEXT_INPUT:
        return sent | {"value": _typed(one, one.value if value is None else value)}
    if kind == _CHECKBOX:
        return sent | {"value": bool(one.component.get("default") if value is None else value)}
    if kind == _RADIO_GROUP:
        return sent | {"value": None if value is None else _picked(one.component, [value])[0]}
    if value is None:
        chosen = [option["value"] for option in one.component.get("options", ()) if option.get("default")]
        chosen += [option["id"] for option in one.component.get("default_values", ())]
    elif kind == _CHECKBOX_GROUP:
        chosen = _picked(one.component, value)
    elif kind == _FILE_UPLOAD:
        chosen = [resolved.add(upload) for upload in value]
    else:
        chosen = selected(one.component, value, resolved)
    if one.required and not chosen:
        raise AssertionError(f"field {one.label!r} is required")
    return sent | {"values": chosen}


def _typed(one: Field, text: str) -> str:
    if text or one.required:
        least = one.component.get("min_length", 1 if one.required else None)
        _fits(f"field {one.label!r}", len(text), least, one.component.get("max_length", 4000))
    return text


def _picked(component: Json, values: list[str]) -> list[str]:
    offered = {key: one["value"] for one in component["options"] for key in (one["label"], one["value"])}
    if wrong := [value for value in values if value not in offered]:
        raise AssertionError(f"the field offers {sorted(offered)}, not {wrong}")
    return [offered[value] for value in values]
