"""Contents that nothing refers to are removed, and never one that something refers to.

The log decides: a content goes once its discard is on record, and what is on record as discarded
can be attached no more. Each upload and each detachment is looked at once it is old enough.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from aggregates.files.file import File
from commands.files.content import DiscardFile, StillAttached
from infra import search
from infra.events import Recorded
from infra.log import State
from infra.repeating import Repeating
from infra.requests import VersionMismatch
from infra.search import EventQuery
from services import bootstrap
from services.bootstrap import Platform
from services.files import uploads
from services.files.keeping import key, named_by, state, thumbnail_key
from services.naming import IndexBehind

HOUR = 3_600_000_000
EVERY = 600.0
"""Seconds between two turns of the worker."""
CLEANER = "file-cleaner"
"""The actor under whose name contents are discarded."""
LET_GO = EventQuery(types=["FileUploaded", "FileDetached"])
AT_ONCE = 500


class Cleaned(NamedTuple):
    """What was removed; `behind` where the rest has to wait for the index of mentions."""

    files: int = 0
    bytes: int = 0
    unfinished: int = 0
    behind: bool = False


class _Behind(Exception):
    """What names a file cannot be said yet."""


def clean(platform: Platform, hours: int) -> Cleaned:
    """Remove what nothing has referred to for so many hours, and what uploads left unfinished."""
    with platform.database.read() as connection:
        now = platform.database.now(connection)
    before, long_ago = now - hours * HOUR, now - max(hours, 1) * HOUR
    unfinished = _unfinished(platform, long_ago) + platform.files.tidy(long_ago)
    files = size = 0
    try:
        for removed in _removed(platform, before):
            files, size = files + 1, size + removed
    except _Behind:
        return Cleaned(files, size, unfinished, behind=True)
    return Cleaned(files, size, unfinished)


def _removed(platform: Platform, before: int) -> Iterator[int]:
    """The bytes of each content that is removed."""
    store, database = platform.store, platform.database
    while True:
        with database.read() as connection:
            after = uploads.looked_to(connection, store.log)
            until = store.known_at(connection, before)
            if after >= until:
                return
            found = search.find(connection, LET_GO, after, until, AT_ONCE)
        for digest in dict.fromkeys(_digest(platform, event) for event in found.events):
            yield from _discarded(platform, digest, before)
        with database.write() as connection:
            uploads.look_on(connection, store.log, found.looked_to)


def _digest(platform: Platform, event: Recorded) -> str:
    if event.type == "FileUploaded":
        return event.stream.partition("-")[2]
    return str(platform.log.event(event).file)


def _discarded(platform: Platform, digest: str, before: int) -> Iterator[int]:
    """Discard a file that nothing refers to; what was discarded and is still kept goes as well."""
    found: State = platform.states.ask(lambda load: load.state(File, File.stream(digest)))
    file: File = found.state
    if file.kept and _let_go_since(platform, digest, before):
        return
    if file.kept and not _discard(platform, digest, file.copy, found.version):
        return
    if (size := _remove(platform, digest, file.copy)) is not None:
        yield size


def _remove(platform: Platform, digest: str, copy: int) -> int | None:
    """Remove the content of a copy that is on record as discarded, which nobody takes up again."""
    size = platform.files.size(key(digest, copy))
    platform.files.delete(thumbnail_key(digest, copy))
    platform.files.delete(key(digest, copy))
    with platform.database.write() as connection:
        uploads.forget_copy(connection, platform.store.log, digest, copy)
    return size


def _let_go_since(platform: Platform, digest: str, before: int) -> bool:
    """Whether it was uploaded or detached later than that: then it has its time until later."""
    store = platform.store
    with platform.database.read() as connection:
        try:
            streams = named_by(platform, connection, digest)
        except IndexBehind as error:
            raise _Behind from error
        events = store.histories(connection, [File.stream(digest), *streams])
    return any(
        event.recorded_at >= before
        and event.type in LET_GO.types
        and _digest(platform, event) == digest
        for event in events
    )


def _discard(platform: Platform, digest: str, copy: int, version: int | None = None) -> bool:
    """Put a discard on record; not where it is referred to, or changed since that version."""
    asked = DiscardFile(id=digest, copy_number=copy)
    try:
        outcome = platform.executor.execute(bootstrap.request(asked, CLEANER, expected=version))
    except VersionMismatch:
        return False
    if outcome.refusal == IndexBehind.__name__:
        raise _Behind
    assert outcome.refusal in (None, StillAttached.__name__), outcome.message
    return outcome.refusal is None


def _unfinished(platform: Platform, before: int) -> int:
    """Settle the uploads that did not come to their end; answers how many were removed."""
    log, removed = platform.store.log, 0
    with platform.database.read() as connection:
        found = uploads.unfinished(connection, log, before)
    for upload in found:
        file = state(platform, upload.digest)
        if not file.kept or file.copy != upload.copy:
            if _discard(platform, upload.digest, upload.copy):  # whoever uploads it takes another
                _remove(platform, upload.digest, upload.copy)
                removed += 1
            continue
        with platform.database.write() as connection:
            if upload.account in file.uploaders:
                uploads.recorded(connection, log, upload)
            else:
                removed += uploads.forget(connection, log, upload, before)
    return removed


@contextmanager
def repeated(platform: Platform) -> Iterator[None]:
    """Clean now and then, in a thread that ends with the block."""
    ended = threading.Event()

    def turn() -> None:
        if not ended.is_set():  # its last turn is asked for at the end, which shall come soon
            clean(platform, platform.settings.file_keep_hours)

    turns = Repeating("files", EVERY, turn)
    turns.start()
    try:
        yield
    finally:
        ended.set()
        turns.stop(5.0)
