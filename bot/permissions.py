"""Who may do what in chat: the one place for commands, autocomplete, buttons and forms. Pure.

    act ("watch pause") ─NEEDS→ Right       permissions and roles ─rights→ Right       compared ─allowed→ yes or no

An act is called as its command is, whether a command, a button or a form asks for it, so that no way around is left.
Discord's own setting of who sees a command is a hint that its admins may change; nothing here leans on it.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import Final


class Right(IntEnum):
    """What an act needs; each includes those before it."""

    SEE = 0  # who sees the channel
    EDIT = 1  # the desk's editors' role
    MANAGE = 2  # Manage Server


_MANAGE: Final = ("desk setup", "route set", "route clear", "route test")
_EDIT: Final = (
    "alert dismiss",
    "alert known",
    "alert mute",
    "audit list",
    "audit show",
    "desk audit",
    "desk export",
    "desk import",
    "desk pause-all",
    "desk resume-all",
    "draft choose",
    "draft discard",
    "draft edit",
    "draft merge",
    "draft replace",
    "draft save",
    "entity add",
    "entity adopt",
    "entity edit",
    "entity remove",
    "link known",
    "link watch",
    "source add",
    "source adopt",
    "source pause",
    "source remove",
    "source resume",
    "source test",
    "story known",
    "watch add",
    "watch adopt",
    "watch edit",
    "watch pause",
    "watch remove",
    "watch resume",
    "watch undo",
)
_SEE: Final = (
    "alert why",
    "digest now",
    "entity list",
    "entity show",
    "help",
    "route list",
    "route show",
    "source list",
    "source show",
    "status",
    "story list",
    "story search",
    "story show",
    "watch list",
    "watch show",
    "watch test",
)
NEEDS: Final[Mapping[str, Right]] = (
    dict.fromkeys(_SEE, Right.SEE) | dict.fromkeys(_EDIT, Right.EDIT) | dict.fromkeys(_MANAGE, Right.MANAGE)
)
BEFORE_SETUP: Final = frozenset(("desk setup", "help"))  # asked of a server that is no desk yet


def rights(*, manages_server: bool, roles: Collection[str], editors_role: str | None) -> Right:
    """What a member may do. Without an editors' role, only who manages the server edits."""
    if manages_server:
        return Right.MANAGE
    return Right.EDIT if editors_role is not None and editors_role in roles else Right.SEE


def allowed(act: str, has: Right) -> bool:
    """Whether who has a right may do an act. Raises KeyError for an act that nobody thought of."""
    return has >= NEEDS[act]
