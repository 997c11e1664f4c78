"""Events as they happen: in order, none missed, and only as fast as the reader takes them."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Header, Query, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.concurrency import run_in_threadpool

from infra.events import Recorded
from infra.search import EventQuery, find
from services.access import visible
from services.access.permissions import Granted, Permissions
from services.access.request_notes import NOTES
from services.api import schemas
from services.api.asking import Position
from services.api.envelope import shown
from services.api.events import EventFilter, beyond_refused
from services.api.freshness import snapshot
from services.api.guards import signed_in
from services.api.problems import RETRY, Problem, header
from services.bootstrap import Platform

MOST_STREAMS = 100
PAGE = 500
BEAT = 15.0
GLANCE = 0.1
"""Seconds between two looks at the head; one look serves all streams."""
HEARTBEAT = b": still here\n\n"
MEDIA_TYPE = "text/event-stream"
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class Following(EventFilter):
    after: Position | None = None


class Live:
    """The open streams of this process; `stop` ends them, so that it can go."""

    def __init__(self, platform: Platform, permissions: Permissions) -> None:
        self.platform, self.permissions = platform, permissions
        self.open = 0
        self.stopping = False
        self._head = 0
        self._looked = 0.0
        self._looking = asyncio.Lock()

    def stop(self) -> None:
        self.stopping = True

    async def follow(
        self,
        asked: Annotated[Following, Query()],
        granted: Annotated[Granted, signed_in()],
        last_event_id: Annotated[str | None, Header(description="Go on after it.")] = None,
    ) -> Response:
        """Server-Sent Events from a position on, and then each as it happens.

        `id` is the position, `event` the type, `data` the event as in GET /events. Begins after
        `Last-Event-ID`, else after `after`, else with what happens next.
        """
        if self.open >= MOST_STREAMS or self.stopping:
            raise Problem("too-many-streams", headers=RETRY)
        start = _position(last_event_id)
        start = asked.after if start is None else start
        wanted, head = asked.wanted(), await self._newest()
        if start is not None and start > head:
            head = await run_in_threadpool(self._look)  # what was seen may be a glance old
            beyond_refused(start, head)
        if not visible.anything(granted):
            raise Problem("forbidden", action="read:*/*")
        reader = _Reader(self.permissions, granted)
        if (notes := NOTES.get()) is not None:
            filters = asked.model_dump(exclude_defaults=True, exclude={"after"})
            notes.note("stream-opened", {"filters": filters, "after": start})
        frames = self._frames(reader, wanted, head if start is None else start)
        return StreamingResponse(frames, headers=UNBUFFERED, media_type=MEDIA_TYPE)

    async def _frames(
        self, reader: "_Reader", wanted: EventQuery, after: int
    ) -> AsyncIterator[bytes]:
        self.open += 1
        try:
            yield b"retry: 1000\n\n"
            said = time.monotonic()
            while not self.stopping and not reader.ended:
                events, after = await self._next(reader, wanted, after)
                if events:
                    yield b"".join(reader.frame(self.platform.store.log, event) for event in events)
                    said = time.monotonic()
                elif time.monotonic() - said >= BEAT:
                    yield HEARTBEAT
                    said = time.monotonic()
        finally:
            self.open -= 1

    async def _next(
        self, reader: "_Reader", wanted: EventQuery, after: int
    ) -> tuple[list[Recorded], int]:
        """The next events that fit, and how far was looked; none, a glance later."""
        head = await self._newest()
        if head <= after:
            await asyncio.sleep(GLANCE)
            return [], after
        return await run_in_threadpool(self._read, reader, wanted, after, head)

    def _read(
        self, reader: "_Reader", wanted: EventQuery, after: int, head: int
    ) -> tuple[list[Recorded], int]:
        granted = reader.now()
        wanted = visible.narrowed(granted, wanted)
        with snapshot(self.platform.database) as connection:
            found = find(connection, wanted, after, head, PAGE)
        return visible.rows(self.permissions.states, granted, found.events), found.looked_to

    async def _newest(self) -> int:
        async with self._looking:
            if time.monotonic() - self._looked >= GLANCE:
                self._head = await run_in_threadpool(self._look)
                self._looked = time.monotonic()
        return self._head

    def _look(self) -> int:
        with self.platform.database.read() as connection:
            return self.platform.store.head(connection).position


class _Reader:
    """Who follows a stream, with the rights that he has as each batch is read."""

    def __init__(self, permissions: Permissions, granted: Granted) -> None:
        self.permissions, self.granted, self.ended = permissions, granted, False

    def now(self) -> Granted:
        """As they are in the log, so that what is withdrawn ends with this batch."""
        granted = self.permissions.of(self.granted.actor)
        if granted.rights is not None:  # else nobody has an account
            granted = self.permissions.fresh(self.granted.actor)
        granted = granted._replace(narrowed_to=self.granted.narrowed_to)
        self.ended, self.granted = not visible.anything(granted), granted
        return granted

    def frame(self, log: str, event: Recorded) -> bytes:
        data = msgspec.json.encode(shown(log, event, self.granted)).decode()
        return bytes(format_sse_event(data_str=data, event=event.type, id=str(event.position)))


def _position(last_event_id: str | None) -> int | None:
    if last_event_id is None:
        return None
    if last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19:
        return int(last_event_id)
    raise header("Last-Event-ID", "a position of the log", "日志中的一个位置")


def add(app: FastAPI, live: Live) -> None:
    content: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "string"}}}
    app.add_api_route(
        "/events/stream",
        live.follow,
        tags=["events"],
        response_class=Response,  # naming EventSourceResponse makes FastAPI iterate over `follow`
        responses={
            200: {"description": "A stream without end.", "content": content},
            **schemas.problems(400, 401, 503),
        },
    )
