"""Buttons and menus under messages: each carries a row's number and works for as long as its message stands."""

from typing import Any

import discord

from bot.buttons.alert import AlertButton
from bot.buttons.alert_feedback import MuteSelect, ReasonButton, UnmuteButton
from bot.buttons.draft_menu import DraftMenu
from bot.buttons.drafts import DraftButton
from bot.buttons.rows import OpenRow, PageButton, RowButton

ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (
    PageButton,
    OpenRow,
    RowButton,
    DraftButton,
    DraftMenu,
    AlertButton,
    ReasonButton,
    MuteSelect,
    UnmuteButton,
)
