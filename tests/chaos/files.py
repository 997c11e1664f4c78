"""Files that are sent in parts while everybody is killed, and cleaned away at the same moment."""

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event
from typing import Any

from end_to_end.oracle import Finding, lost, wrong
from PIL import Image
from sqlalchemy.exc import SQLAlchemyError

from aggregates.files.media_types import IMAGES
from chaos.callers import PATIENCE, Address
from chaos.world import MAKER, World
from commands import Command
from commands.files.attachments import AttachFile, DetachFile
from infra.events import Recorded
from services.files import cleaning, uploads
from services.files.keeping import key

HANGS_ON = {"kind": "customer", "id": "filed"}
OWN = {"FileUploaded", "FileDiscarded"}
"""What the platform puts on record by itself, and nobody asks by a key."""
PART, MOST_PARTS = 20_000, 8
PHOTO, MOST_COLOURS = (640, 480), 2**24
SMALL = "-thumbnail"
"""How the key of a photo's thumbnail ends."""


class BrokenOff(Exception):
    """Whoever sends a file loses his way in the middle of it."""


class Filing:
    """Sends a file and hangs it on a thing, takes some off again, and has others cleaned away."""

    def __init__(self, draw: Random, world: World, done: Event) -> None:
        self.draw, self.world, self.done = draw, world, done
        self.number = 0
        self.sent: list[str] = []

    def next(self) -> Command:
        self.number += 1
        if self.draw.random() < 0.2:
            clean(self.world)
        if self.sent and self.draw.random() < 0.3:
            file = self.draw.choice(self.sent)
            return DetachFile(**HANGS_ON, file=file, reason="superseded")
        is_photo = self.draw.random() < 0.5
        parts = [*(self._photo() if is_photo else self._document())]
        name = f"{self.number}.{'png' if is_photo else 'pdf'}"
        digest = hashlib.sha256(b"".join(parts)).hexdigest()
        self._send(name, parts)
        self.sent.append(digest)
        return AttachFile(**HANGS_ON, file=digest, file_name=name)

    def _document(self) -> Iterator[bytes]:
        yield b"%PDF-1.4\n"
        for _ in range(self.draw.randint(1, MOST_PARTS)):
            yield self.draw.randbytes(PART)
        yield b"\n%%EOF\n"

    def _photo(self) -> Iterator[bytes]:
        """Of one colour, which is in all likelihood its own."""
        made = io.BytesIO()
        Image.new("RGB", PHOTO, f"#{self.draw.randrange(MOST_COLOURS):06x}").save(made, "PNG")
        whole = made.getvalue()
        yield whole[: len(whole) // 2]
        yield whole[len(whole) // 2 :]

    def _send(self, name: str, parts: Iterable[bytes]) -> None:
        """What is lost on the way cannot be attached: then that is refused."""
        address: Address = self.world.address
        broken_at = self.draw.randint(1, MOST_PARTS) if self.draw.random() < 0.1 else None

        def slowly() -> Iterator[bytes]:
            for number, part in enumerate(parts):
                if number == broken_at:
                    raise BrokenOff
                self.done.wait(0.02)
                yield part

        line = HTTPConnection("127.0.0.1", address.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {address.keys[MAKER]}"}
        headers["Transfer-Encoding"] = "chunked"
        try:
            line.request("POST", f"/files?name={name}", slowly(), headers, encode_chunked=True)
            line.getresponse().read()
        except (OSError, HTTPException, BrokenOff):
            pass
        finally:
            line.close()


def clean(world: World) -> bool:
    """Remove what hangs on nothing at this moment; answers whether all of it was looked at."""
    try:
        return not cleaning.clean(world.company.platform, hours=0).behind
    except (SQLAlchemyError, OSError):  # the database is down, or answers nothing
        return False


def left(world: World, log: Iterable[Recorded]) -> Iterator[Finding]:
    """What hangs on something is there as it was sent, each photo with its thumbnail; of the rest
    nothing is.
    """
    platform = world.company.platform
    with platform.database.read() as connection:
        unfinished = uploads.unfinished(connection, platform.store.log, 2**62)
    begun = {key(one.digest, one.copy) for one in unfinished}
    there = {one.key for one in platform.files.every()}
    yield from judged(log, platform.log.event, there, begun, lambda name: _digest(world, name))


def judged(
    log: Iterable[Recorded],
    content: Callable[[Recorded], Any],
    there: set[str],
    begun: set[str],
    digest: Callable[[str], str],
) -> Iterator[Finding]:
    """`begun` are contents of uploads that have not come to their end, which may stay a while."""
    kept, hangs, photos = dict[str, str](), defaultdict[str, int](int), set[str]()
    for event in log:
        if event.type in OWN:
            name = event.key
            kept.pop(name, None)
            if event.type == "FileUploaded":
                kept[name] = key(name, content(event).copy)
                if content(event).media_type in IMAGES:
                    photos.add(name)
            elif hangs[name]:
                yield lost(f"{name} was discarded at {event.position}, and hangs on something")
        elif event.type in ("FileAttached", "FileDetached"):
            hangs[content(event).file] += 1 if event.type == "FileAttached" else -1
    for name, times in hangs.items():
        if times and (name not in kept or kept[name] not in there):
            yield lost(f"{name} hangs on something, and its content is gone")
        elif times and digest(kept[name]) != name:
            yield wrong(f"the content of {name} is another")
        elif times and name in photos and kept[name] + SMALL not in there:
            yield lost(f"{name} hangs on something, and its thumbnail is gone")
    wanted = {kept[name] for name, times in hangs.items() if times and name in kept}
    for name in {one.removesuffix(SMALL) for one in there} - begun - wanted:
        yield wrong(f"{name} is kept, and hangs on nothing")


def _digest(world: World, name: str) -> str:
    files = world.company.platform.files
    found = hashlib.sha256()
    for part in files.read(name, 0, files.size(name) or 0):
        found.update(part)
    return found.hexdigest()
