"""The demo newsroom: an invented city's outlets, served on this machine for `wiredesk run --demo`.

    config/demo ─data→ Edition (the day's items) ─site→ Answer at a moment ─newsroom→ HTTP on loopback

The runner polls it as it would poll the web: `DemoNewsroom` serves, `demo_watchlist` names its sources, and
`expectations` says, from the labels in the data, what a desk should be told and what should be held back.
"""

from bot.demo.data import demo_corpus_path, demo_watchlist
from bot.demo.expectations import Expectations, Held, Told, expectations
from bot.demo.newsroom import DemoNewsroom

__all__ = [
    "DemoNewsroom",
    "Expectations",
    "Held",
    "Told",
    "demo_corpus_path",
    "demo_watchlist",
    "expectations",
]
