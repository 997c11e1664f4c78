"""Where the content of files is kept: a folder or S3, behind one port."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

KEY = re.compile(r"[0-9a-f]{64}\.[0-9]{1,9}(-thumbnail)?")
"""The SHA-256 of a content, the number of its copy, and what was made of it."""
CHUNK = 256 * 1024
"""Bytes that are in memory at one time."""


class StoredFile(NamedTuple):
    """What lies under a key, since when (microseconds since the epoch)."""

    key: str
    size: int
    since: int


class StoreUnavailable(OSError):
    """The store does not answer, or takes nothing; it may be asked again."""


class FileStore(Protocol):
    """Contents under keys. What is put is there whole or not at all, whatever ends the process.

    Each call raises `StoreUnavailable` where the store cannot do it now.
    """

    def put(self, key: str, source: Path) -> None:
        """Keep the content of a file, durably when it returns; the same again does no harm."""

    def incoming(self) -> Path | None:
        """A folder for what is about to be put; None where the machine's own will do."""

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`; raises `FileNotFoundError` before the first."""

    def size(self, key: str) -> int | None:
        """How many bytes lie under a key; None where nothing does."""

    def delete(self, key: str) -> None:
        """Remove what lies there, if anything does."""

    def every(self) -> Iterable[StoredFile]:
        """All that is kept."""

    def tidy(self, before: int) -> int:
        """Remove what puts left unfinished before that instant; answers how many they were."""


def checked(key: str) -> str:
    """The key, which becomes a part of a path: anything else than a key is a fault of ours."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a content")
    return key
