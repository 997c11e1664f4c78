"""The files that hang on a thing, whatever its kind: an order, a customer, a product."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, repeats
from aggregates.files.media_types import check_name
from aggregates.plain import Plain

MOST = 200
"""Files that hang on one thing."""
WITH_FILES: Mapping[str, str] = {
    "appointment": "appointments",
    "claim": "claims",
    "contract": "contracts",
    "customer": "customers",
    "member": "members",
    "opportunity": "opportunities",
    "order": "orders",
    "product": "products",
    "quotation": "quotations",
    "rep": "reps",
}
"""The kinds that files hang on, besides all plain kinds, and where each is looked up."""


class FileAttached(Event):
    """The content itself is in no event."""

    file: str
    file_name: str
    media_type: str
    size: int
    note: str | None = None


class FileDetached(Event):
    file: str
    reason: str


AttachmentEvent = FileAttached | FileDetached


class TooManyFiles(Refused):
    """So many files hang on one thing that nobody would find any."""


class Attached(NamedTuple):
    """A file as it hangs on a thing."""

    file_name: str
    media_type: str
    size: int
    note: str | None = None


@dataclass(frozen=True)
class Attachments(Aggregate):
    """All files of one thing; its id is the thing's kind, a colon and the thing's id."""

    kind: ClassVar[str] = "attachments"
    of_another: ClassVar[bool] = True

    files: Mapping[str, Attached] = field(default_factory=dict)
    """By digest, in the order in which they were attached."""
    detached: Mapping[str, str] = field(default_factory=dict)
    """Why those hang on it no longer that once did."""

    @staticmethod
    def id_of(kind: str, id: str) -> str:
        return f"{kind}:{id}"

    @classmethod
    def reached_by(cls, id: str) -> tuple[str, str]:
        kind, _, thing = id.partition(":")
        return kind, thing

    def attach(self, digest: str, asked: Attached) -> Iterator[AttachmentEvent]:
        check_name(asked.file_name, asked.media_type)
        before = self.files.get(digest)
        if repeats(before and _event(digest, before), _event(digest, asked)):
            return
        if len(self.files) >= MOST:
            raise TooManyFiles(
                f"{len(self.files)} files hang on it, and {MOST} may. Detach one first.",
                f"已挂有 {len(self.files)} 个文件，最多 {MOST} 个。请先移除一个。",
            )
        yield _event(digest, asked)

    def detach(self, digest: str, reason: str) -> Iterator[AttachmentEvent]:
        if digest in self.files:
            yield FileDetached(digest, reason)
        elif digest not in self.detached:
            raise Unknown(
                f"No file {digest} hangs on it. Its files tell which do.",
                f"未挂有文件 {digest}。请查看其文件列表。",
            )
        else:
            assert repeats(
                FileDetached(digest, self.detached[digest]), FileDetached(digest, reason)
            )

    def evolve(self, event: AttachmentEvent) -> Self:
        match event:
            case FileAttached(file, file_name, media_type, size, note):
                attached = Attached(file_name, media_type, size, note)
                gone = {one: why for one, why in self.detached.items() if one != file}
                return type(self)({**self.files, file: attached}, gone)
            case FileDetached(file, reason):
                left = {one: how for one, how in self.files.items() if one != file}
                gone = {**self.detached, file: reason}
                return type(self)(left, dict(list(gone.items())[-MOST:]))


def _event(digest: str, attached: Attached) -> FileAttached:
    return FileAttached(digest, *attached)


def looked_up_as(kind: str) -> str | None:
    """The name under which things of a kind are looked up; None where no file hangs on them."""
    found: Any = Aggregate.kinds.get(kind)
    if found is not None and issubclass(found, Plain):
        return str(found.plural)
    return WITH_FILES.get(kind)
