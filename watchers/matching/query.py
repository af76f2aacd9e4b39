"""Query text → expression tree.

    text ─Lark (grammar.lark, LALR)→ parse tree ─_Builder→ Expression ─checks→ Query

What Lark can't parse, `query_help` explains. The builder turns each term into the forms that `normalise` gives it, so
that queries and articles can never be normalised differently.

- `a NEAR/5 b`: at most 5 words between them, either order, same paragraph, not overlapping. Operands are terms,
  entities or parentheses of them with OR. `a NEAR/5 b NEAR/3 c` is `a NEAR/5 b AND b NEAR/3 c`.
- `title:x`: x stands in the title; x may be parentheses. `outlet:x` and `lang:x` take words or parentheses of words.
- `word*` and `"phrase wor*"` match what begins so. Elsewhere in a word a star is an error.
- Whatever is in quotes is words: operators, fields, templates mean nothing there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from weakref import WeakValueDictionary

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from watchers.errors import QueryError
from watchers.matching.expression import (
    And,
    Expression,
    Language,
    Near,
    Not,
    Or,
    Outlet,
    Query,
    Term,
    is_selective,
    negate,
)
from watchers.matching.normalise import PARAGRAPH_TOKEN, SENTENCE_TOKEN, NormalisedText
from watchers.matching.query_help import (
    explain_syntax_error,
    unknown_entity_hint,
    unknown_field_hint,
)

MAX_LENGTH = 10_000  # characters of a query
MAX_DEPTH = 50  # operators inside operators
MAX_TERMS = 5_000  # after entities are replaced by their names
MAX_NEAR = 100  # words

_LANGUAGE = re.compile(r"[a-z]{2,3}")  # the primary subtags in use: ISO 639-1 and 639-3
_PARSER = Lark.open("grammar.lark", rel_to=__file__, parser="lalr", lexer="basic", maybe_placeholders=False)

_Node = Tree[Token] | Token

_Names = tuple[tuple[str, tuple[str, ...]], ...]  # of entities, by key
# With each change of a desk all its queries are asked for again, while the matcher before it still holds the same ones.
_in_use: WeakValueDictionary[tuple[str, _Names], Query] = WeakValueDictionary()


def compile_query(text: str, entities: Mapping[str, Sequence[str]]) -> Query:
    """Understand a query.

    `entities` maps a key (without @) to the name and aliases. Raises `QueryError`, with the column and mostly with what
    to write instead. A query that is in use, and whose names are the same, is handed out again as it is.
    """
    names = tuple((key.casefold(), tuple(names)) for key, names in entities.items()) if "@" in text else ()
    query = _in_use.get((text, names))
    if query is None:
        query = _in_use[text, names] = _understand(text, dict(names))
    return query


def _understand(text: str, entities: Mapping[str, Sequence[str]]) -> Query:
    if not text.strip():
        raise QueryError(
            "the query is empty", query=text, column=1, hint='write what to look for, as "facial recognition"'
        )
    if len(text) > MAX_LENGTH:
        message = f"the query is longer than {MAX_LENGTH} characters"
        raise QueryError(message, query=text, column=MAX_LENGTH + 1, hint="make it several watches")
    try:
        tree: _Node = _PARSER.parse(text)
    except UnexpectedInput as error:
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        position = len(text) if at_end else error.pos_in_stream
        raise explain_syntax_error(text, position or 0, _PARSER.lex) from error
    root = _Builder(text, entities).build(tree)
    if not is_selective(root):
        raise QueryError(
            "the query would match nearly everything",
            query=text,
            column=1 + next(token.start_pos or 0 for token in _PARSER.lex(text) if token.type == "NOT"),
            hint="say with AND what to look for, as: police AND NOT fire",
        )
    return Query(text=text, root=root)


def entities_in(text: str) -> frozenset[str]:
    """The keys of the entities that a query refers to, in the lower case in which they are looked up."""
    return frozenset(token[1:].casefold() for token in _PARSER.lex(text) if token.type == "ENTITY")


class _Builder:
    """Builds the expression of one query from its parse tree."""

    def __init__(self, text: str, entities: Mapping[str, Sequence[str]]) -> None:
        self._text = text
        self._entities = entities
        self._terms = 0

    def build(self, node: _Node) -> Expression:
        return self._expression(node, self._term, depth=0)

    def _expression(self, node: _Node, leaf: Callable[[Token, str], Expression], depth: int) -> Expression:
        """`leaf` makes the expression of one written text; inside a field it is the field's own."""
        if isinstance(node, Token):
            return self._leaf(node, leaf)
        if depth == MAX_DEPTH:
            raise self._error(node, f"the query is nested more than {MAX_DEPTH} deep", "use fewer parentheses")
        if node.data == "field":
            field, operand = node.children
            return self._field(field, operand, leaf, depth)
        if node.data == "near":
            return self._near(node, leaf, depth)
        if node.data == "negation":
            return negate(self._expression(node.children[1], leaf, depth + 1))
        parts = tuple(self._expression(child, leaf, depth + 1) for child in node.children)
        return And(parts) if node.data == "all_of" else Or(parts)

    # ── leaves ───────────────────────────────────────────────────────────────────────────────────────────

    def _leaf(self, token: Token, leaf: Callable[[Token, str], Expression]) -> Expression:
        if token.type == "ENTITY":
            names = self._entities.get(token[1:].casefold())
            if names is None:
                hint = unknown_entity_hint(token[1:].casefold(), self._entities)
                raise self._error(token, f"there is no entity {token}", hint)
            parts = tuple(leaf(token, name) for name in dict.fromkeys(names))
            if not parts:
                raise self._error(token, f"the entity {token} has no names", "give it a name or an alias")
            return parts[0] if len(parts) == 1 else Or(parts)
        if token.type == "PHRASE":
            return leaf(token, token[1:-1])
        if field_hint := unknown_field_hint(token):
            raise self._error(token, f'"{token.split(":")[0]}:" is no field', field_hint)
        if token[0] == "-" and token.lstrip("-"):
            raise self._error(token, f"a minus excludes nothing: {token}", f"write NOT {token.lstrip('-')}")
        return leaf(token, token)

    def _term(self, token: Token, written: str) -> Term:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise self._error(token, f"the query has more than {MAX_TERMS} terms", "make it several watches")
        starred = token.type != "ENTITY" and written.rstrip().endswith("*")
        plain = written.rstrip().removesuffix("*") if starred else written
        if token.type != "ENTITY" and "*" in plain:
            column = self._text.index("*", token.start_pos) + 1
            hint = "take it out, or put it after the last letter"
            raise QueryError("a * can only end a word", query=self._text, column=column, hint=hint)
        normalised = NormalisedText(plain)
        words = normalised.words()
        if not words:
            raise self._error(token, f"{token} has no letters or digits to look for", "write a word")
        end = b"" if starred else b" "
        as_written = normalised.haystack.replace(PARAGRAPH_TOKEN, b"").strip(b" " + SENTENCE_TOKEN).split()
        forms = (b" " + b" ".join(words) + end, b" " + b" ".join(as_written) + end)
        dotted: frozenset[bytes] = frozenset()
        if "." in plain:
            dotted = frozenset(
                word for word, written in normalised.written_words() if word.isalpha() and "." in written
            )
        return Term(written=str(written), forms=tuple(dict.fromkeys(forms)), dotted=dotted)

    def _title_term(self, token: Token, written: str) -> Term:
        term = self._term(token, written)
        return Term(written=term.written, forms=term.forms, dotted=term.dotted, title_only=True)

    def _outlet(self, token: Token, written: str) -> Outlet:
        term = self._term(token, written)
        if not term.forms[0].endswith(b" "):
            raise self._error(token, "outlet: takes no *", "write whole words of the outlet's name, or its domain")
        domain = written.strip().casefold().removeprefix("www.").rstrip("./")
        is_domain = "." in domain and not any(map(str.isspace, domain))
        return Outlet(words=term.forms[0], domain=domain if is_domain else None)

    def _language(self, token: Token, written: str) -> Language:
        subtag = written.strip().replace("_", "-").split("-")[0].lower()
        if _LANGUAGE.fullmatch(subtag) is None:
            raise self._error(token, f"{written} is no language code", "write two or three letters, as lang:en")
        return Language(subtag=subtag)

    # ── fields and NEAR ──────────────────────────────────────────────────────────────────────────────────

    def _field(self, field: _Node, operand: _Node, outer: Callable[[Token, str], Expression], depth: int) -> Expression:
        if outer != self._term:
            raise self._error(field, f"{field} stands inside another field", "use one field at a time")
        leaves: Mapping[str, Callable[[Token, str], Expression]] = {
            "title:": self._title_term,
            "outlet:": self._outlet,
            "lang:": self._language,
        }
        return self._expression(operand, leaves[str(field).lower()], depth + 1)

    def _near(self, node: Tree[Token], leaf: Callable[[Token, str], Expression], depth: int) -> Expression:
        operands = [self._operand(child, leaf, depth) for child in node.children[::2]]
        pairs: list[Near] = []
        for left, right, operator in zip(operands, operands[1:], node.children[1::2], strict=False):
            words = int(str(operator).removeprefix("NEAR/")[:9])
            if not 1 <= words <= MAX_NEAR:
                raise self._error(operator, f"{operator} is out of range", f"write NEAR/1 to NEAR/{MAX_NEAR}")
            pairs.append(Near(left=left, right=right, words=words))
        return pairs[0] if len(pairs) == 1 else And(tuple(pairs))

    def _operand(self, node: _Node, leaf: Callable[[Token, str], Expression], depth: int) -> tuple[Term, ...]:
        flat: list[Term] = []
        waiting = [self._expression(node, leaf, depth + 1)]
        while waiting:
            match waiting.pop():
                case Term() as term:
                    flat.append(term)
                case Or(parts):
                    waiting.extend(reversed(parts))
                case Not():
                    hint = "put the whole NEAR in parentheses: NOT (a NEAR/5 b)"
                    raise self._error(node, "NEAR takes no NOT", hint)
                case _:
                    raise self._error(node, "NEAR joins terms, entities, and parentheses of them with OR", None)
        return tuple(flat)

    def _error(self, node: _Node, message: str, hint: str | None) -> QueryError:
        while isinstance(node, Tree):
            node = node.children[0]
        return QueryError(message, query=self._text, column=(node.start_pos or 0) + 1, hint=hint)
