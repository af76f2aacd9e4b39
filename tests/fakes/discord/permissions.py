"""Discord's permissions: the names, their bits, and what a member may do in a guild or a channel.

Names are those of Discord's own table in lower case (`send_messages`). The computation is the documented one: the
roles' sum, then the channel's overwrites for everyone, for the roles together and for the member; owner and
administrator may do everything; who can't see a channel can do nothing in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BITS: Mapping[str, int] = {
    name: 1 << bit
    for name, bit in {
        "create_instant_invite": 0,
        "kick_members": 1,
        "ban_members": 2,
        "administrator": 3,
        "manage_channels": 4,
        "manage_guild": 5,
        "add_reactions": 6,
        "view_audit_log": 7,
        "view_channel": 10,
        "send_messages": 11,
        "send_tts_messages": 12,
        "manage_messages": 13,
        "embed_links": 14,
        "attach_files": 15,
        "read_message_history": 16,
        "mention_everyone": 17,
        "use_external_emojis": 18,
        "change_nickname": 26,
        "manage_nicknames": 27,
        "manage_roles": 28,
        "manage_webhooks": 29,
        "use_application_commands": 31,
        "manage_events": 33,
        "manage_threads": 34,
        "create_public_threads": 35,
        "create_private_threads": 36,
        "send_messages_in_threads": 38,
        "moderate_members": 40,
    }.items()
}

ALL = sum(BITS.values())

# `mention_everyone` is left out on purpose: a role that is pinged has to be mentionable, unless a test says otherwise.
USUAL = (
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "create_public_threads",
    "send_messages_in_threads",
)

_NEED_SENDING = ("embed_links", "attach_files", "mention_everyone", "send_tts_messages")


@dataclass(slots=True)
class Overwrite:
    """What a channel grants and refuses to one role (kind 0) or one member (kind 1)."""

    kind: int
    allow: int = 0
    deny: int = 0


def bits(names: Iterable[str]) -> int:
    """The sum of the named permissions; an unknown name is a KeyError."""
    total = 0
    for name in names:
        total |= BITS[name]
    return total


def has(permissions: int, name: str) -> bool:
    return bool(permissions & BITS[name])


def in_guild(*, owner: bool, everyone: int, roles: Iterable[int]) -> int:
    """The sum over the roles; everything for the owner and for administrators."""
    total = everyone
    for role in roles:
        total |= role
    return ALL if owner or total & BITS["administrator"] else total


def in_channel(
    base: int,
    overwrites: Mapping[str, Overwrite],
    *,
    everyone_id: str,
    role_ids: Iterable[str],
    member_id: str,
    thread: bool,
) -> int:
    """`base` (of `in_guild`) after the overwrites of the channel, for a thread those of its parent."""
    if base & BITS["administrator"]:
        return ALL
    total = base
    if for_everyone := overwrites.get(everyone_id):
        total = total & ~for_everyone.deny | for_everyone.allow
    of_roles = [overwrites[role_id] for role_id in role_ids if role_id in overwrites]
    for overwrite in of_roles:
        total &= ~overwrite.deny
    for overwrite in of_roles:
        total |= overwrite.allow
    if for_member := overwrites.get(member_id):
        total = total & ~for_member.deny | for_member.allow
    if not has(total, "view_channel"):
        return 0
    if not has(total, "send_messages_in_threads" if thread else "send_messages"):
        total &= ~bits(_NEED_SENDING)
    return total
