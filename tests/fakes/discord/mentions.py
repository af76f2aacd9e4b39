"""Whom a message would ping, from its content and its `allowed_mentions`, as Discord decides it.

Only the content counts, never an embed. Nothing shelters a mention: not code, not a backslash. A role is pinged only
if it is mentionable or the author may mention everyone; `@everyone` and `@here` need that permission.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")

MESSAGE_DEFAULT: Mapping[str, Any] = {"parse": ["users", "roles", "everyone"]}


@dataclass(frozen=True)
class Mentioned:
    """Ids in the order of the content; `everyone` for `@everyone` and `@here` alike."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False

    @property
    def pinged(self) -> frozenset[str]:
        """The ids of users and roles, and the word "everyone"."""
        return frozenset((*self.users, *self.roles, *(("everyone",) if self.everyone else ())))


def mentioned(
    content: str,
    allowed: Mapping[str, Any] | None,
    *,
    users: Collection[str],
    mentionable: Collection[str],
    may_mention_everyone: bool,
) -> Mentioned:
    """`users` are those who can see the channel, `mentionable` the ids of the roles that the author may ping."""
    rules = MESSAGE_DEFAULT if allowed is None else allowed
    parse = [word for word in rules.get("parse") or () if word]
    named_users = {str(one) for one in rules.get("users") or ()}
    named_roles = {str(one) for one in rules.get("roles") or ()}
    return Mentioned(
        users=tuple(
            one
            for one in dict.fromkeys(_USER.findall(content))
            if one in users and ("users" in parse or one in named_users)
        ),
        roles=tuple(
            one
            for one in dict.fromkeys(_ROLE.findall(content))
            if one in mentionable and ("roles" in parse or one in named_roles)
        ),
        everyone=bool(_EVERYONE.search(content)) and "everyone" in parse and may_mention_everyone,
    )
