"""The formats of an export: each writes rows into a file as they come."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

import msgspec

from services.exports.cells import harmless
from services.exports.columns import Column, Row

BOM = b"\xef\xbb\xbf"
"""By this mark Excel knows that a CSV file is UTF-8."""


class Sheet(NamedTuple):
    """What is known of an export before its rows: `made_at` is its moment, never the clock's."""

    title: str
    columns: Sequence[Column]
    headers: Sequence[str]
    facts: Mapping[str, Any]
    made_at: int


class Sink(Protocol):
    """Where bytes go, one after another."""

    def write(self, data: bytes) -> int: ...


class Writer(Protocol):
    def rows(self, rows: Sequence[Row]) -> None: ...

    def end(self, facts: Mapping[str, Any]) -> None:
        """What only belongs at the end, with all that is known by then."""
        ...


Open = Callable[[Sink, Sheet], AbstractContextManager[Writer]]


class Format(NamedTuple):
    name: str
    media_type: str
    open: Open


class _Csv:
    """RFC 4180."""

    def __init__(self, sink: Sink, sheet: Sheet) -> None:
        self.sink, self.columns = sink, sheet.columns
        sink.write(BOM)
        self._lines([sheet.headers])

    def rows(self, rows: Sequence[Row]) -> None:
        self._lines([harmless(column.shown(row)) for column in self.columns] for row in rows)

    def _lines(self, rows: Any) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self.sink.write(text.getvalue().encode())

    def end(self, _: Mapping[str, Any]) -> None:
        """A CSV file has no place for more than its rows."""


class _Lines:
    """Each row as it is in JSON, with the columns that are wanted and no others."""

    def __init__(self, sink: Sink, sheet: Sheet) -> None:
        self.sink = sink
        self.names = [*dict.fromkeys(one.within or one.name for one in sheet.columns)]

    def rows(self, rows: Sequence[Row]) -> None:
        wanted = [{name: row[name] for name in self.names} for row in rows]
        self.sink.write(msgspec.json.Encoder().encode_lines(wanted))

    def end(self, _: Mapping[str, Any]) -> None:
        """Each line is a row, so there is no place for anything else."""


@contextmanager
def _csv(sink: Sink, sheet: Sheet) -> Iterator[Writer]:
    yield _Csv(sink, sheet)


@contextmanager
def _ndjson(sink: Sink, sheet: Sheet) -> Iterator[Writer]:
    yield _Lines(sink, sheet)


def _xlsx(sink: Sink, sheet: Sheet) -> AbstractContextManager[Writer]:
    from services.exports.xlsx import opened  # here: most processes never write one

    return opened(sink, sheet)


def _parquet(sink: Sink, sheet: Sheet) -> AbstractContextManager[Writer]:
    from services.exports.parquet import opened

    return opened(sink, sheet)


EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("csv", "text/csv", _csv),
        Format("xlsx", EXCEL, _xlsx),
        Format("ndjson", "application/x-ndjson", _ndjson),
        Format("parquet", "application/vnd.apache.parquet", _parquet),
    )
}
