"""Files as people's programs write them are read whole, or refused with what to do."""

import pytest

from services.imports import csv_files, sheets
from services.imports.sources import Cell, Faulty, Source, Spec

HIRE = Spec("hire-rep")
TABLE = "id,name\r\nr-1,李雷\r\n"


def read(content: bytes, encoding: str | None = None) -> list[tuple[int, list[Cell]]]:
    spec = Spec("hire-rep", encoding=encoding)
    return list(sheets.open_sheet(Source("reps.csv", content), spec).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found(encoding: str) -> None:
    assert read(TABLE.encode(encoding)) == [(1, ["id", "name"]), (2, ["r-1", "李雷"])]


def test_what_is_read_as_gb18030_is_told() -> None:
    notes = sheets.open_sheet(Source("a.csv", TABLE.encode("gb18030")), HIRE).notes
    assert "GB18030" in notes[0][0]


def test_an_encoding_can_be_named() -> None:
    assert read("id\nMüller\n".encode("latin-1"), "latin-1")[1] == (2, ["Müller"])
    with pytest.raises(Faulty, match="There is no encoding utf-9"):
        read(b"id\n", "utf-9")
    with pytest.raises(Faulty, match="Line 2 is not utf-8"):
        read("id\nMüller\n".encode("latin-1"), "utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    content = f'id{delimiter}"na,me;"\nr-1{delimiter}"a{delimiter}b"\n'
    assert read(content.encode())[1] == (2, ["r-1", f"a{delimiter}b"])


def test_a_row_is_told_by_the_line_on_which_it_begins() -> None:
    assert read(b'id,name\n\nr-1,"two\nlines"\n,\nr-2,x\n') == [
        (1, ["id", "name"]),
        (3, ["r-1", "two\nlines"]),
        (6, ["r-2", "x"]),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"id\nr\0-1\n", "Line 2 holds the NUL"),
        ("id\nr-1\n".encode("utf-16-le"), "NUL character"),
        (b"id\n\xff\xff\n", "Line 2 is not UTF-8"),
        (b'id,name\nr-1,"open\n', "begins on line 2 cannot be read"),
        (b"\xd0\xcf\x11\xe0rest", "old kind"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Faulty, match=why):
        read(content)


def test_a_file_of_any_size_is_read_piece_by_piece() -> None:
    assert csv_files.encoding_of(Source("a.csv", ("id\n" + "李" * 2_000_000).encode())) == "utf-8"
