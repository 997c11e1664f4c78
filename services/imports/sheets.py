"""The rows of a file, whichever kind of file it is."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.faults import Words
from services.imports import csv_files
from services.imports.sources import Row, Source, Spec, whole_file

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIPPED = b"PK\x03\x04"


class Sheet(NamedTuple):
    """`rows` reads all of them anew, the header first; `notes` say how they are read."""

    rows: Callable[[], Iterator[Row]]
    notes: list[Words]


def open_sheet(source: Source, spec: Spec) -> Sheet:
    """What kind of file it is, by how it begins; raises `Faulty` where it cannot be read."""
    with source.open() as file:
        begins = file.read(4)
    if begins == OLD_EXCEL:
        raise whole_file(
            "This is a workbook of the old kind, or has a password. Save it as .xlsx without one,"
            " or as CSV.",
            "这是旧版或带密码的工作簿。请另存为不带密码的 .xlsx 或 CSV。",
        )
    if begins == ZIPPED:
        from services.imports import workbooks  # here: most imports need no spreadsheets

        return workbooks.open_sheet(source, spec.sheet)
    encoding = csv_files.encoding_of(source, spec.encoding)
    notes: list[Words] = []
    if encoding == "gb18030" and spec.encoding is None:
        notes.append(("read as GB18030, since it is not UTF-8", "不是 UTF-8，按 GB18030 读取"))
    return Sheet(lambda: csv_files.rows(source, encoding), notes)
