"""Pages as they were fetched, compressed, named by their content.

Kept apart from the text that was extracted from them: a better extractor reads the old page again, so that what changed
is the page and never the extractor. Written before the version that names it: a file without a version is harmless.
"""

import gzip
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex


class Snapshots:
    """A folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, body: bytes) -> str:
        """Store a body once; returns its name."""
        name = f"{blake2b(body, digest_size=16).hexdigest()}.gz"
        path = self._folder / name
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{token_hex(4)}.part")  # two sources may show one body at once
            unfinished.write_bytes(gzip.compress(body, mtime=0))
            unfinished.rename(path)
        return name

    def read(self, name: str) -> bytes | None:
        """A stored body; None if its file is not there any more."""
        path = self._folder / name
        return gzip.decompress(path.read_bytes()) if path.exists() else None
