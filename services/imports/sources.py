"""What is imported, as what, and what can be wrong with it."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import msgspec

from services.faults import Words

Cell = str | float | int | bool | date | datetime | time | timedelta
Row = tuple[int, list[Cell]]
"""The line on which it begins, or the number that the sheet gives it, and its cells."""
CHUNK = 1 << 20


class CellFault(NamedTuple):
    """What is wrong with a file or a row of it: where, with what value, in both languages."""

    row: int | None
    column: str | None
    value: str | None
    words: Words
    rule: str | None = None
    """Which rule said no, where it was the log that was asked."""

    def shown(self, language: int = 0) -> dict[str, object]:
        told = {"row": self.row, "column": self.column, "value": self.value, "rule": self.rule}
        known = {name: value for name, value in told.items() if value not in (None, "")}
        return {**known, "message": self.words[language]}


class Faulty(Exception):
    """The file cannot be read any further, or not as was asked."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(fault.words[0] for fault in self.faults))


def whole_file(en: str, zh: str, row: int | None = None) -> Faulty:
    """What is wrong with all of it, or from one row on."""
    return Faulty([CellFault(row, None, None, (en, zh))])


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As what a file is imported.

    `mapping` gives columns their fields, and an empty field passes the column over; `constants`
    hold for all rows. `money` says what amounts are in where their headers do not: `minor`,
    `major`, or the currency in whose major units they are where a row names none. Unsaid, a
    column that is called by its field's own name is in minor units. `reason` is for whoever has to
    confirm the rows, and no part of what names the import.
    """

    command: str
    mapping: dict[str, str] = {}
    constants: dict[str, str] = {}
    sheet: str | None = None
    encoding: str | None = None
    money: str = ""
    dates: Literal["refuse", "flag"] = "refuse"
    expected: Literal["any", "new"] = "any"
    partial: bool = False
    reason: str | None = None


class Source(NamedTuple):
    """A file by its name: on disk, or in memory."""

    name: str
    content: Path | bytes

    def open(self) -> BinaryIO:
        if isinstance(self.content, bytes):
            return BytesIO(self.content)
        return self.content.open("rb")

    def chunks(self) -> Iterator[bytes]:
        with self.open() as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def id(self, spec: Spec) -> str:
        """Names the import of this file as that, for ever."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        said = msgspec.to_builtins(spec)
        del said["reason"]
        told = msgspec.json.encode((self.name, digest.hexdigest(), said), order="sorted")
        return hashlib.sha256(told).hexdigest()[:16]
