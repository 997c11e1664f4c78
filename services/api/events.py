"""The log itself, read by position, by stream and by what the envelope says."""

from enum import Enum
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra.search import EventQuery, find, latest
from infra.states import States
from services import filter_values
from services.access import visible
from services.access.permissions import Granted
from services.api import schemas
from services.api.answers import link
from services.api.asking import MOST, NO_NAMES, Names, Position
from services.api.envelope import shown
from services.api.freshness import snapshot
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem, wrong
from services.bootstrap import Platform

NDJSON = "application/x-ndjson"
Granting = Annotated[Granted, signed_in()]
"""What of the log may be seen; the rest is as if it were not there."""
At = Annotated[int, Path(ge=1, le=2**62, description="Position in the log."), Digits]
Stream = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]*$", examples=["customer-C-100"])]
GOES_WRONG = schemas.problems(400, 401, 503)


class EventFilter(BaseModel):
    """Which events; several values of one name mean any of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stream: Names = NO_NAMES
    kind: Names = NO_NAMES
    type: Names = NO_NAMES
    actor: Names = NO_NAMES
    command: Names = Field(NO_NAMES, description="The Idempotency-Key of the command.")

    def wanted(self) -> EventQuery:
        filter_values.check_events(self.stream, self.kind, self.type)
        return EventQuery(self.stream, self.kind, self.type, self.actor, self.command)


class EventRange(EventFilter):
    after: Position = 0
    until: Position | None = None
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100

    def wanted(self) -> EventQuery:
        if self.until is not None and self.until < self.after:
            raise wrong(
                "until",
                "reversed",
                f"until={self.until} lies before after={self.after}. Swap them.",
                f"until={self.until} 在 after={self.after} 之前。请对调。",
            )
        return super().wanted()


class Versions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Position = Field(0, description="Only events of later versions.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100


class EventRoutes:
    def __init__(self, platform: Platform, states: States) -> None:
        self.platform, self.states = platform, states
        self.log = platform.store.log

    async def page(
        self, request: Request, asked: Annotated[EventRange, Query()], granted: Granting
    ) -> Response:
        """Events in the order of the log.

        One answer looks at 50,000 positions at most, so a page may hold few events and yet have
        a `next`; it tells of what the asker may see. With `Accept: application/x-ndjson` each line
        is an event.
        """
        found = await run_in_threadpool(self._page, asked, granted)
        lines = NDJSON in request.headers.get("accept", "")
        following = found["next"]
        if following is not None:
            found["next"] = link(request, "after", following)
        headers = {"Link": f'<{found["next"]}>; rel="next"'} if found["next"] else {}
        if lines:
            body = b"".join(msgspec.json.encode(event) + b"\n" for event in found["data"])
            return Response(body, headers=headers, media_type=NDJSON)
        return json_answer(found, headers=headers)

    def _page(self, asked: EventRange, granted: Granted) -> dict[str, Any]:
        wanted = visible.narrowed(granted, asked.wanted())
        with snapshot(self.platform.database) as connection:
            head = self.platform.store.head(connection).position
            beyond_refused(asked.after, head)
            until = head if asked.until is None else min(asked.until, head)
            found = find(connection, wanted, asked.after, until, asked.limit)
        seen = visible.rows(self.states, granted, found.events)
        more = found.looked_to < until
        return {
            "data": [shown(self.log, event, granted) for event in seen],
            "next": found.looked_to if more else None,
            "looked_to": found.looked_to,
            "head": head,
        }

    async def one(self, position: At, granted: Granting) -> Response:
        """One event with its data, its envelope and its digest."""
        return json_answer(await run_in_threadpool(self._one, position, granted))

    def _one(self, position: int, granted: Granted) -> dict[str, Any]:
        with snapshot(self.platform.database) as connection:
            events = self.platform.store.at(connection, [position])
            head = self.platform.store.head(connection).position
        if events and not visible.rows(self.states, granted, events):
            raise Problem(
                "not-found",
                (
                    f"There is no event {position} that you may see.",
                    f"没有您可以查看的事件 {position}。",
                ),
            ).hiding(events[0].stream)
        if not events:
            raise Problem(
                "not-found",
                (
                    f"The log ends at {head}: there is no event {position} yet.",
                    f"日志止于 {head}：还没有事件 {position}。",
                ),
            )
        links = {
            "stream": f"/streams/{events[0].stream}",
            "previous": f"/events/{position - 1}" if position > 1 else None,
            "next": f"/events/{position + 1}" if position < head else None,
        }
        return {**shown(self.log, events[0], granted), "links": links}

    async def stream(
        self, stream: Stream, asked: Annotated[Versions, Query()], granted: Granting
    ) -> Response:
        """A stream's version, and its events from the first on."""
        found = await run_in_threadpool(self._stream, stream, asked, granted)
        return json_answer(found, headers={"ETag": f'"{found["version"]}"'})

    def _stream(self, stream: str, asked: Versions, granted: Granted) -> dict[str, Any]:
        store, limit = self.platform.store, asked.limit
        with snapshot(self.platform.database) as connection:
            version = latest(connection, stream)
            found = store.history(connection, stream, asked.after, limit + 1)
        if not version or not visible.streams(self.states, granted, [stream]):
            problem = Problem(
                "not-found",
                (
                    f"There is no stream {stream}: check its kind and its id.",
                    f"没有流 {stream}：请检查其类型和编号。",
                ),
            )
            raise problem.hiding(stream) if version else problem
        following = found[limit - 1].version if len(found) > limit else None
        query = urlencode({"limit": limit, "after": following})
        return {
            "stream": stream,
            "version": version,
            "events": [shown(self.log, event, granted) for event in found[:limit]],
            "next": None if following is None else f"/streams/{stream}?{query}",
        }


def beyond_refused(start: int, head: int) -> None:
    """Whoever reads on after a position of another log would hear nothing, and not know why."""
    if start > head:
        raise wrong(
            "after",
            "beyond_the_head",
            f"The log ends at {head}: there is no position {start} yet. Begin after {head}, or"
            " leave it out.",
            f"日志止于 {head}：还没有位置 {start}。请从 {head} 之后开始，或不指定位置。",
        )


def add(app: FastAPI, platform: Platform, states: States) -> None:
    """`/events/stream` must have been added before: a position would swallow its name."""
    events = EventRoutes(platform, states)
    tags: list[str | Enum] = ["events"]
    missing = {**GOES_WRONG, **schemas.problems(404)}
    app.add_api_route(
        "/events", events.page, tags=tags, response_model=schemas.EventPage, responses=GOES_WRONG
    )
    app.add_api_route(
        "/events/{position}",
        events.one,
        tags=tags,
        response_model=schemas.EventShape,
        responses=missing,
    )
    app.add_api_route(
        "/streams/{stream}",
        events.stream,
        tags=tags,
        response_model=schemas.StreamShape,
        responses=missing,
    )
