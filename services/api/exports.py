"""Lists and figures as files: which format is wanted, and the answer that carries it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import FastAPI, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from infra.clock import EPOCH, iso
from projections.engine import Projection
from projections.engine.reading import AsOf
from services.access.actions import operate
from services.access.permissions import Granted
from services.api import accepts, freshness, schemas, schemas_exports
from services.api.asking import ReadQuery
from services.api.expanding import NONE, Pages, with_names
from services.api.freshness import ReadContext, moment
from services.api.guards import signed_in
from services.api.json_answer import json_answer
from services.api.problem_kinds import language
from services.api.problems import RETRY, Problem, wrong
from services.api.time_limit import TimeLimit
from services.bootstrap import Platform
from services.exports import manifests
from services.exports.cells import NoRoom
from services.exports.columns import Column, Row, adding_up
from services.exports.export import PAGE, Export, ExportRequest, Moment, export
from services.exports.formats import FORMATS
from services.exports.spool import Spool

Id = Annotated[str, Path(max_length=100, pattern=r"^[0-9a-f-]+$")]
MOST, MOST_OPEN = 3, 30
"""Exports that one process writes at one time, each of which keeps a core and a connection busy,
and those that are read, each of which is a file on the disk."""
LONGEST = 3_600.0
"""Seconds that an export may take in all."""
PATIENCE = 60.0
"""Seconds in which a reader must take what is sent."""
HOW = frozenset({"format", "language", "header", "min_position", "wait"})
"""Parameters that change nothing of what is exported."""
AUDITING = operate("access-log")
"""What must be granted to see what others have exported."""
NOTED = ("id", "what", "parameters", "format", "state", "position", "rows", "sha256")
"""What the log of access keeps of a manifest."""


def paged(
    read: Callable[[Sequence[Any], int], Sequence[Row]], key: Sequence[str], size: int = PAGE
) -> Iterator[Sequence[Row]]:
    """All rows, page by page, each after the last row of the one before."""
    after: Sequence[Any] = ()
    while True:
        rows = read(after, size)
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = tuple(rows[-1][name] for name in key)


class Exports:
    """The exports of this process; `stop` ends them, so that it can go."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.writing: set[Spool] = set()
        self.open = 0
        self.stopping = False

    def stop(self) -> None:
        self.stopping = True
        for spool in self.writing:
            spool.left = True

    def wanted(self, request: Request, asked: ReadQuery) -> ExportRequest | None:
        """The file that is asked for; None where it is JSON, a page at a time."""
        accept = request.headers.get("accept")
        name = asked.format or (accepts.preferred(accept) if accept else None)
        if name is None or name == "json":
            return None
        for paging in ("limit", "cursor"):
            if paging in asked.model_fields_set:
                raise _whole(paging, name)
        spoken = asked.language or language(request.headers.get("accept-language"))
        labelled = asked.header == "labels"
        path, actor = request.url.path, request.scope["actor"]
        parameters = _parameters(request)
        return ExportRequest(path, parameters, actor, FORMATS[name], spoken if labelled else None)

    def refuse(self, asked: ReadQuery) -> None:
        """Raise the problem of a file that is wanted of what is no list."""
        if asked.format not in (None, "json"):
            raise wrong(
                "format",
                "no_file",
                "One thing is had as JSON alone. Export the list, with a filter by its id.",
                "单条记录只能以 JSON 获取。请导出列表，并按编号筛选。",
            )

    async def answer(
        self,
        request: Request,
        wanted: ExportRequest,
        view: Projection,
        asked: ReadQuery,
        columns: Sequence[Column],
        pages: Pages,
        more: Mapping[str, str] = NONE,
        told: Callable[[int], Mapping[str, str]] | None = None,
        beside: Sequence[Projection] = (),
    ) -> Response:
        """The file, as soon as its first bytes are there; what is wrong is told before.

        `told` says how the question was understood on a business day.
        """
        if len(self.writing) >= MOST or self.open >= MOST_OPEN or self.stopping:
            raise Problem("too-many-exports", headers=RETRY)
        if asked.expand is not None:
            columns, pages = with_names(columns, pages, more)
        _allow(request.scope)
        columns = adding_up(columns, view)
        made = export(self.platform, wanted, columns, Spool(asyncio.get_running_loop()))

        def take(seen: ReadContext) -> dict[str, Any]:
            then = AsOf(moment(seen), seen.as_of.occurred_at)
            pinned = replace(seen, as_of=then, states=then)
            with closing(_all(pinned, pages)) as every:
                understood = told(pinned.today) if told else {}
                made.write(self._moment(pinned), every, understood)
            return {}

        work = asyncio.ensure_future(freshness.read(self.platform, view, asked, take, None, beside))
        self._begun(made.spool, work)
        try:
            if not await made.spool.grown(work) or work.done():
                work.result()
        except BaseException as error:
            self.leave(made.spool)
            if isinstance(error, NoRoom):
                raise wrong("format", error.code, str(error), error.zh) from error
            raise
        return Sending(self, made, work)

    def _begun(self, spool: Spool, work: "asyncio.Task[Any]") -> None:
        self.open += 1
        self.writing.add(spool)

        def ended(_: object) -> None:
            self.writing.discard(spool)
            spool.release()
            if not work.cancelled():
                work.exception()  # whoever reads has been told, or has left

        work.add_done_callback(ended)

    def leave(self, spool: Spool) -> None:
        """Nobody reads it any more."""
        self.open -= 1
        spool.left = True
        spool.release()

    def _moment(self, seen: ReadContext) -> Moment:
        position, happened = seen.as_of.position or 0, seen.as_of.occurred_at
        last = self.platform.store.at(seen.connection, [position])
        day = (EPOCH + timedelta(days=seen.today)).date().isoformat()
        at = last[0].recorded_at if last else 0
        return Moment(position, None if happened is None else iso(happened), day, at)

    async def manifest(self, id: Id, granted: Annotated[Granted, signed_in()]) -> Response:
        """What an export was of, and what its bytes must come to: for who made it, and auditors.

        Its rows, control totals and SHA-256 are there once the last byte was taken; until then,
        and for ever where the reader left before, `state` is `unfinished`.
        """
        found = await run_in_threadpool(self._manifest, id)
        if found is None:
            raise _no_export(id)
        if found["by"] != granted.actor and granted.reach(AUDITING).nothing:
            raise _no_export(id).hiding(f"export-{id}")
        return json_answer(found)

    def _manifest(self, id: str) -> dict[str, Any] | None:
        with self.platform.database.read() as connection:
            return manifests.read(connection, id)


def _no_export(id: str) -> Problem:
    return Problem(
        "not-found",
        (
            f"There is no export {id}; the last {manifests.MOST:,} are kept.",
            f"没有导出 {id}；只保留最近 {manifests.MOST:,} 次导出的清单。",
        ),
    )


def _all(seen: ReadContext, pages: Pages) -> Generator[Sequence[Row], None, None]:
    """All rows; then the transaction ends, since what follows may take longer than one may stand.

    The end of a large workbook takes a minute.
    """
    yield from pages(seen)
    seen.connection.rollback()


class Sending(StreamingResponse):
    """The bytes as they come; a reader that stands still is left."""

    def __init__(self, exports: Exports, made: Export, work: "asyncio.Task[Any]") -> None:
        self.exports, self.made = exports, made
        media_type = made.wanted.format.media_type
        super().__init__(_body(made, work), headers=_headers(made), media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patient(message: Message) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        try:
            await super().__call__(scope, receive, patient)
        finally:
            self.exports.leave(self.made.spool)
            scope["notes"].note("exported", {name: self.made.content[name] for name in NOTED})


async def _body(made: Export, work: "asyncio.Task[Any]") -> AsyncIterator[bytes]:
    async for chunk in made.spool.chunks(work):
        yield chunk
    await run_in_threadpool(made.complete)


def _headers(made: Export) -> dict[str, str]:
    name = f"{made.wanted.what.replace('/', '-')}-{made.content['position']}"
    file = quote(f"{name}.{made.wanted.format.name}", safe="")
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{file}",
        "X-Export-Id": made.id,
        "Link": f'</exports/{made.id}/manifest>; rel="describedby"; type="application/json"',
    }


def _allow(scope: Scope) -> None:
    """More time than other requests have; the gate has set how much those have."""
    limit: TimeLimit | None = scope.get("limit")
    if limit is not None:
        limit.extend(LONGEST)


def _parameters(request: Request) -> dict[str, str | list[str]]:
    query = request.query_params
    given = {name: query.getlist(name) for name in query if name not in HOW}
    return {name: many[0] if len(many) == 1 else many for name, many in given.items()}


def _whole(paging: str, format: str) -> Problem:
    return wrong(
        paging,
        "whole",
        f"A file has all rows: leave out {paging}, or take format=json for a page at a time.",
        f"{format} 文件包含全部行：请去掉 {paging}，或用 format=json 分页读取。",
    )


def add(app: FastAPI, exports: Exports) -> None:
    app.add_api_route(
        "/exports/{id}/manifest",
        exports.manifest,
        tags=["exports"],
        response_model=schemas_exports.Manifest,
        responses=schemas.problems(400, 401, 404, 503),
    )
