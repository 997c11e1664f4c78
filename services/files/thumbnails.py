"""Thumbnails: each image is decoded once as a whole, which shows that it is sound."""

import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from services.files.content import BadContent, damaged

SIDE = 320
"""Pixels of a thumbnail's longer side."""
MOST_PIXELS = 64_000_000
"""Of one image: each takes up to four bytes while it is decoded."""
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80
WHITE = (255, 255, 255)

_decoding = threading.Lock()
"""One image at a time is in memory."""


def make(file: Path, media_type: str, thumbnail: Path) -> None:
    """Write a small JPEG of an image, with nothing of its metadata: no place, no camera.

    Raises `BadContent` where the image is too large to be decoded, or damaged.
    """
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow warns of is checked below
        with _opened(file, media_type) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise _too_large(width, height)
            _sound(lambda: _write(image, thumbnail), media_type)


def _opened(file: Path, media_type: str) -> Image.Image:
    found: list[Image.Image] = []
    _sound(lambda: found.append(Image.open(file, formats=FORMATS)), media_type)
    return found[0]


def _sound(step: Callable[[], None], media_type: str) -> None:
    """Whatever Pillow stumbles over is a damaged image; it has many words for that."""
    try:
        step()
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError) as error:
        raise damaged(media_type) from error


def _write(image: Image.Image, thumbnail: Path) -> None:
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at the size that is needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    plain = Image.new("RGB", upright.size, WHITE)
    clear = upright.convert("RGBA")
    plain.paste(clear, mask=clear.getchannel("A"))
    plain.save(thumbnail, "JPEG", quality=QUALITY)


def _too_large(width: int = 0, height: int = 0) -> BadContent:
    size = f"{width} × {height} pixels" if width else "far too many pixels"
    size_zh = f"{width} × {height} 像素" if width else "过多像素"
    most = f"{MOST_PIXELS:,}"
    return BadContent(
        f"The image has {size}; {most} in all are taken at most. Make it smaller, and send that.",
        f"图片为 {size_zh}，总像素最多 {most}。请缩小后再上传。",
    )
