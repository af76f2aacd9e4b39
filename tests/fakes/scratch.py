"""Where tests put what they throw away: in memory, where the machine has a file system there.

A database is hundreds of small files, and hundreds of tests have one of their own.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 2 << 30  # bytes; a run of all tests needs a quarter of that


def in_memory() -> None:
    """Let this process, and those that it starts, make their temporary folders in memory if there is enough.

    A place that was asked for is kept.
    """
    asked = os.environ.get("TMPDIR") or not os.access(_MEMORY, os.W_OK | os.X_OK)
    if not asked and shutil.disk_usage(_MEMORY).free >= _ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
