"""Files kept under the digest of their bytes: whole or not at all, whatever process is killed meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

UNFINISHED: Final = ".writing-"
A_MOMENT: Final = 1.0
"""Seconds between a file's making and its lock, amply: it is not taken for one that was left."""


def keep_file(folder: Path, suffix: str, write: Callable[[IO[bytes]], str]) -> tuple[Path, str, int]:
    """Keep bytes in a folder at a place named by their digest, which `write` gives: (path, digest, size).

    What a process that was killed left half-written is removed: a living one holds a lock on its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_unfinished(folder)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=UNFINISHED, delete=False) as waiting:
        try:
            fcntl.flock(waiting, fcntl.LOCK_EX)
            sha256 = write(waiting)
            waiting.flush()
            os.fsync(waiting.fileno())
            size = waiting.tell()
            path = folder / f"{sha256}{suffix}"
            os.replace(waiting.name, path)
        except BaseException:
            Path(waiting.name).unlink(missing_ok=True)
            raise
    return path, sha256, size


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob(f"{UNFINISHED}*"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - os.fstat(left.fileno()).st_mtime > A_MOMENT:
                path.unlink()
