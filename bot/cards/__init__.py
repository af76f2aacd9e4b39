"""Cards: what an alert looks like, before any channel gives it a form.

    Outgoing ─card_for (build)─▶ Card (model) ─▶ terminal                       bot/channels/terminal.py
                                              ├▶ Discord's message (message.py)  bot/channels/webhook.py
                                              └▶ plain text (plain.py)           bot/channels/apprise.py

Foreign text is made harmless in text.py, addresses in links.py.
"""

from bot.cards.build import card_for
from bot.cards.model import Card

__all__ = ["Card", "card_for"]
