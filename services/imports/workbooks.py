"""The sheets of an .xlsx file, read within limits: a small file can unfold to a huge one."""

import re
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile, ZipInfo

from services.faults import Words
from services.imports.sheets import Sheet
from services.imports.sources import CHUNK, Row, Source, whole_file

MOST_UNZIPPED = 512 << 20
MOST_RATIO = 250
SMALL = 16 << 20
"""Below this, how tightly something is packed does not matter."""
MOST_CELLS = 20_000_000
"""Between the first cell and the last: they are all held in memory."""
PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
LONGEST_PLACE = 24
HIDDEN = re.compile(rb"""<(?:row|col)\b[^>]*\bhidden=["'](?:1|true)["']""")
HIDDEN_ARE_READ: Words = (
    "the workbook has hidden rows or columns, which are read like the others",
    "工作簿含有隐藏的行或列，同样会被读取",
)


def open_sheet(source: Source, name: str | None) -> Sheet:
    """The sheet of that name, or the first; raises `Faulty` where it cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    hidden = _check(source)
    try:
        with source.open() as file:
            book = CalamineWorkbook.from_filelike(file)
        if name is not None and name not in book.sheet_names:
            every = ", ".join(book.sheet_names)
            raise whole_file(
                f"There is no sheet {name}. There are {every}.",
                f"没有工作表 {name}。现有：{every}。",
            )
        chosen = name or book.sheet_names[0]
        sheet = book.get_sheet_by_name(chosen)
    except CalamineError as error:
        raise _damaged(str(error)) from error
    _check_header(sheet.merged_cell_ranges or [])

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if any(cell.strip() if isinstance(cell, str) else True for cell in cells):
                yield number, cells

    notes: list[Words] = [HIDDEN_ARE_READ] if hidden else []
    if len(book.sheet_names) > 1:
        notes.append((f"read the sheet {chosen}", f"读取工作表 {chosen}"))
    return Sheet(rows, notes)


def _damaged(why: str) -> Exception:
    return whole_file(
        f"The workbook cannot be read: {why}. Open it and save it anew as .xlsx.",
        f"无法读取工作簿：{why}。请打开后重新另存为 .xlsx。",
    )


def _check(source: Source) -> bool:
    """Whether anything is hidden in it; raises `Faulty` where it must not be read."""
    hidden = False
    try:
        with source.open() as file, ZipFile(file) as packed:
            every = packed.infolist()
            if any(one.filename.endswith("vbaProject.bin") for one in every):
                raise whole_file(
                    "The workbook has macros. Save it as .xlsx without them.",
                    "工作簿含有宏。请另存为不含宏的 .xlsx。",
                )
            _check_size(every)
            for one in every:
                if one.filename.startswith("xl/worksheets/") and one.filename.endswith(".xml"):
                    hidden |= _check_cells(packed, one)
    except BadZipFile as error:
        raise _damaged(str(error)) from error
    return hidden


def _check_size(every: list[ZipInfo]) -> None:
    size = sum(one.file_size for one in every)
    packed = sum(one.compress_size for one in every)
    if size > MOST_UNZIPPED or (size > SMALL and size > MOST_RATIO * packed):
        raise _too_large()


def _check_cells(packed: ZipFile, one: ZipInfo) -> bool:
    """Whether rows or columns of a sheet are hidden; one with a cell far out is refused, as it
    would be filled up with empty ones.
    """
    columns, last, hidden = {b"A"}, 1, False
    with packed.open(one) as sheet:
        rest = b""
        while chunk := sheet.read(CHUNK):
            found = PLACE.findall(rest + chunk)
            columns.update(column for column, _ in found)
            last = max(last, max((int(row) for _, row in found[-1:]), default=0))
            hidden = hidden or HIDDEN.search(rest + chunk) is not None
            rest = chunk[-LONGEST_PLACE:]
    if last * max(map(_number, columns)) > MOST_CELLS:
        raise _too_large()
    return hidden


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large() -> Exception:
    return whole_file(
        f"The workbook is too large: it may have {MOST_CELLS:,} cells, from the first to the"
        " last, and no more than 512 MB unpacked. Remove what is empty or save the sheet as CSV.",
        f"工作簿过大：首尾之间最多 {MOST_CELLS:,} 个单元格，解压后最多 512 MB。"
        "请删除空白区域，或将工作表另存为 CSV。",
    )


def _check_header(merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), _ in merged:
        if top == 0:
            raise whole_file(
                f"The header has merged cells at column {left + 1}. Unmerge them and give each"
                " column a name.",
                f"表头第 {left + 1} 列有合并单元格。请取消合并，并为每列命名。",
                1,
            )
