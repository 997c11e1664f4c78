"""A file is known by the SHA-256 of its content, which is kept once, whoever uploads it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown


class FileUploaded(Event):
    """An account has sent the content; `copy` numbers what is kept of it, from 1 on."""

    media_type: str
    size: int
    account: str
    copy: int


class FileDiscarded(Event):
    """Nothing refers to the file: its content is removed."""

    copy: int


FileEvent = FileUploaded | FileDiscarded


class CopyGone(Refused):
    """The copy that was to be uploaded, or removed, is another one by now."""


@dataclass(frozen=True)
class File(Aggregate):
    """Its id is its digest. What was discarded and comes again is another copy.

    A copy that was discarded is never taken up again: so whoever removes its content cannot meet
    whoever uploads the same.
    """

    kind: ClassVar[str] = "file"

    media_type: str = ""
    size: int = 0
    copy: int = 0
    kept: bool = False
    uploaders: tuple[str, ...] = ()
    """The accounts that have sent what is kept, each once."""

    @property
    def copy_to_upload(self) -> int:
        """The number under which the content is to be kept when it is sent now."""
        return self.copy if self.kept else self.copy + 1

    def upload(self, media_type: str, size: int, account: str, copy: int) -> Iterator[FileEvent]:
        """Each upload is on record, the same account's too: from then on it is waited anew."""
        if copy != self.copy_to_upload:
            raise CopyGone(
                f"Copy {copy} of the file was removed meanwhile. Upload it again.",
                f"文件的第 {copy} 份副本已被清除。请重新上传。",
            )
        yield FileUploaded(media_type, size, account, copy)

    def discard(self, copy: int) -> Iterator[FileEvent]:
        """Nothing may refer to it: whoever asks has looked.

        A copy that is being uploaded can be discarded too; its upload is refused then.
        """
        if copy > self.copy_to_upload:
            raise CopyGone(
                f"There is no copy {copy} of the file; the last one is {self.copy}.",
                f"文件没有第 {copy} 份副本，最后一份是第 {self.copy} 份。",
            )
        if copy == self.copy_to_upload:
            yield FileDiscarded(copy)

    def there(self, digest: str) -> None:
        """Refuse to refer to a content that is not kept."""
        if not self.kept:
            raise Unknown(
                f"There is no file {digest}. Upload it first: POST /files.",
                f"没有文件 {digest}。请先上传：POST /files。",
            )

    def evolve(self, event: FileEvent) -> Self:
        match event:
            case FileUploaded(media_type, size, account, copy):
                uploaders = tuple(dict.fromkeys((*self.uploaders, account)))
                return type(self)(media_type, size, copy, kept=True, uploaders=uploaders)
            case FileDiscarded(copy):
                return replace(self, copy=copy, kept=False, uploaders=())
