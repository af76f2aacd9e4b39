"""The small frozen tree that a query becomes.

NOT stands only before a leaf: `query` pushes it down (De Morgan) while building, so that every leaf is plainly
wanted or unwanted and everything after it is simple. AND and OR keep the terms apart that the mere set of found forms
decides, since they are most of all queries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word, a phrase, a prefix, or one name of an entity.

    `written` is how the person wrote it (a phrase without its quotes, a prefix with its star, an alias as configured).
    `forms` are the byte strings that stand for it in a haystack: the words between spaces; without the last space for
    a prefix. A phrase written with a sentence end inside ("Yahoo! News") has a second form with the barrier.
    `dotted` are those of its words that were written as dotted acronyms: S.T.O.P. is not the verb.
    """

    written: str
    forms: tuple[bytes, ...]
    title_only: bool = False
    dotted: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Any term of `left` and any of `right` in one paragraph, in any order, with at most `words` words between."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """The outlet's name holds these words; or, where a domain is meant, the article stands on it."""

    words: bytes
    domain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The article's primary language subtag, lower-case."""

    subtag: str


@dataclass(frozen=True, slots=True)
class Not:
    """The leaf does not hold."""

    part: Term | Near | Outlet | Language


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold: every form of `required` was found, and `others` hold."""

    parts: tuple["Expression", ...]
    required: frozenset[bytes] = field(init=False, repr=False, compare=False)
    others: tuple["Expression", ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        required: list[bytes] = []
        others: list[Expression] = []
        for part in self.parts:
            if _is_plain(part) and len(part.forms) == 1:
                required += part.forms
            else:
                others.append(part)
        object.__setattr__(self, "required", frozenset(required))
        object.__setattr__(self, "others", tuple(others))


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds: a form of `plain`, which leads to its terms, was found, or one of `others` holds."""

    parts: tuple["Expression", ...]
    plain: Mapping[bytes, Sequence[Term]] = field(init=False, repr=False, compare=False)
    others: tuple["Expression", ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain: dict[bytes, list[Term]] = {}
        others: list[Expression] = []
        for part in self.parts:
            if _is_plain(part):
                for form in part.forms:
                    plain.setdefault(form, []).append(part)
            else:
                others.append(part)
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "others", tuple(others))


Expression = Term | Near | Outlet | Language | Not | And | Or


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Query:
    """A query that was understood: its text and its tree."""

    text: str
    root: Expression


def _is_plain(expression: Expression) -> TypeGuard[Term]:
    """Whether it is a term that stands in every document in which one of its forms was found."""
    return isinstance(expression, Term) and not expression.title_only and not expression.dotted


def negate(expression: Expression) -> Expression:
    """The opposite, with NOT moved down to the leaves."""
    match expression:
        case Not(part):
            return part
        case And(parts):
            return Or(tuple(map(negate, parts)))
        case Or(parts):
            return And(tuple(map(negate, parts)))
        case _:
            return Not(expression)


def terms(expression: Expression) -> Iterator[Term]:
    """Every term in it, wanted or not."""
    match expression:
        case Term():
            yield expression
        case Near():
            yield from expression.left
            yield from expression.right
        case Not(leaf):
            yield from terms(leaf)
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)
        case _:
            return


def is_selective(expression: Expression) -> bool:
    """Whether it asks for something: what only excludes would answer to nearly every article."""
    match expression:
        case Not():
            return False
        case And(parts):
            return any(map(is_selective, parts))
        case Or(parts):
            return all(map(is_selective, parts))
        case _:
            return True
