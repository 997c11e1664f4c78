"""Bytes between a thread that writes them and a reader that may be slow: kept on disk."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from tempfile import TemporaryFile
from typing import Any

from starlette.concurrency import run_in_threadpool

CHUNK = 256 * 1024


class Left(Exception):
    """The reader has gone: nothing more need be written."""


class Spool:
    """A file that has no name; it is gone with the process at the latest.

    The writer never waits for the reader, so that nothing it holds is held for a slow one.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._loop = loop
        self._grown = asyncio.Event()
        self._digest = hashlib.sha256()
        self._offset = 0
        self._held_by = 2
        self.size = 0
        """Bytes that can be read."""
        self.left = False

    def write(self, data: bytes) -> int:
        """What follows; seen by the reader after `flush`."""
        if self.left:
            raise Left
        self._digest.update(data)
        self._offset += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        if self.left:
            raise Left
        self._file.flush()
        if self._offset > self.size:
            self.size = self._offset
            self._loop.call_soon_threadsafe(self._grown.set)

    def tell(self) -> int:
        return self._offset

    @property
    def closed(self) -> bool:
        return self._file.closed

    def sha256(self) -> str:
        return self._digest.hexdigest()

    async def grown(self, work: "asyncio.Task[Any]", beyond: int = 0) -> bool:
        """Wait until there are more bytes than that, or until the writer has ended."""
        while self.size <= beyond and not work.done():
            self._grown.clear()
            if self.size <= beyond:
                more = asyncio.ensure_future(self._grown.wait())
                try:
                    await asyncio.wait((more, work), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    more.cancel()
        return self.size > beyond

    async def chunks(self, work: "asyncio.Task[Any]") -> AsyncIterator[bytes]:
        """All bytes, as they come; raises what the writer raised."""
        offset = 0
        while await self.grown(work, offset):
            data = await run_in_threadpool(os.pread, self._file.fileno(), CHUNK, offset)
            offset += len(data)
            yield data
        work.result()

    def release(self) -> None:
        """Called by the writer and by the reader, when each has ended; the last one closes it."""
        self._held_by -= 1
        if not self._held_by:
            self._file.close()
