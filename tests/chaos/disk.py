"""A disk of a server's own, small enough to be filled, and gone with whoever made it."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

NEW_MOUNTS = 0x00020000  # CLONE_NEWNS
LIMIT = 10
BLOCK = 4_096


def own_mounts() -> bool:
    """From here on this process mounts for itself and its children; with them it all ends.

    Call it before there are threads. False where it is not permitted.
    """
    if os.geteuid() != 0 or ctypes.CDLL(None).unshare(NEW_MOUNTS) != 0:
        return False
    return _did("mount", "--make-rprivate", "/")


class Disk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        """Take whatever is free; called again, what has become free since."""
        with self._filler.open("ab") as filler:
            while (size := self._free()) > 0 and _takes(filler.fileno(), size):
                pass

    def clear(self) -> None:
        self._filler.unlink(missing_ok=True)

    def _free(self) -> int:
        about = os.statvfs(self.path)
        return about.f_bavail * about.f_frsize // BLOCK * BLOCK


def _takes(file: int, size: int) -> bool:
    """Others take from the same disk meanwhile: then a block is better than nothing."""
    end = os.fstat(file).st_size
    for wanted in (size, BLOCK):
        try:
            os.posix_fallocate(file, end, wanted)
        except OSError as error:
            if error.errno != ENOSPC:
                raise
        else:
            return True
    return False


@contextmanager
def mounted(path: Path, megabytes: int) -> Iterator[Disk | None]:
    """A file system in memory; a plain directory and None where there may be none of that size."""
    path.mkdir(parents=True)
    size = f"size={megabytes}m"
    if not megabytes or not _did("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(path)):
        yield None
        return
    try:
        yield Disk(path)
    finally:
        _did("umount", "--lazy", str(path))


def _did(*words: str) -> bool:
    done = subprocess.run(words, capture_output=True, timeout=LIMIT, check=False)
    return done.returncode == 0
