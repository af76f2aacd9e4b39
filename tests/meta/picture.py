"""The README's picture, drawn by the product: `python -m tests.meta.picture`.

    demo newsroom ─demo_run.play→ cards ─the chosen ones→ a recording console ─export→ docs/images/cards.svg

The demo runs as `wiredesk run --demo --once` does; only its console is another one. What Rich exports names fonts on
a server; that part is taken out, so that the picture shows the same without a network, in the reader's own font.
"""

import io
import re
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from bot import demo_run
from config.settings import Settings

PICTURE: Final = Path(__file__).parents[2] / "docs" / "images" / "cards.svg"
COLUMNS: Final = 92
CHOSEN: Final = (  # words of what the picture shows: a story with copies, a changed policy, and what was held back
    "Port Alder council votes to require a warrant",
    "are deleted after 90 30 days",
    "The demo's day",
    "held back",
)
_FONTS: Final = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
_TRAILING_BLANKS: Final = re.compile(r"[ \t]+$", re.MULTILINE)


class ChosenOnly(Console):
    """Prints nothing; records what has some of the chosen words in it."""

    def __init__(self) -> None:
        super().__init__(
            file=io.StringIO(),
            record=True,
            width=COLUMNS,
            force_terminal=False,
            color_system="truecolor",
            highlight=False,
        )
        self._plain = Console(file=io.StringIO(), width=COLUMNS, color_system=None, highlight=False)

    def print(self, *objects: Any, **how: Any) -> None:
        """Record the objects if they are among the chosen."""
        with self._plain.capture() as shown:
            self._plain.print(*objects, **how)
        words = " ".join(shown.get().split())
        if any(chosen in words for chosen in CHOSEN):
            super().print(*objects, **how)


def draw() -> str:
    """Play the demo through and return the picture, as SVG."""
    console = ChosenOnly()
    demo_run.play(Settings(), console, as_json=False, once=True)
    svg = console.export_svg(title="wiredesk run --demo --once", unique_id="wiredesk")
    return _TRAILING_BLANKS.sub("", _FONTS.sub("", svg))


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
