"""Pages as they were fetched, compressed, named by their content.

Kept apart from the text that was extracted from them: a better extractor reads the old page again, so that what changed
is the page and never the extractor. Written before the version that names it, and on the disk before it has its name:
a file without a version is harmless, and a version's file is whole. One that isn't any more counts as gone.
"""

import errno
import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from watchers.errors import CannotRun

_FULL = (errno.ENOSPC, errno.EDQUOT)


def _name(body: bytes) -> str:
    return f"{blake2b(body, digest_size=16).hexdigest()}.gz"


class Snapshots:
    """A folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, body: bytes) -> str:
        """Store a body once; returns its name.

        Raises:
            CannotRun: it can't be written, the disk is full.
        """
        name = _name(body)
        if self.read(name) is None:
            with self._told():
                self._folder.mkdir(parents=True, exist_ok=True)
                self._write(name, gzip.compress(body, mtime=0))
        return name

    def read(self, name: str) -> bytes | None:
        """A stored body; None if its file is not there any more, or not whole.

        Raises:
            CannotRun: it is there and can't be read.
        """
        with self._told():
            try:
                body = gzip.decompress((self._folder / name).read_bytes())
            except (FileNotFoundError, gzip.BadGzipFile, EOFError, zlib.error):
                return None
        return body if _name(body) == name else None

    def _write(self, name: str, packed: bytes) -> None:
        unfinished = self._folder / f"{name}.{token_hex(4)}.part"  # two sources may show one body at once
        try:
            with unfinished.open("wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self._folder / name)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            raise
        folder = os.open(self._folder, os.O_RDONLY)  # its new name too is on the disk before the version is
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the disk complains of, with what to do."""
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                msg = "the disk is full: free some space; nothing recorded was lost"
            else:
                msg = (
                    f"{self._folder}: pages can't be kept there ({error.strerror}): see that it can be read and written"
                )
            raise CannotRun(msg) from error
