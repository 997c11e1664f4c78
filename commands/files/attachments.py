"""What may be asked about the files of a thing."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic import StringConstraints as Constraints

from aggregates import Aggregate, Refused, Unknown
from aggregates.files.attachments import Attached, Attachments, looked_up_as
from aggregates.files.file import File
from aggregates.words import in_chinese
from commands import Command, Decision, Id, Load, Text
from commands.fields import fault

UNSAFE = re.compile(r'[/\\:*?"<>|]')
"""What cannot stand in the name of a file everywhere, or separates folders."""
Digest = Annotated[str, Constraints(pattern=r"^[0-9a-f]{64}$")]


def _safe(file_name: str) -> str:
    """Nothing in it turns the order of letters round, or is invisible."""
    unseen = any(unicodedata.category(one)[0] == "C" for one in file_name)
    if unseen or UNSAFE.search(file_name) or file_name.startswith("."):
        raise fault(
            "file_name",
            'Write a name without / \\ : * ? " < > | and invisible characters: contract.pdf',
            '文件名不能包含 / \\ : * ? " < > | 或不可见字符，例如 合同.pdf',
        )
    return file_name


FileName = Annotated[
    str,
    Constraints(min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(_safe),
]


class NoFilesHere(Refused):
    """Files hang on what people look up."""


class AttachmentCommand(Command):
    """A request about the files of one thing."""

    kind: Id = Field(description="What the file hangs on: customer, order, product …")
    file: Digest = Field(description="The SHA-256 of its content, as POST /files answers it.")

    @property
    def stream(self) -> str:
        return Attachments.stream(self.key)

    @property
    def key(self) -> str:
        return Attachments.id_of(self.kind, self.id)

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Attachments, self.key
        yield File, self.file


class AttachFile(AttachmentCommand, of=Attachments):
    """Hang a file that was uploaded on a thing: a photo, a contract, a certificate."""

    file_name: FileName = Field(description="Ends as its content says.", examples=["合同.pdf"])
    note: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        attachments, file = load(Attachments, self.key), load(File, self.file)
        _there(load, self.kind, self.id)
        file.there(self.file)
        asked = Attached(self.file_name, file.media_type, file.size, self.note)
        for event in attachments.attach(self.file, asked):
            yield self.stream, event


class DetachFile(AttachmentCommand, of=Attachments):
    """Take a file off a thing; that it hung there stays on record, its content does not."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(Attachments, self.key).detach(self.file, self.reason):
            yield self.stream, event


def _there(load: Load, kind: str, id: str) -> None:
    """Refuse a thing that does not exist, or on which no files hang."""
    if looked_up_as(kind) is None:
        raise NoFilesHere(
            f"No file hangs on a {kind}. Name another kind, such as customer or order.",
            f"{in_chinese(kind)}不能挂文件。请指定其他类型，例如 customer 或 order。",
        )
    if not load(Aggregate.kinds[kind], id).exists:
        raise Unknown(
            f"There is no {kind} {id}. Check its id.",
            f"没有{in_chinese(kind)} {id}。请检查其编号。",
        )
