"""What looks, judges and remembers. Knows no chat: `bot` imports this, never the other way."""
