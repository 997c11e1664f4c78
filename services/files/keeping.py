"""An upload becomes a file: looked at, counted, kept, and put on record."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection

from aggregates.files.file import CopyGone, File
from aggregates.files.media_types import check_name
from commands.files.content import NoteUpload
from services import bootstrap
from services.bootstrap import Platform
from services.files import content, thumbnails, uploads
from services.files.uploads import Quotas, Upload

TRIES = 5
"""Uploads of a content that is being removed at the same moment."""


class IncomingFile(NamedTuple):
    """A content that has come: a file on this machine, and its digest."""

    place: Path
    digest: str
    size: int


class KeptFile(NamedTuple):
    """What a file is found to be."""

    digest: str
    media_type: str
    size: int
    has_thumbnail: bool


def key(digest: str, copy: int) -> str:
    """Under what the store keeps a copy of a content."""
    return f"{digest}.{copy}"


def thumbnail_key(digest: str, copy: int) -> str:
    return f"{key(digest, copy)}-thumbnail"


def state(platform: Platform, digest: str) -> File:
    """What the log says of a file."""
    found: File = platform.states.ask(lambda load: load(File, digest))
    return found


def named_by(platform: Platform, connection: Connection, digest: str) -> list[str]:
    """The streams of what a file hangs on or hung on; raises `IndexBehind`."""
    named = platform.executor.named
    assert named is not None, "a platform can tell what names a thing"
    return [*named(connection, platform.store.head(connection))(File.kind, digest, ())]


def keep(platform: Platform, sent: IncomingFile, file_name: str, account: str) -> KeptFile:
    """Keep a content; the same again is kept once, and is on record as uploaded by both.

    Raises `BadContent`, `WrongName` or `QuotaReached`. The event comes last: whatever ends the
    process before it leaves nothing that anybody could refer to.
    """
    found = content.media_type(sent.place)
    check_name(file_name, found)
    with TemporaryDirectory() as folder:
        small = Path(folder) / "thumbnail"
        if content.is_image(found):
            thumbnails.make(sent.place, found, small)
        return _tried(lambda: _keep(platform, sent, small, found, account))


def _tried(attempt: Callable[[], KeptFile | None]) -> KeptFile:
    for _ in range(TRIES):
        if (kept := attempt()) is not None:
            return kept
    raise CopyGone(
        "The file was removed each time it was uploaded. Upload it again.",
        "文件每次上传后都被清除。请重新上传。",
    )


def _keep(
    platform: Platform, sent: IncomingFile, small: Path, found: str, account: str
) -> KeptFile | None:
    """None where the copy was removed meanwhile, so that another one is needed."""
    copy = state(platform, sent.digest).copy_to_upload
    upload = Upload(sent.digest, copy, account, sent.size)
    settings, log = platform.settings, platform.store.log
    quotas = Quotas(settings.file_quota, settings.file_quota_account)
    with platform.database.write() as connection:
        uploads.reserve(connection, log, upload, quotas, platform.database.now(connection))
    if small.exists():
        platform.files.put(thumbnail_key(sent.digest, upload.copy), small)
    platform.files.put(key(sent.digest, upload.copy), sent.place)  # heals what was lost, too
    if not _recorded(platform, upload, found):
        return None
    with platform.database.write() as connection:
        uploads.recorded(connection, log, upload)
    return KeptFile(sent.digest, found, sent.size, small.exists())


def _recorded(platform: Platform, upload: Upload, found: str) -> bool:
    """Whether the event is in the log."""
    note = NoteUpload(
        id=upload.digest,
        copy_number=upload.copy,
        media_type=found,
        size=upload.size,
        account=upload.account,
    )
    outcome = platform.executor.execute(bootstrap.request(note, upload.account))
    assert outcome.refusal in (None, CopyGone.__name__), outcome.message
    return outcome.refusal is None
