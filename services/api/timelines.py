"""Timelines: every event that happened with a thing or mentions it, the latest first."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response

from aggregates.mentions import mentioned_as
from infra import search
from infra.events import Recorded
from infra.states import States
from projections.engine import mentions, record_by_id
from projections.engine.record import Record
from services.access import visible
from services.access.actions import reading
from services.api import asking, freshness, schemas
from services.api.accepts import EXPORTED
from services.api.answers import as_json, first
from services.api.asking_records import Single, unknown
from services.api.envelope import shown
from services.api.exports import Exports, paged
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.records import GOES_WRONG, Id, check_reached
from services.bootstrap import MENTIONS, RECORDS, Platform
from services.exports.columns import Column

LAST = 2**62


COLUMNS = (
    Column("position", "whole"),
    Column("occurred_at", "instant"),
    Column("recorded_at", "instant"),
    Column("type"),
    Column("stream"),
    Column("version", "whole"),
    Column("actor"),
    Column("command_id"),
    Column("data", "nested"),
)


class TimelinePage(schemas.Page):
    data: list[schemas.EventShape]


class Timelines:
    def __init__(
        self, platform: Platform, exports: Exports, states: States, record: Record[Any]
    ) -> None:
        self.platform, self.exports, self.states = platform, exports, states
        self.record = record

    async def timeline(self, request: Request, id: str, asked: Single) -> Response:
        if file := self.exports.wanted(request, asked):

            def pages(seen: ReadContext) -> Iterator[Sequence[dict[str, Any]]]:
                return paged(partial(self._rows, seen, id), ("position",))

            return await self.exports.answer(request, file, MENTIONS, asked, COLUMNS, pages)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int,))
        after = () if cursor is None else cursor.after

        def take(seen: ReadContext) -> dict[str, Any]:
            rows = self._rows(seen, id, after, asked.limit + 1)
            return first(request, rows, asked.limit, imprint, ("position",))

        return as_json(await freshness.read(self.platform, MENTIONS, asked, take))

    def _rows(
        self, seen: ReadContext, id: str, after: Sequence[Any], limit: int
    ) -> list[dict[str, Any]]:
        check_reached(seen, self.record, id)
        before, found = int(after[0]) if after else LAST, list[Recorded]()
        while len(found) < limit:
            events = self._events(seen, id, before, limit)
            found += visible.rows(self.states, seen.granted, events)
            if len(events) < limit:
                break
            before = events[-1].position
        if not found and not after:
            self._known(seen, id)
        return [shown(self.platform.store.log, event, seen.granted) for event in found[:limit]]

    def _events(self, seen: ReadContext, id: str, before: int, limit: int) -> list[Recorded]:
        """Its own events and those that mention it; none beyond what the index has heard of."""
        store, as_of, stream = self.platform.store, seen.as_of, self.record.kind.stream(id)
        until = freshness.moment(seen)
        own = search.back(seen.connection, stream, before, until, as_of.occurred_at, limit)
        places = mentions.positions(
            seen.connection,
            MENTIONS,
            mentioned_as(self.record.kind.kind, id),
            store.log,
            as_of,
            before,
            limit,
        )
        both = {event.position: event for event in [*own, *store.at(seen.connection, places)]}
        return [both[position] for position in sorted(both, reverse=True)][:limit]

    def _known(self, seen: ReadContext, id: str) -> None:
        if record_by_id.one(seen.connection, self.record, id, seen.as_of) is None:
            raise unknown(self.record, id)


def add(app: FastAPI, platform: Platform, exports: Exports, states: States) -> None:
    for record in RECORDS:
        _add(app, Timelines(platform, exports, states, record))


def _add(app: FastAPI, timelines: Timelines) -> None:
    narrow = schemas.query(Single)

    async def timeline(request: Request, id: Id, asked: narrow) -> Response:  # type: ignore[valid-type]
        return await timelines.timeline(request, id, asked)

    name = timelines.record.name
    said = "Every event that happened with it or mentions it, in any context, the latest first."
    app.add_api_route(
        f"/{name}/{{id}}/timeline",
        timeline,
        tags=["records"],
        dependencies=[needs(reading(timelines.record.kind.kind))],
        response_model=TimelinePage,
        summary=said,
        description=said,
        operation_id=f"{name}_timeline",
        responses={**GOES_WRONG, **schemas.problems(404), **EXPORTED},
    )
