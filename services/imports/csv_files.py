"""CSV as people's programs write it: its encoding and its delimiter are found, not asked for."""

import codecs
import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper

from services.exports.cells import MARK, original
from services.imports.sources import Row, Source, whole_file

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""How a file may begin that says its encoding itself."""
GUESSED = "utf-8", "gb18030"
DELIMITERS = ",;\t"
QUOTED = re.compile(r'"(?:[^"]|"")*"')


def encoding_of(source: Source, forced: str | None = None) -> str:
    """The encoding in which the whole file can be read; raises `Faulty` where there is none."""
    if forced is not None:
        return _forced(source, forced)
    with source.open() as file:
        begins = file.read(3)
    for mark, encoding in MARKS.items():
        if begins.startswith(mark):
            found = _misfit(source, encoding)
            if found is not None:
                raise _unreadable(encoding, found)
            return encoding
    misfits = [_misfit(source, encoding) for encoding in GUESSED]
    for encoding, misfit in zip(GUESSED, misfits, strict=True):
        if misfit is None:
            return encoding
    raise _unreadable("UTF-8", misfits[0] or 1)


def _forced(source: Source, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise whole_file(
            f"There is no encoding {encoding}. Give its name, such as utf-8 or gb18030.",
            f"没有编码 {encoding}。请填写编码名称，例如 utf-8 或 gb18030。",
        ) from None
    if (misfit := _misfit(source, encoding)) is not None:
        raise _unreadable(encoding, misfit)
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def _unreadable(encoding: str, line: int) -> Exception:
    return whole_file(
        f"Line {line} is not {encoding}. Save the file as UTF-8, or name its encoding.",
        f"第 {line} 行不是 {encoding} 编码。请将文件另存为 UTF-8，或指定其编码。",
        line,
    )


def _misfit(source: Source, encoding: str) -> int | None:
    """The first line that cannot be read in that encoding; None where all can be."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    line = 1
    for chunk in source.chunks():
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        if "\0" in text:
            line += text[: text.index("\0")].count("\n")
            raise whole_file(
                f"Line {line} holds the NUL character: this is no text, or UTF-16 without its"
                " mark. Save the file as UTF-8.",
                f"第 {line} 行含有 NUL 字符：文件不是文本，或是不带标记的 UTF-16。请另存为 UTF-8。",
                line,
            )
        line += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def rows(source: Source, encoding: str) -> Iterator[Row]:
    """All rows with the lines on which they begin, the header first; empty ones are left out.

    A text that has an apostrophe before it, so that no spreadsheet runs it, is read without.
    """
    with source.open() as raw, TextIOWrapper(raw, encoding, newline="") as text:
        delimiter = delimiter_of(text)
        text.seek(0)
        table = csv.reader(text, strict=True, delimiter=delimiter)
        begins = 1
        try:
            for cells in table:
                if any(cell.strip() for cell in cells):
                    yield begins, [original(c) if c[:1] == MARK else c for c in cells]
                begins = table.line_num + 1
        except csv.Error as error:
            raise whole_file(
                f"The row that begins on line {begins} cannot be read: {error}. Close each"
                " quotation mark, and write one within a cell twice.",
                f"从第 {begins} 行开始的数据无法读取：引号有误（{error}）。"
                "请成对使用引号，单元格内的引号须写两次。",
                begins,
            ) from error


def delimiter_of(text: TextIOWrapper) -> str:
    """What stands between the names of the header most often, outside quotation marks."""
    header = ""
    while not header.strip() and (line := text.readline(1 << 20)):
        header = line
    plain = QUOTED.sub("", header)
    return max(DELIMITERS, key=plain.count)
