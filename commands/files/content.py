"""What the platform itself asks about the content of files; nobody else can ask it.

Whoever could say that a content was uploaded could read what others have uploaded.
"""

from collections.abc import Iterator
from datetime import datetime

from aggregates import Refused
from aggregates.files.attachments import Attachments
from aggregates.files.file import File, FileEvent
from commands import Command, Decision, Load


class StillAttached(Refused):
    """What hangs on something is not removed."""


class _ContentCommand(Command):
    aggregate = File

    copy_number: int


class NoteUpload(_ContentCommand):
    """Record that the content of a file was uploaded, and is kept."""

    media_type: str
    size: int
    account: str

    def decide(self, state: File, at: datetime) -> Iterator[FileEvent]:
        return state.upload(self.media_type, self.size, self.account, self.copy_number)


class DiscardFile(_ContentCommand):
    """Let the content of a file go that hangs on nothing.

    Commands are decided one after another on the head of the log, and whatever attaches a file
    looks whether it is kept: so nothing can refer to it at the same moment.
    """

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        events = list(load(File, self.id).discard(self.copy_number))
        for stream in load.naming(File, self.id) if events else ():
            if self.id in load(Attachments, stream.partition("-")[2]).files:
                raise StillAttached(
                    f"The file hangs on {stream}. Detach it there first.",
                    f"文件仍挂在 {stream} 上。请先在该处移除。",
                )
        for event in events:
            yield self.stream, event
