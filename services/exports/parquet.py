"""Parquet: typed columns in row groups; what is nested is JSON text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from infra.clock import micros
from services.exports.columns import Column, Row
from services.exports.formats import Sheet, Sink, Writer

GROUP = 8_192
"""Rows of a row group: it is held in memory until it is written, several times over."""
TYPES: Mapping[str, Any] = {
    "text": pa.string(),
    "nested": pa.string(),
    "whole": pa.int64(),
    "instant": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
}


@contextmanager
def opened(sink: Sink, sheet: Sheet) -> Iterator[Writer]:
    fields = [pa.field(one.name, TYPES[one.kind], nullable=True) for one in sheet.columns]
    if sheet.headers != [one.name for one in sheet.columns]:
        fields = [
            field.with_metadata({"label": header})
            for field, header in zip(fields, sheet.headers, strict=True)
        ]
    schema = pa.schema(fields)
    with pq.ParquetWriter(sink, schema) as writer:
        yield _Groups(writer, schema, sheet.columns)


class _Groups:
    """Columns are called by their names in every language: programs read them."""

    def __init__(self, writer: Any, schema: Any, columns: Sequence[Column]) -> None:
        self.writer, self.schema, self.columns = writer, schema, columns
        self.batches: list[Any] = []
        self.held = 0

    def rows(self, rows: Sequence[Row]) -> None:
        arrays = [
            pa.array([_value(column, row) for row in rows], TYPES[column.kind])
            for column in self.columns
        ]
        self.batches.append(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self.held += len(rows)
        while self.held >= GROUP:
            self._write(GROUP)

    def _write(self, most: int) -> None:
        table = pa.Table.from_batches(self.batches, self.schema)
        self.writer.write_table(table.slice(0, most), row_group_size=most)
        self.batches = table.slice(most).to_batches()
        self.held = max(0, self.held - most)

    def end(self, facts: Mapping[str, Any]) -> None:
        if self.held:
            self._write(GROUP)
        told = msgspec.json.encode(facts).decode()
        self.writer.add_key_value_metadata({"distributary.manifest": told})


def _value(column: Column, row: Row) -> Any:
    value = column.of(row)
    read = READ.get(column.kind)
    return value if read is None or value is None else read(value)


def _microseconds(told: str) -> int:
    return micros(datetime.fromisoformat(told))


READ: Mapping[str, Callable[[str], Any]] = {
    "instant": _microseconds,
    "day": date.fromisoformat,
}
