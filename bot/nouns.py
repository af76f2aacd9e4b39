"""What a noun of the desk (watch, source, …) offers in chat: its list, its rows, and what can be done with a row.

    /watch list → Noun.page → a page of Lines     a line chosen → Noun.show → Reply     its button → Noun.verbs[verb]

Each noun is told once, in its file in `commands/`; `buttons/` knows no noun by name.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.answers.reply import Reply
from bot.asking import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as a list shows it. `text` is safe markdown, `label` and `hint` are plain."""

    id: int
    text: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All lines of a list, in order, and how it is called."""

    title: str
    lines: tuple[Line, ...]
    empty: str  # what to do where there are none
    head: str = ""  # safe markdown above the lines


Lister = Callable[[Ask, str], Awaitable[Listing]]  # the second is the list's filter, as its command made it
Shower = Callable[[Ask, int], Awaitable[Reply]]
Verb = Callable[[Ask, int], Awaitable[None]]  # answers by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One noun. `verbs` are keyed by their word; `"watch" + " " + word` is the act that permissions know.

    A verb in `forms` opens a form, and so must not think first.
    """

    name: str
    lister: Lister
    shower: Shower
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    forms: frozenset[str] = frozenset()
