"""Memory that is free goes back to the system."""

import os
import platform
from pathlib import Path

import pytest

from watchers.spare_memory import give_back

BLOCK = 2_000  # bytes: Python asks the system's allocator for it
MB = 1_000_000


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators give back by themselves")
def test_what_was_freed_among_what_is_still_used_goes_back() -> None:
    blocks = [bytes(BLOCK) for _ in range(40 * MB // BLOCK)]
    still_used = blocks[:: MB // BLOCK] + blocks[-1:]
    del blocks
    before = _resident()
    give_back()
    assert before - _resident() > 20 * MB
    assert all(len(block) == BLOCK for block in still_used)


def _resident() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
