"""Every content that is kept is read again: what was changed or lost since is found."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from aggregates.files.media_types import IMAGES
from services.bootstrap import Platform
from services.files import uploads
from services.files.keeping import key, state, thumbnail_key


class FileFault(NamedTuple):
    """What is wrong with the content under a key: `lost` or `changed`."""

    digest: str
    key: str
    fault: str


class Verified(NamedTuple):
    """How many contents were read, and what was found of one; nothing where it is sound."""

    files: int
    bytes: int
    fault: FileFault | None = None


def verify(platform: Platform) -> Iterator[Verified]:
    """One answer for each content, and one more for a thumbnail that is lost."""
    with platform.database.read() as connection:
        kept = list(uploads.copies(connection, platform.store.log))
    files = total = 0
    for digest, copy in kept:
        file = state(platform, digest)
        if not file.kept or file.copy != copy:
            continue
        size, fault = _looked_at(platform, digest, copy)
        files, total = files + 1, total + size
        yield Verified(files, total, fault)
        small = thumbnail_key(digest, copy)
        if file.media_type in IMAGES and platform.files.size(small) is None:
            yield Verified(files, total, FileFault(digest, small, "lost"))


def _looked_at(platform: Platform, digest: str, copy: int) -> tuple[int, FileFault | None]:
    place, found = key(digest, copy), hashlib.sha256()
    size = platform.files.size(place)
    if size is None:
        return 0, FileFault(digest, place, "lost")
    for chunk in platform.files.read(place, 0, size):
        found.update(chunk)
    fault = None if found.hexdigest() == digest else FileFault(digest, place, "changed")
    return size, fault
