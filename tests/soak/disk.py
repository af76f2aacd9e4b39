"""A disk of the soak's own, so small that it can be filled: what writes to it meets the kernel's own ENOSPC.

    enter(): this process gets mounts that nobody else sees       (before it has threads)
    with mounted() as disk: disk ─fill→ no room but so much ─free→ room again

It is a tmpfs. Root may mount one, and so may anyone where the system lets users have namespaces of their own; it goes
with the process. Where neither is permitted, `enter` says so and the soak goes without full disks.
"""

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SIZE = 64 << 20
_PIECE = bytes(1 << 20)
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_RECURSIVE, _PRIVATE, _DETACHED = 0x4000, 1 << 18, 2


@cache
def enter() -> bool:
    """Take this process, and those that it starts, to mounts of their own, once. False: it is not permitted."""
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if system.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        return False
    if user:
        for name, told in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", name).write_text(told)
    return not system.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None)


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """The mounted folder."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self, leave: int) -> None:
        """Take all room but about so many bytes."""
        with self._filler.open("ab", buffering=0) as file:
            with suppress(OSError):  # full
                while file.write(_PIECE):
                    pass
            file.truncate(max(file.tell() - leave, 0))

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


@contextmanager
def mounted() -> Iterator[SmallDisk | None]:
    """A new one. None: it can't be mounted."""
    system = ctypes.CDLL(None, use_errno=True)
    with tempfile.TemporaryDirectory(prefix="wiredesk-disk-") as name:
        if system.mount(b"tmpfs", name.encode(), b"tmpfs", 0, f"size={SIZE},mode=755".encode()):
            yield None
            return
        folder = Path(name)
        try:
            yield SmallDisk(folder)
        finally:
            system.umount2(name.encode(), _DETACHED)
