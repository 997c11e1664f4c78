"""What a file is, is found in its content: its name and what a browser says prove nothing."""

import re
import zipfile
from pathlib import Path

import filetype

from aggregates.files.media_types import EXTENSIONS, IMAGES

HEAD = 8_192
"""Bytes by which a type is found."""
SNIFFED = 1_024
"""Bytes in which readers look for the beginning of a PDF or of a page."""
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|svg|iframe)[\s>]", re.IGNORECASE)
PARTS = {
    "word/document.xml": next(t for t, ends in EXTENSIONS.items() if ".docx" in ends),
    "xl/workbook.xml": next(t for t, ends in EXTENSIONS.items() if ".xlsx" in ends),
}
"""The part that makes an archive a document, or a workbook."""
MACROS = "vbaproject.bin"
ENTRIES = 10_000
"""Parts that a document may have."""
PDF, ZIP = "application/pdf", "application/zip"


class BadContent(Exception):
    """The content of a file is not taken; said in English and in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def media_type(file: Path) -> str:
    """The type of a content that is one of those taken, and nothing else besides.

    Raises `BadContent`. A content that another program would read as another type can carry what
    nobody has looked at.
    """
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    guess = filetype.guess(head)
    found = "" if guess is None else str(guess.mime)
    if found == ZIP or found.startswith("application/vnd.openxml"):
        return _document(file)
    if found not in EXTENSIONS:
        raise _not_taken(found)
    other = _also(file, head, found)
    if other is not None:
        raise BadContent(
            f"The file is {found} and can be read as {other} as well. Save it anew from the"
            " program that made it, and send that.",
            f"该文件是 {found}，同时也可作为 {other} 读取。请在原程序中重新保存后再上传。",
        )
    return found


def _also(file: Path, head: bytes, found: str) -> str | None:
    """What else the content could be read as."""
    if zipfile.is_zipfile(file):
        return ZIP
    if found != PDF and b"%PDF-" in head[:SNIFFED]:
        return PDF
    if PAGE.search(head, 0, SNIFFED):
        return "text/html"
    return None


def _document(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            first = min((one.header_offset for one in archive.infolist()), default=0)
            names = [one.filename for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(ZIP) from error
    kinds = {PARTS[name] for name in names if name in PARTS}
    if len(kinds) != 1 or "[Content_Types].xml" not in names or first or len(names) > ENTRIES:
        raise _not_taken(ZIP)
    if any(name.lower().endswith(MACROS) for name in names):
        raise BadContent(
            "The document holds macros. Save it without them, as .docx or .xlsx, and send that.",
            "该文档包含宏。请另存为不含宏的 .docx 或 .xlsx 后再上传。",
        )
    return kinds.pop()


def is_image(found: str) -> bool:
    return found in IMAGES


def damaged(found: str) -> BadContent:
    return BadContent(
        f"The file begins as {found} does, and cannot be read to its end. Send it again, or save"
        " it anew.",
        f"该文件以 {found} 的格式开头，但无法完整读取。请重新上传，或重新保存后再上传。",
    )


def _not_taken(found: str) -> BadContent:
    endings = ", ".join(end for ends in EXTENSIONS.values() for end in ends)
    return BadContent(
        f"The content is {found or 'of no type that is known'}. Send one of {endings}.",
        f"文件内容是 {found or '未知类型'}。请上传以下类型之一：{endings}。",
    )
