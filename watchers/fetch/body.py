"""Reading a body within its bounds: bytes on the wire in, decoded bytes out, or a Problem in one line.

httpx inflates whatever it is sent; 203 bytes become 256 MB. So bodies are taken raw (`aiter_raw`) and only what we
offered, one layer of gzip, is undone here, never beyond the limit.
"""

import asyncio
import re
import zlib
from dataclasses import dataclass
from typing import Final

import httpx

from watchers.fetch.loads import Load

GZIP: Final = 16 + zlib.MAX_WBITS  # zlib's flag for a gzip member
MOST_PIECES: Final = 50_000  # chunks of a byte each would cost minutes of CPU below the limit of bytes
SLICE: Final = 512  # bytes unpacked at a time: they come to half a megabyte at the most
GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How much one fetch may take. Sizes in bytes, times in seconds."""

    deadline: float = 30.0  # resolve, connect, redirects and body together, without waiting for its turn
    wire: int = 10_000_000  # body as sent
    decoded: int = 20_000_000  # body after gzip
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no body. One line for people."""

    error: str


class Gunzip:
    """Undoes one layer of gzip, a chunk at a time, up to `most` bytes.

    Bytes after the last member are ignored, as browsers do: servers pad.
    """

    def __init__(self, most: int) -> None:
        self.output = bytearray()
        self._most = most
        self._member = zlib.decompressobj(GZIP)
        self._started = False
        self._over = False  # something else than a member followed the last one
        self._held = b""  # what may be the first half of another member's mark

    def feed(self, chunk: bytes) -> Problem | None:
        """Take one chunk; a Problem ends it."""
        if self._over:
            return None
        self._started = self._started or bool(chunk)
        chunk, self._held = self._held + chunk, b""
        while chunk:
            if self._member.eof:
                if chunk == GZIP_MAGIC[:1]:
                    self._held = chunk
                    return None
                if not chunk.startswith(GZIP_MAGIC):
                    self._over = True
                    return None
                self._member = zlib.decompressobj(GZIP)
            try:
                self.output += self._member.decompress(chunk, self._most + 1 - len(self.output))
            except zlib.error:
                return Problem("the answer is not the gzip that it says it is")
            if len(self.output) > self._most:
                return Problem(f"the answer unpacks to more than {self._most:,} bytes")
            chunk = self._member.unused_data
        return None

    def finish(self) -> bytes | Problem:
        """Everything unpacked, or a Problem if the end is missing."""
        if self._started and not self._member.eof:
            return Problem("the answer breaks off in the middle of its gzip")
        return bytes(self.output)


async def read_body(
    response: httpx.Response, limits: FetchLimits, load: Load, deadline: asyncio.Timeout | None = None
) -> bytes | Problem:
    """Read the whole body of `response`, which is not closed here. Raises httpx.TransportError on the way.

    `load` is told how large it becomes, and may have it wait; `deadline` stands still meanwhile.
    """
    codings = [part.strip().lower() for part in response.headers.get("content-encoding", "").split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if codings and codings not in (["gzip"], ["x-gzip"]):
        return Problem(f"the answer is packed as {', '.join(codings)[:60]!r}, though only gzip was offered")
    packed = bool(codings)
    unpack = Gunzip(limits.decoded)
    plain = bytearray()
    received = _promised(response)
    if received <= limits.wire:
        received = pieces = 0
        async for piece in response.aiter_raw():
            received += len(piece)
            pieces += 1
            if pieces > MOST_PIECES:
                return Problem(f"the answer comes in more than {MOST_PIECES:,} pieces")
            if received > limits.wire:
                break
            if not packed:
                plain += piece
                await load.grow(len(plain), deadline)
                continue
            for start in range(0, len(piece), SLICE):
                if problem := unpack.feed(piece[start : start + SLICE]):
                    return problem
                await load.grow(len(unpack.output), deadline)
    if received > limits.wire or len(plain) > limits.decoded:
        return Problem(f"the answer is longer than {limits.wire:,} bytes")
    return unpack.finish() if packed else bytes(plain)


def _promised(response: httpx.Response) -> int:
    """Content-Length; 0 where there is none, for then only counting tells."""
    text = response.headers.get("content-length", "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0
