"""Message and modal components: walking them, the answer's form of what a client sent, and Discord's limits.

What the OpenAPI document can say about a component is the referee's; here are the limits over the whole message.
"""

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

_DEFAULTS: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1},
    5: {"min_values": 1, "max_values": 1},
    6: {"min_values": 1, "max_values": 1},
    7: {"min_values": 1, "max_values": 1},
    8: {"min_values": 1, "max_values": 1},
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False, "name": None, "size": None},
    14: {"spacing": 1, "divider": True},
    17: {"spoiler": False, "accent_color": None},
}
SELECTS = frozenset({3, 5, 6, 7, 8})
_WIDE = SELECTS | {4}
_MEDIA = ("media", "file")


def inside(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, the containing ones before what they contain."""
    for one in components:
        yield one
        yield from inside(one.get("components", ()))
        yield from inside(one[name] for name in ("component", "accessory") if one.get(name))


def as_kept(components: Iterable[Json]) -> list[Json]:
    """What Discord answers with: nulls dropped, defaults filled in, each component numbered."""
    numbers = iter(range(1, 1_000))
    return [_kept(one, numbers) for one in components]


def _kept(component: Json, numbers: Iterator[int]) -> Json:
    kept: Json = {"id": next(numbers), **_DEFAULTS.get(component["type"], {})}
    for name, value in component.items():
        if value is None or (name == "id" and not value):
            continue
        if name == "components":
            kept[name] = [_kept(one, numbers) for one in value]
        elif name in {"component", "accessory"}:
            kept[name] = _kept(value, numbers)
        elif name in _MEDIA:
            kept[name] = _medium(value)
        elif name == "items":
            plain = {"description": None, "spoiler": False}
            kept[name] = [plain | _without_nulls(one) | {"media": _medium(one["media"])} for one in value]
        elif name == "options":
            kept[name] = [_without_nulls(one) for one in value]
        else:
            kept[name] = _without_nulls(value) if isinstance(value, dict) else value
    return kept


def _medium(medium: Json) -> Json:
    return {"id": "1", "proxy_url": medium["url"], "url": medium["url"]}


def _without_nulls(value: Json) -> Json:
    return {name: one for name, one in value.items() if one is not None}


def faults(components: list[Json], *, second_version: bool) -> Iterator[tuple[str, str]]:
    """What Discord would refuse, as (where, what)."""
    everything = list(inside(components))
    if second_version:
        if len(everything) > 40:
            yield "components", "Must be 40 or fewer components in total."
        if sum(len(one.get("content", "")) for one in everything) > 4000:
            yield "components", "Must be 4000 or fewer characters of text in total."
    elif len(components) > 5:
        yield "components", "Must be 5 or fewer in length."
    elif any(one["type"] != 1 for one in components):
        yield "components", "Only action rows without the IS_COMPONENTS_V2 flag."
    seen = set()
    for one in everything:
        if (name := one.get("custom_id")) is not None:
            if not 1 <= len(name) <= 100:
                yield "components", "Must be between 1 and 100 in length."
            if name in seen:
                yield "components", f"Component custom id cannot be duplicated: {name}"
            seen.add(name)
        yield from _faults_of_one(one)


def _faults_of_one(one: Json) -> Iterator[tuple[str, str]]:
    if one["type"] == 1:
        row = one.get("components", [])
        if not 1 <= sum(5 if part["type"] in _WIDE else 1 for part in row) <= 5:
            yield "components", "The component row cannot have a width greater than 5"
    elif one["type"] == 2:
        link, named = one["style"] == 5, "custom_id" in one and one["custom_id"] is not None
        if one["style"] != 6 and link == named:
            yield "components", "A custom id and url cannot both be specified, and one is required"
        if not (one.get("label") or one.get("emoji") or one["style"] == 6):
            yield "components", "A button must have a label or an emoji"
    elif one["type"] == 3:
        values = [option["value"] for option in one["options"]]
        if len(set(values)) < len(values):
            yield "components", "The specified option value is already used"
        least, most = (1 if one.get(name) is None else one[name] for name in ("min_values", "max_values"))
        if not least <= most <= max(len(values), 1):
            yield "components", "min_values and max_values don't fit the options"
