"""The bytes of a kept file as an answer, which no browser runs and no cache shows to others."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from infra.files import FileStore
from services.api import byte_ranges
from services.api.problems import Problem
from services.api.revalidation import REVALIDATED, is_known
from services.api.time_limit import TimeLimit

LONGEST = 3_600.0
"""Seconds that one file may take on its way."""
NOT_PLAIN = re.compile(r"[^A-Za-z0-9.-]")


class FileToSend(NamedTuple):
    """What lies under a key of the store, and what it is called."""

    key: str
    media_type: str
    file_name: str

    @property
    def tag(self) -> str:
        return f'"{self.key}"'

    def headers(self) -> dict[str, str]:
        """It is shown nowhere by itself: neither as a page, nor within one."""
        name = quote(self.file_name, safe="")
        plain = NOT_PLAIN.sub("_", self.file_name)
        return {
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": REVALIDATED,  # asked each time: rights may have ended
            "ETag": self.tag,
            "Accept-Ranges": "bytes",
        }


async def answer(request: Request, store: FileStore, file: FileToSend) -> Response:
    """All of it, or the part that was asked for; 304 where the asker has it."""
    headers = file.headers()
    if is_known(file.tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    size = await run_in_threadpool(store.size, file.key)
    if size is None:
        raise Problem("file-lost")
    part = _part(request, file, size)
    start, end = part or (0, size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    allow_time(request)
    chunks = await run_in_threadpool(_read, store, file.key, start, end)
    status = 200 if part is None else 206
    return StreamingResponse(chunks, status, headers, media_type=file.media_type)


def _part(request: Request, file: FileToSend, size: int) -> tuple[int, int] | None:
    of = request.headers.get("if-range")
    if of is not None and of != file.tag:
        return None
    try:
        return byte_ranges.wanted(request.headers.get("range"), size)
    except ValueError as error:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Problem("no-such-range", headers=headers, size=size) from error


def _read(store: FileStore, key: str, start: int, end: int) -> Iterator[bytes]:
    try:
        return store.read(key, start, end)
    except FileNotFoundError as error:
        raise Problem("file-lost") from error


def allow_time(request: Request) -> None:
    """More time than other requests have; the gate has set how much those have."""
    limit: TimeLimit | None = request.scope.get("limit")
    if limit is not None:
        limit.extend(LONGEST)
