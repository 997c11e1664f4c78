"""What a view could not read, or a process not react to: seen, tried again, or skipped for a
reason that is kept.
"""

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from commands import Text
from commands.fields import Digits, Truth
from commands.operations.exclusion import At
from projections.engine import generations, parking
from services.access.actions import operate
from services.api import schemas
from services.api.asking import MOST, Name, Position
from services.api.freshness import snapshot
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.problems import Problem
from services.bootstrap import PROCESSES, Platform
from services.processes import Process
from services.processes import parking as process_parking
from services.workers import exclusions
from services.workers.replayer import ReplayResult
from services.workers.unpark import (
    NotParked,
    NotSkipped,
    Reader,
    Skip,
    look,
    restore,
    retry,
    skip,
)

ViewName = Annotated[Name, Path(examples=["dealer_stock"])]
Stream = Annotated[
    str, Path(min_length=1, max_length=300, pattern=r"^[^\x00]*$", examples=["stock-WH:tea"])
]


class Waiting(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Position = Field(0, description="Only events after this position.")
    limit: Annotated[int, Field(ge=1, le=MOST), Digits] = 100


class Skipping(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text = Field(description="Why; it is kept in the log for ever.")
    position: At | None = Field(
        None, description="The event to skip; named, it is safe to ask again. Else the first."
    )
    all: Truth = Field(False, description="Skip all that wait of the stream.")


class Restoring(Skipping):
    position: At | None = Field(
        None, description="The event to restore; named, it is safe to ask again. Else the first."
    )
    all: Truth = Field(False, description="Restore all that was skipped of the stream.")


class ParkedRoutes:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        readers: list[Reader] = [*platform.views, *PROCESSES]
        self.readers = {one.name: one for one in readers}

    async def every(self) -> Response:
        """Every parked stream, with its first event and why that waits."""
        return json_answer(await run_in_threadpool(self._every))

    def _every(self) -> dict[str, Any]:
        names = [process.name for process in PROCESSES]
        with snapshot(self.platform.database) as connection:
            found = parking.streams(connection)
            held = process_parking.summary(connection, names, self.platform.store.log)
        return {
            "data": [parking.shown(one) for one in found],
            "processes": [parking.shown(one) for one in held],
        }

    async def one(
        self, view: ViewName, stream: Stream, asked: Annotated[Waiting, Query()]
    ) -> Response:
        """The events of a stream that wait in a view, or for a process, in order."""
        return json_answer(await run_in_threadpool(self._one, view, stream, asked))

    def _one(self, view: str, stream: str, asked: Waiting) -> dict[str, Any]:
        of = self._reader(view, stream)
        with snapshot(self.platform.database) as connection:
            is_view = not isinstance(of, Process)
            number = generations.generation(connection, view) if is_view else 0
            limit = asked.limit + 1
            found = look(self.platform, connection, of, stream, asked.after, limit)
        if not found and not asked.after:
            raise _not_parked(view, stream)
        shown, following = found[: asked.limit], None
        if len(found) > asked.limit:
            query = urlencode({"limit": asked.limit, "after": shown[-1]["position"]})
            following = f"/parked/{view}/{quote(stream, safe=':')}?{query}"
        about = {"view": view, "generation": number, "stream": stream}
        return {**about, "events": shown, "next": following}

    async def retry(self, view: ViewName, stream: Stream) -> Response:
        """Let in, in order, what can be read or reacted to by now, up to what still fails.

        Asked again, or when nothing is parked, it changes nothing.
        """
        of = self._reader(view, stream)
        return await _done(lambda: retry(self.platform, of, stream))

    async def skip(
        self, request: Request, view: ViewName, stream: Stream, asked: Skipping
    ) -> Response:
        """Leave an event out of a view or a process, and let in what waits behind it.

        Who skipped what, and why, is an event in the log; a rebuild leaves it out as well.
        """
        of, actor = self._reader(view, stream), request.scope["actor"]
        meant = Skip(stream, asked.reason, asked.position, asked.all)
        try:
            return await _done(lambda: skip(self.platform, of, meant, actor))
        except NotParked as error:
            raise _not_parked(view, stream) from error

    async def restore(
        self, request: Request, view: ViewName, stream: Stream, asked: Restoring
    ) -> Response:
        """Take an event that was skipped into its view or process after all, in order.

        Who restored what, and why, is an event in the log; a rebuild takes it in as well.
        """
        of, actor = self._reader(view, stream), request.scope["actor"]
        meant = Skip(stream, asked.reason, asked.position, asked.all)
        try:
            return await _done(lambda: restore(self.platform, of, meant, actor))
        except NotSkipped as error:
            raise Problem("not-skipped", view=view, stream=stream) from error

    async def skipped(self) -> Response:
        """Every event that a view or process leaves out, with who skipped it, when and why."""
        return json_answer({"data": await run_in_threadpool(self._skipped)})

    def _skipped(self) -> list[dict[str, Any]]:
        store, codec = self.platform.store, self.platform.codec
        with snapshot(self.platform.database) as connection:
            found = [exclusions.shown(connection, store, codec, name) for name in self.readers]
        return [row for rows in found for row in rows]

    def _reader(self, name: str, stream: str) -> Reader:
        if name not in self.readers:
            raise _not_parked(name, stream)
        return self.readers[name]


async def _done(do: Callable[[], ReplayResult]) -> Response:
    return json_answer((await run_in_threadpool(do))._asdict())


def _not_parked(view: str, stream: str) -> Problem:
    return Problem("not-parked", view=view, stream=stream)


def add(app: FastAPI, platform: Platform) -> None:
    parked, tags = ParkedRoutes(platform), list[str | Enum](["platform"])
    one = "/parked/{view}/{stream}"
    shape, wrong = schemas.UnparkedShape, schemas.problems(400, 401, 404, 503)
    rights = [needs(operate("parked"))]
    app.add_api_route(
        "/parked",
        parked.every,
        tags=tags,
        dependencies=rights,
        response_model=schemas.ParkedList,
        responses=schemas.problems(401, 503),
    )
    app.add_api_route(
        "/parked/skipped",
        parked.skipped,
        tags=tags,
        dependencies=rights,
        response_model=schemas.SkippedList,
        responses=schemas.problems(401, 503),
    )
    app.add_api_route(
        one,
        parked.one,
        tags=tags,
        dependencies=rights,
        response_model=schemas.ParkedStream,
        responses=wrong,
    )
    app.add_api_route(
        f"{one}/retry",
        parked.retry,
        methods=["POST"],
        tags=tags,
        dependencies=rights,
        response_model=shape,
        responses=wrong,
    )
    app.add_api_route(
        f"{one}/skip",
        parked.skip,
        methods=["POST"],
        tags=tags,
        dependencies=rights,
        response_model=shape,
        responses={**wrong, **schemas.problems(413, 415, 422)},
    )
    app.add_api_route(
        f"{one}/restore",
        parked.restore,
        methods=["POST"],
        tags=tags,
        dependencies=rights,
        response_model=shape,
        responses={**wrong, **schemas.problems(413, 415, 422)},
    )
