"""Contents in a folder: written beside their place, and moved there when they are durable."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from infra.files import CHUNK, StoredFile, StoreUnavailable, checked
from infra.whole_file import make_durable, whole

UNFINISHED = "unfinished"


class FileFolder:
    """A folder that all processes of a cluster share; it is made when something is put."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, source: Path) -> None:
        place = self._place(key)
        beside = self.incoming() / uuid4().hex
        with _answered():
            place.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as read, whole(place, beside) as write:
                shutil.copyfileobj(read, write, CHUNK)
            make_durable(self.root)  # which may have got the folder of the place just now

    def incoming(self) -> Path:
        """On the same disk: a container's own folder for such files may be memory."""
        folder = self.root / UNFINISHED
        with _answered():
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        with _answered():
            file = self._place(key).open("rb")

        def chunks() -> Iterator[bytes]:
            with file:
                file.seek(start)
                left = end - start
                while left > 0 and (chunk := file.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk

        return chunks()

    def size(self, key: str) -> int | None:
        found = _looked_at(self._place(key))
        return found.st_size if found else None

    def delete(self, key: str) -> None:
        with _answered():
            self._place(key).unlink(missing_ok=True)

    def every(self) -> Iterator[StoredFile]:
        for file in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
            if found := _looked_at(file):
                yield StoredFile(file.name, found.st_size, _since(found))

    def tidy(self, before: int) -> int:
        old = [
            file
            for file in (self.root / UNFINISHED).glob("*")
            if (found := _looked_at(file)) and _since(found) < before
        ]
        for file in old:
            if file.is_dir():
                shutil.rmtree(file, ignore_errors=True)
            else:
                file.unlink(missing_ok=True)
        return len(old)

    def _place(self, key: str) -> Path:
        return self.root / checked(key)[:2] / key


def _looked_at(file: Path) -> os.stat_result | None:
    """What is known of a file; None where somebody has moved or removed it meanwhile."""
    try:
        with _answered():
            return file.stat()
    except FileNotFoundError:
        return None


@contextmanager
def _answered() -> Iterator[None]:
    """Whatever goes wrong with what is there, a full disk for one, may go well later."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable(str(error)) from error


def _since(found: os.stat_result) -> int:
    return found.st_mtime_ns // 1_000
