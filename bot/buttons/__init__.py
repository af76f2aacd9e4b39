"""Buttons and menus under messages: each carries a row's number and works for as long as its message stands."""

from typing import Any

import discord

from bot.buttons.drafts import DraftButton
from bot.buttons.rows import OpenRow, PageButton, RowButton

ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (PageButton, OpenRow, RowButton, DraftButton)
