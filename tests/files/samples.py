"""Small files of each type, made as programs make them."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LATITUDE = 0x8825
"""The tag of EXIF under which a camera writes where it was."""


def image(kind: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "teal") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


def taken_somewhere() -> bytes:
    """A photo that tells where it was taken, and that lies on its side."""
    made, picture = io.BytesIO(), Image.new("RGB", (600, 400), "teal")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x0110] = "Camera of Zhang San"
    exif[LATITUDE] = {1: "N", 2: (31.0, 13.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)}
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


def bomb(side: int = 20_000) -> bytes:
    """A PNG of a few hundred bytes that says it is as large as a hall."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def document(part: str = "word/document.xml", *more: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", part, *more):
            archive.writestr(name, "<x/>")
    return made.getvalue()


def written(folder: Path, content: bytes) -> Path:
    file = folder / "content"
    file.write_bytes(content)
    return file
