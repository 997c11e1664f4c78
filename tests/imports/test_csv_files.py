"""Files as people's programs write them are read whole, or refused with what to do."""

import csv
from pathlib import Path

import pytest
from imports.filing import csv_of

from services.exports.cells import FORMULA, harmless
from services.imports import csv_files, sheets
from services.imports.refused import RefusedRows
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


def test_a_text_that_was_made_harmless_for_spreadsheets_is_read_as_it_was() -> None:
    told = ["=1+1", "+86 138", "'=x", "'plain", "-5", "=说明"]
    content = csv_of(["id", *"abcde"], [harmless(text) for text in told])
    (_, header), (_, found) = read(content)
    assert (header[0], list(found)) == ("id", told)


def test_refused_rows_hold_no_formula_and_are_read_back_as_they_were(tmp_path: Path) -> None:
    file, row = tmp_path / "refused.csv", ["=1+1", "'-x", "plain", "-5"]
    written = RefusedRows(lambda: file.open("w", encoding="utf-8-sig", newline=""), 0)
    written.write((1, [*"abcd"]), [(2, row)], "Unknown", ("=no", "=无"))
    written.close()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        signs = [cell for cells in csv.reader(lines) for cell in cells if cell.startswith(FORMULA)]
    assert signs == ["-5"]
    (_, _), (_, found) = read(file.read_bytes())
    assert found[:4] == row
