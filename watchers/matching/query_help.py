"""What is wrong with a query that the grammar doesn't know, and what to write instead.

Takes the place where the parser stopped, looks at the tokens on both sides of it, and makes the `QueryError` that a
person can act on. Runs only when there is an error.
"""

import contextlib
import difflib
import re
from collections.abc import Callable, Iterable, Iterator

from lark import Token
from lark.exceptions import UnexpectedInput

from watchers.errors import QueryError

_LOWER_OPERATOR = re.compile(r"and|or|not|near(?:/[0-9]+)?", re.IGNORECASE)
# Fields that other search languages have, and what anyone would take for one.
_FIELD_LIKE = re.compile(r"(?!https?:|ftp:|file:|mailto:)[a-z]+:(?!//)\S", re.IGNORECASE)
_KNOWN_ENTITIES_SHOWN = 5

_Fault = tuple[Token, str, str]  # where, what, and what to write instead


def unknown_entity_hint(key: str, known: Iterable[str]) -> str:
    """What the person may have meant by an unknown entity."""
    names = sorted(known)
    if close := difflib.get_close_matches(key, names, n=1, cutoff=0.5):
        return f"did you mean @{close[0]}?"
    if not names:
        return "there are no entities yet: write the name in quotes"
    shown = ", ".join(f"@{name}" for name in names[:_KNOWN_ENTITIES_SHOWN])
    return f"there is {shown}" + (" …" if len(names) > _KNOWN_ENTITIES_SHOWN else "")


def unknown_field_hint(word: str) -> str | None:
    """What to write instead, where a word looks like a field that doesn't exist."""
    if _FIELD_LIKE.match(word) is None:
        return None
    return "there are title:, outlet: and lang:; put it in quotes if you mean the words"


def explain_syntax_error(text: str, position: int, lex: Callable[[str], Iterator[Token]]) -> QueryError:
    """The error at code point `position`, counted from 0, of a query; `len(text)` is its end."""
    tokens = _tokens_until_error(text, lex)
    index = next((i for i, token in enumerate(tokens) if token.start_pos == position), len(tokens))
    before, rest = tokens[:index], tokens[index:]
    if rest:
        token, message, hint = _unexpected(before, rest)
        column = token.start_pos or 0
    elif position < len(text):
        column, message, hint = position, "this quote is not closed", "put a quote at its end"
    elif opened := _unclosed(before):
        column, message = opened.start_pos or 0, "this parenthesis is not closed"
        hint = "put a ) after what belongs together"
    else:
        token, message, hint = _nothing_after(before[-1])
        column = token.start_pos or 0
    return QueryError(message, query=text, column=column + 1, hint=hint)


def _unexpected(before: list[Token], rest: list[Token]) -> _Fault:
    """Why the first token of `rest` can't follow those before it."""
    here = rest[0]
    if here.type == "_CLOSE":
        if _unclosed(before) is None:
            return here, "there is no ( for this )", "take it out, or put a ( before what belongs together"
        if before[-1].type == "_OPEN":
            return before[-1], "there is nothing in these parentheses", "write a term between them"
        return _nothing_after(before[-1])
    if here.type in {"_AND", "_OR", "NEAR"}:
        return here, f"there is nothing before {here}", "write a term before it"
    if here.type == "NOT":
        return here, "NOT needs AND or OR before it", "write AND NOT"
    return _side_by_side(before[-1], rest)


def _nothing_after(token: Token) -> _Fault:
    return token, f"there is nothing after {token}", "write a term after it"


def _side_by_side(before: Token, rest: list[Token]) -> _Fault:
    """Two terms without an operator between them."""
    here = rest[0]
    for token in (here, before):
        if token.type == "WORD" and _LOWER_OPERATOR.fullmatch(token):
            operator = token.upper()
            if operator == "NEAR":
                return token, "NEAR needs a number of words", "write NEAR/5 for at most five words between"
            return token, f"operators are written in capitals: {token}", f'write {operator}, or "{token}" in quotes'
    if before.type == "WORD" and before.endswith(":"):
        return before, f'"{before}" is no field', "there are title:, outlet: and lang:"
    message = "two terms stand side by side"
    if before.type != "WORD" or here.type != "WORD":
        return here, message, "put AND or OR between them"
    words = [str(before)]
    for token in rest:
        if token.type != "WORD" or _LOWER_OPERATOR.fullmatch(token):
            break
        words.append(str(token))
    return here, message, f'put AND, OR or quotes: "{" ".join(words)}"'


def _tokens_until_error(text: str, lex: Callable[[str], Iterator[Token]]) -> list[Token]:
    """The tokens up to a quote without its pair: the one thing that is no token."""
    tokens: list[Token] = []
    with contextlib.suppress(UnexpectedInput):
        for token in lex(text):
            tokens.append(token)  # noqa: PERF402 - the tokens before the error are wanted
    return tokens


def _unclosed(tokens: list[Token]) -> Token | None:
    """The innermost parenthesis that is still open after these tokens."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "_OPEN":
            opened.append(token)
        elif token.type == "_CLOSE" and opened:
            opened.pop()
    return opened[-1] if opened else None
