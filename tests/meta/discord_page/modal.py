"""A modal as HTML: the dialog with its title, its labelled inputs with what is in them, Cancel and Submit.

Both forms are drawn: a label that holds its input, and the older row with a text input that has a label of its own.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from tests.meta.discord_page.angles import Viewer
from tests.meta.discord_page.components import select_html, text_html

_ROW, _TEXT_DISPLAY, _LABEL, _TEXT_INPUT, _FILE_UPLOAD = 1, 10, 18, 4, 19
_SELECTS: Final = (3, 5, 6, 7, 8)
_PARAGRAPH: Final = 2


def modal_html(modal: Mapping[str, Any], viewer: Viewer, app: str) -> str:
    """The dialog of the response data `modal`, as `app` opens it."""
    parts = "".join(_part(component, viewer) for component in modal["components"])
    return (
        f'<div class="modal"><div class="heading"><span class="avatar small"></span>{escape(modal["title"])}'
        f'<span class="close">×</span></div><div class="warning">This form will be submitted to <b>{escape(app)}</b>. '
        f"Do not share passwords or other sensitive information.</div>{parts}"
        '<div class="answers"><span class="button secondary">Cancel</span>'
        '<span class="button primary">Submit</span></div></div>'
    )


def _part(component: Mapping[str, Any], viewer: Viewer) -> str:
    kind = component["type"]
    if kind == _TEXT_DISPLAY:
        return text_html(component, viewer)
    if kind == _ROW:
        (text_input,) = component["components"]
        return _labelled(text_input["label"], None, text_input, viewer)
    if kind == _LABEL:
        return _labelled(component["label"], component.get("description"), component["component"], viewer)
    raise ValueError(f"components of type {kind} are not drawn in a modal")


def _labelled(label: str, description: str | None, control: Mapping[str, Any], viewer: Viewer) -> str:
    star = '<span class="star">*</span>' if control.get("required", True) else ""
    below = f'<div class="hint">{escape(description)}</div>' if description else ""
    drawn = _control(control["type"])(control, viewer)
    return f'<div class="labelled"><div class="label">{escape(label)}{star}</div>{below}{drawn}</div>'


def _control(kind: int) -> Callable[[Mapping[str, Any], Viewer], str]:
    if kind in _SELECTS:
        return select_html
    return {_TEXT_INPUT: _text_input, _FILE_UPLOAD: _upload}[kind]


def _text_input(control: Mapping[str, Any], _: Viewer) -> str:
    size = " paragraph" if control.get("style") == _PARAGRAPH else ""
    if control.get("value"):
        inner = escape(control["value"])
    else:
        inner = f'<span class="placeholder">{escape(control.get("placeholder") or "")}</span>'
    return f'<div class="input{size}">{inner}</div>'


def _upload(_: Mapping[str, Any], __: Viewer) -> str:
    return '<div class="input upload">Drop file here or <a>browse</a></div>'
