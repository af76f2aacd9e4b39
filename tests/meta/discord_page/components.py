"""Components of a message, of both generations, as HTML: rows of buttons and selects, containers, sections, texts.

A component of a type that is not drawn here is an error: a picture that leaves out something would be untrue.
https://discord.com/developers/docs/components/reference has the numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.embeds import file_html
from tests.meta.discord_page.markdown import render

Component = Mapping[str, Any]

_BUTTONS: Final = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
_PLACEHOLDERS: Final = {
    3: "Make a selection",
    5: "Select a user",
    6: "Select a role",
    7: "Select a user or role",
    8: "Select a channel",
}
_SIGILS: Final = {"user": "@", "role": "@", "channel": "#"}


def components_html(components: Sequence[Component], viewer: Viewer) -> str:
    """All of `components`, below one another."""
    return "".join(_component(component, viewer) for component in components)


def _component(component: Component, viewer: Viewer) -> str:
    kind = component["type"]
    if kind not in _DRAWN:
        raise ValueError(f"components of type {kind} are not drawn")
    return _DRAWN[kind](component, viewer)


def _row(row: Component, viewer: Viewer) -> str:
    return f'<div class="components">{components_html(row["components"], viewer)}</div>'


def _button(button: Component, viewer: Viewer) -> str:
    style = _BUTTONS[button["style"]]
    label = escape(button.get("label") or "")
    emoji = _emoji(button.get("emoji"))
    arrow = '<span class="out">↗</span>' if style == "link" else ""
    disabled = " disabled" if button.get("disabled") else ""
    return f'<span class="button {style}{disabled}">{emoji}{label}{arrow}</span>'


def _emoji(emoji: Mapping[str, Any] | None) -> str:
    if not emoji:
        return ""
    name = escape(emoji["name"])
    return f'<span class="emoji">{f":{name}:" if emoji.get("id") else name}</span>'


def select_html(select: Component, viewer: Viewer) -> str:
    """A select menu, closed: what is chosen in it, else its placeholder."""
    chosen = [
        _emoji(option.get("emoji")) + escape(option["label"])
        for option in select.get("options", ())
        if option.get("default")
    ]
    chosen += [
        escape(_SIGILS[value["type"]] + viewer.names.get(value["id"], "unknown"))
        for value in select.get("default_values", ())
    ]
    several = select.get("max_values", 1) > 1
    shown = "".join(f'<span class="chip">{each}</span>' if several else each for each in chosen)
    placeholder = escape(select.get("placeholder") or _PLACEHOLDERS[select["type"]])
    inner = shown or f'<span class="placeholder">{placeholder}</span>'
    disabled = " disabled" if select.get("disabled") else ""
    return f'<div class="select{disabled}"><span class="chosen">{inner}</span><span class="open"></span></div>'


def _container(container: Component, viewer: Viewer) -> str:
    colour = container.get("accent_color")
    bar = f' style="border-left:4px solid #{colour:06x}"' if colour is not None else ""
    return f'<div class="container"{bar}>{components_html(container["components"], viewer)}</div>'


def text_html(text: Component, viewer: Viewer) -> str:
    """A text display."""
    return f'<div class="display">{render(text["content"], viewer)}</div>'


def _section(section: Component, viewer: Viewer) -> str:
    texts = components_html(section["components"], viewer)
    beside = _component(section["accessory"], viewer)
    return f'<div class="section"><div class="texts">{texts}</div>{beside}</div>'


def _separator(separator: Component, _: Viewer) -> str:
    wide = " wide" if separator.get("spacing") == 2 else ""
    line = " line" if separator.get("divider", True) else ""
    return f'<div class="separator{wide}{line}"></div>'


def _thumbnail(_: Component, __: Viewer) -> str:
    return '<div class="picture thumbnail"></div>'


def _gallery(gallery: Component, _: Viewer) -> str:
    return '<div class="picture image"></div>' * len(gallery["items"])


def _file(file: Component, _: Viewer) -> str:
    name = file.get("name") or file["file"]["url"].removeprefix("attachment://")
    return file_html({**file, "filename": name}, {})


_DRAWN: Final[dict[int, Callable[[Component, Viewer], str]]] = {
    1: _row,
    2: _button,
    **dict.fromkeys(_PLACEHOLDERS, select_html),
    9: _section,
    10: text_html,
    11: _thumbnail,
    12: _gallery,
    13: _file,
    14: _separator,
    17: _container,
}
