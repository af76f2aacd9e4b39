"""A page as a picture: photographed by Chromium in a window that is too tall, cut to the page, its colours counted.

The page's `html` has a colour that its `body` has nowhere along its left edge; where it begins, the page ends.
"""

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from tests.meta.discord_page.page import WIDTH

_Colour = tuple[int, int, int]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_BEYOND: Final = (255, 0, 255)  # style.css gives it to `html`
_TALLEST: Final = 4000  # CSS pixels
_SCALE: Final = 1.5
_COLOURS: Final = 28  # in a picture
_AREA: Final = 0.0008  # of the picture: what has so much of one colour keeps it exactly
_APART: Final = 28  # steps of a channel between the other colours, which are the edges of letters
_PATIENCE: Final = 60  # seconds


def chromium() -> str | None:
    """Where Chromium is on this machine; None if it isn't."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def shoot(html: str, path: Path, *, width: int = WIDTH) -> None:
    """Write the picture of the page `html`, which is `width` CSS pixels wide, to `path`, as a PNG.

    Raises FileNotFoundError where there is no Chromium, subprocess.CalledProcessError or TimeoutExpired if it fails,
    ValueError for a page that is taller than any picture should be.
    """
    browser = chromium()
    if browser is None:
        raise FileNotFoundError("no Chromium to draw with: install it (Debian and Ubuntu: apt-get install chromium)")
    with TemporaryDirectory() as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_text(html, encoding="utf-8")
        command = (
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            f"--window-size={WIDTH + 40},{_TALLEST}",
            f"--force-device-scale-factor={_SCALE}",
            f"--screenshot={picture}",
            page.as_uri(),
        )
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
        with Image.open(picture) as photograph:
            _cropped(photograph.convert("RGB"), width).save(path, optimize=True)


def _cropped(photograph: Image.Image, width: int) -> Image.Image:
    height = next((row for row in range(photograph.height) if photograph.getpixel((0, row)) == _BEYOND), None)
    if height is None:
        raise ValueError(f"the page is taller than {_TALLEST} pixels: show fewer messages")
    # The last row of a page that ends between two rows is half of it.
    return _with_few_colours(photograph.crop((0, 0, round(width * _SCALE), height - 1)))


def _with_few_colours(page: Image.Image) -> Image.Image:
    """`page` with a palette of its most frequent colours: smaller than by Pillow's ways, and no area changes colour."""
    chosen: list[_Colour] = []
    for colour, count in _counted(page):
        area = count >= _AREA * page.width * page.height
        if len(chosen) < _COLOURS and (area or all(_distance(colour, other) >= _APART for other in chosen)):
            chosen.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in chosen for channel in colour])
    return page.quantize(palette=palette, dither=Image.Dither.NONE)


def _counted(page: Image.Image) -> list[tuple[_Colour, int]]:
    pixels = page.tobytes()
    return Counter(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)).most_common()


def _distance(one: _Colour, other: _Colour) -> int:
    return max(abs(here - there) for here, there in zip(one, other, strict=True))
