"""What a file is, is found in its content, and what is not sound is refused."""

import io
import zipfile
from pathlib import Path

import pytest
from files import samples
from files.samples import DOCX, PDF, XLSX, written
from PIL import Image

from services.files import thumbnails
from services.files.content import BadContent, media_type

SOUND = {
    "image/jpeg": samples.image("JPEG"),
    "image/png": samples.image("PNG"),
    "image/webp": samples.image("WEBP"),
    "application/pdf": PDF,
    DOCX: samples.document(),
    XLSX: samples.document("xl/workbook.xml"),
}
REFUSED = {
    "nothing": b"",
    "text": b"plain text",
    "program": b"\x7fELF" + bytes(100),
    "page": b"<html><script>alert(1)</script></html>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "archive": samples.document("data.csv"),
    "both": samples.document("word/document.xml", "xl/workbook.xml"),
    "macros": samples.document("word/document.xml", "word/vbaProject.bin"),
    "cut": samples.document()[:-30],
    "archive in a photo": samples.image() + samples.document(),
    "archive before a document": b"GIF89a" + samples.document(),
    "archive in a PDF": PDF + samples.document(),
    "PDF in a photo": samples.image()[:2] + b"\xff\xfe\x00\x0c%PDF-1.4\n" + samples.image()[2:],
    "page in a photo": samples.image()[:2] + b"\xff\xfe\x00\x0c<script>12" + samples.image()[2:],
}


@pytest.mark.parametrize("found", SOUND)
def test_each_type_that_is_taken_is_found_by_its_content(found: str, tmp_path: Path) -> None:
    assert media_type(written(tmp_path, SOUND[found])) == found


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_of_another_type_or_of_two_is_refused(what: str, tmp_path: Path) -> None:
    with pytest.raises(BadContent) as refusal:
        media_type(written(tmp_path, REFUSED[what]))
    assert refusal.value.zh


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return tmp_path / "small"


def test_a_thumbnail_stands_upright_and_tells_nobody_where_it_was_taken(
    tmp_path: Path, small: Path
) -> None:
    thumbnails.make(written(tmp_path, samples.taken_somewhere()), "image/jpeg", small)
    with Image.open(small) as made:
        assert made.size == (213, 320)
        assert not made.getexif()
    assert b"Zhang San" not in small.read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_is_made_of_each_type_of_image(kind: str, tmp_path: Path, small: Path) -> None:
    thumbnails.make(written(tmp_path, samples.image(kind)), f"image/{kind.lower()}", small)
    with Image.open(small) as made:
        assert (made.format, made.size) == ("JPEG", (320, 240))


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "I;16", "CMYK"])
def test_a_thumbnail_is_made_whatever_the_colours_are(
    mode: str, tmp_path: Path, small: Path
) -> None:
    kind, made = "JPEG" if mode == "CMYK" else "PNG", io.BytesIO()
    Image.new(mode, (50, 50)).save(made, kind)
    thumbnails.make(written(tmp_path, made.getvalue()), f"image/{kind.lower()}", small)
    assert small.stat().st_size


def test_an_image_that_would_fill_the_memory_is_refused_with_its_size(
    tmp_path: Path, small: Path
) -> None:
    with pytest.raises(BadContent, match=r"far too many|20000 × 20000"):
        thumbnails.make(written(tmp_path, samples.bomb()), "image/png", small)
    with pytest.raises(BadContent, match="9000 × 9000 pixels; 64,000,000 in all"):
        thumbnails.make(written(tmp_path, samples.bomb(9_000)), "image/png", small)


def test_an_image_that_ends_too_early_is_refused(tmp_path: Path, small: Path) -> None:
    with pytest.raises(BadContent, match="cannot be read to its end"):
        thumbnails.make(written(tmp_path, samples.image("PNG")[:-400]), "image/png", small)


def test_the_samples_are_what_programs_take_them_for() -> None:
    assert zipfile.is_zipfile(io.BytesIO(REFUSED["archive in a photo"]))
    with Image.open(io.BytesIO(REFUSED["archive in a photo"])) as photo:
        photo.load()
