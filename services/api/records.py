"""Records: lists, one thing, and its history, for every kind that is declared, alike."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Annotated, Any, get_type_hints

from fastapi import FastAPI, Path, Request, Response
from pydantic import BaseModel, Field, create_model
from starlette.concurrency import run_in_threadpool

from commands.fields import Digits
from infra import search
from projections.engine import record_by_id, record_history, record_order, record_query
from projections.engine.reach import EVERYTHING
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_query import RecordQuery
from services.access import masks, request_notes
from services.access.actions import reading
from services.access.permissions import GRANTED, Permissions
from services.api import asking, freshness, next_steps, schemas
from services.api.accepts import EXPORTED
from services.api.answers import as_json, first, page
from services.api.asking import Cursor, ReadQuery
from services.api.asking_records import Listed, Single, listed, unknown
from services.api.expanding import Pages, expanded, names_of
from services.api.exports import Exports
from services.api.freshness import ReadContext, moment
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.next_steps import NextStep
from services.api.problems import wrong
from services.api.record_questions import ListQuestion
from services.bootstrap import RECORDS, Platform
from services.exports.described import of_record, of_shape
from services.exports.export import STREAMED, WHOLE
from services.exports.lines import Lines
from services.lists.terms import ME

CAP = 1_000
Id = Annotated[str, Path(max_length=200, pattern=r"^[^\x00/]+$")]
Version = Annotated[int, Path(ge=1, le=2**62), Digits]
NEXT = Field(
    None,
    description="What may be done next: the commands that fit its state in the log, of those that"
    " you may ask. Of now alone.",
)
FACETS_OF = Field(
    None,
    description="There are more rows than that: facets were counted over so many of them alone."
    " `count=exact` counts all.",
)
TOTALS_OVER = Field(
    None,
    description="There are more rows than that: there are no totals. `count=exact` adds up all.",
)
GOES_WRONG = schemas.problems(400, 401, 409, 422, 503)


class Envelope(schemas.Shape):
    version: int = Field(
        description="Of the stream when it became so. `If-Match` expects what `ETag` says."
    )
    position: int = Field(description="Of the event that made it so.")
    occurred_at: schemas.Instant
    recorded_at: schemas.Instant


class ListAsked(schemas.Shape):
    """What a list was asked for, with days and persons as they were understood."""

    words: str = Field(description="For people, in the language of Accept-Language.")
    where: str = Field(description="Asks for the same conditions again, on whatever day.")


class FacetValue(schemas.Shape):
    value: str | int | None
    count: int


class FacetShape(schemas.Shape):
    values: list[FacetValue] = Field(description="The most frequent first, 50 at most.")
    more: int = Field(description="How many more values there are.")


class ChosenColumns(schemas.Shape):
    """The columns that `fields` names, and no others."""


class FieldChange(schemas.Shape):
    from_: Any = Field(None, alias="from")
    to: Any = None


class Step(Envelope):
    type: str = Field(description="The event's type.")
    changes: dict[str, FieldChange]


class HistoryPage(schemas.Page):
    data: list[Step]


class Records:
    """One kind: each method is an address."""

    def __init__(self, platform: Platform, exports: Exports, record: Record[Any]) -> None:
        self.platform, self.exports, self.record = platform, exports, record
        self.names = names_of(record)

    def seen(self) -> "Records":
        """The same without the fields that whoever asks may not see."""
        shown = masks.record(GRANTED.get(), self.record)
        return self if shown is self.record else Records(self.platform, self.exports, shown)

    async def list(self, request: Request, asked: Listed) -> Response:
        if asked.q and not self.record.searchable:
            raise wrong(
                "q",
                "hidden",
                "A search here looks through fields that you may not see. Filter by others.",
                "此处的搜索会用到您无权查看的字段。请按其他字段筛选。",
            )
        identities = await self._identities(request)
        question = ListQuestion(request, self.record, asked, identities)
        if file := self.exports.wanted(request, asked):

            def pages(seen: ReadContext) -> Iterator[Sequence[dict[str, Any]]]:
                wanted = question.query(seen, seen.today)
                every = record_query.every(
                    seen.connection, self.record, wanted, seen.as_of, STREAMED
                )
                for rows in every:
                    request_notes.rows(self.record, rows, question.fields)
                    yield rows

            known = {column.name: column for column in of_record(self.record)}
            columns = [known[name] for name in question.fields or known]
            every: Pages = pages
            if field := question.each(lines := Lines(self.record)):
                columns = lines.columns(field, columns)
                every = partial(_lined, lines, field, pages)
            return await self.exports.answer(
                request, file, self.record, asked, columns, every, self.names, question.told
            )
        if asked.each is not None:
            raise wrong(
                "each",
                "no_file",
                "A row for each line is had as a file alone. Add format=csv, xlsx, ndjson or"
                " parquet, or leave out each: a thing's lines stand within it.",
                "只有文件才能每条明细一行。请加上 format=csv、xlsx、ndjson 或 parquet，"
                "或去掉 each：明细行就在记录之内。",
            )
        imprint = asked.imprint(request.url.path)
        sort = record_order.ordered(question.sort)
        shape = tuple(self.record.columns.get(one.field, str) for one in sort)
        cursor = asking.read_cursor(asked.cursor, imprint, shape)
        after = () if cursor is None else cursor.after

        def take(seen: ReadContext) -> dict[str, Any]:
            today = seen.today if cursor is None or cursor.today is None else cursor.today
            some = question.query(seen, today)._replace(after=after, limit=asked.limit)
            rows, last = record_query.page(seen.connection, self.record, some, seen.as_of)
            request_notes.rows(self.record, rows, question.fields)
            place = None if last is None else tuple(last)
            at = None if place is None else Cursor(imprint, place, 0, moment(seen), today)
            if question.fields:
                rows = [{name: row[name] for name in question.fields} for row in rows]
            told = self._counted(seen, some, asked, (rows, last))
            told["asked"] = question.told(today)
            if cursor is None:
                told |= question.in_all(seen, today)
            return {**page(request, rows, at), **told}

        pinned = None if cursor is None else cursor.position
        return await self._read(asked, take, pinned)

    async def _identities(self, request: Request) -> tuple[str, ...]:
        """As what whoever asks may sign, where that may be asked for."""
        every = self.record.fields.values()
        if ME not in request.url.query or not any(one.mark.signers for one in every):
            return ()
        permissions: Permissions = request.app.state.permissions
        return await run_in_threadpool(permissions.identities, request.scope["actor"])

    def _counted(
        self,
        seen: ReadContext,
        wanted: RecordQuery,
        asked: Listed,
        page: tuple[Sequence[dict[str, Any]], object],
    ) -> dict[str, Any]:
        if asked.count is None:
            return {}
        what = seen.connection, self.record, wanted, seen.as_of
        if asked.count == "exact":
            return {"count": record_query.counted(*what, None, page), "capped": False}
        found, capped = record_query.counted_up_to(*what, CAP, page)
        return {"count": found, "capped": capped}

    async def one(self, request: Request, id: str, asked: Single) -> Response:
        content, headers = await self._one(id, asked, lambda seen: seen.as_of)
        if asked.as_of is None and asked.known_at is None:
            content["next"] = await next_steps.told(self.platform, self.record, id, request, asked)
        return json_answer(content, headers=headers)

    async def version(self, id: str, version: int, asked: Single) -> Response:
        def at(seen: ReadContext) -> AsOf:
            place = record_history.position_of(seen.connection, self.record, id, version)
            if place is None:
                raise unknown(self.record, f"{id}, version {version},")
            return AsOf(place)

        content, headers = await self._one(id, asked, at)
        return json_answer(content, headers=headers)

    async def _one(
        self, id: str, asked: Single, at: Callable[[ReadContext], AsOf]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The answer, and its `ETag`."""
        self.exports.refuse(asked)
        tags = list[int]()

        def take(seen: ReadContext) -> dict[str, Any]:
            self._reached(seen, id)
            found = record_by_id.one(seen.connection, self.record, id, at(seen))
            if found is None:
                raise unknown(self.record, id)
            request_notes.rows(self.record, [found])
            tags.append(found["version"])
            if self.record.sparse and seen.as_of.now:  # its stream has gone on without it
                tags.append(search.latest(seen.connection, self.record.kind.stream(id)))
            return expanded(seen, asked, {"data": found}, self.names)

        content = await freshness.read(self.platform, self.record, asked, take)
        return content, {"ETag": f'"{tags[-1]}"'}

    async def history(self, request: Request, id: str, asked: Single) -> Response:
        if file := self.exports.wanted(request, asked):

            def pages(seen: ReadContext) -> Iterator[Sequence[dict[str, Any]]]:
                self._reached(seen, id)
                what = seen.connection, self.record, id, seen.as_of
                if not (rows := record_history.history(*what, 0, WHOLE)):
                    raise unknown(self.record, id)
                self._note_steps(id, rows)
                yield rows

            columns = of_shape(Step)
            return await self.exports.answer(request, file, self.record, asked, columns, pages)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int,))
        after = 0 if cursor is None else int(cursor.after[0])

        def take(seen: ReadContext) -> dict[str, Any]:
            self._reached(seen, id)
            rows = record_history.history(
                seen.connection, self.record, id, seen.as_of, after, asked.limit + 1
            )
            if not rows and not after:
                raise unknown(self.record, id)
            self._note_steps(id, rows)
            return first(request, rows, asked.limit, imprint, ("position",))

        return await self._read(asked, take)

    def _note_steps(self, id: str, steps: Sequence[dict[str, Any]]) -> None:
        personal = request_notes.personal(self.record)
        if any(personal & step["changes"].keys() for step in steps):
            request_notes.persons([self.record.kind.stream(id)])

    def _reached(self, seen: ReadContext, id: str) -> None:
        check_reached(seen, self.record, id)

    async def _read(
        self,
        asked: ReadQuery,
        take: Callable[[ReadContext], dict[str, Any]],
        pinned: int | None = None,
    ) -> Response:
        def named(seen: ReadContext) -> dict[str, Any]:
            return expanded(seen, asked, take(seen), self.names)

        return as_json(await freshness.read(self.platform, self.record, asked, named, pinned))


def _lined(
    lines: Lines, field: str, pages: Pages, seen: ReadContext
) -> Iterator[Sequence[dict[str, Any]]]:
    return lines.rows(field, pages(seen))


def check_reached(seen: ReadContext, record: Record[Any], id: str) -> None:
    """Raise the problem of a thing that is not there, where the reader may not see it."""
    scope = seen.granted.scope(seen.connection, record)
    if scope == EVERYTHING or record_by_id.reached(seen.connection, record, [id], scope):
        return
    problem = unknown(record, id)
    if record_by_id.reached(seen.connection, record, [id], EVERYTHING):
        problem.hiding(record.kind.stream(id))
    raise problem


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    for record in RECORDS:
        _add(app, Records(platform, exports, record))


def _add(app: FastAPI, records: Records) -> None:
    record, name = records.record, records.record.name
    question, narrow = schemas.query(listed(record)), schemas.query(Single)
    many, single = shapes(record)

    async def every(request: Request, asked: question) -> Response:  # type: ignore[valid-type]
        return await records.seen().list(request, asked)

    async def one(request: Request, id: Id, asked: narrow) -> Response:  # type: ignore[valid-type]
        return await records.seen().one(request, id, asked)

    async def version(id: Id, version: Version, asked: narrow) -> Response:  # type: ignore[valid-type]
        return await records.seen().version(id, version, asked)

    async def history(request: Request, id: Id, asked: narrow) -> Response:  # type: ignore[valid-type]
        return await records.seen().history(request, id, asked)

    routes: tuple[tuple[str, Any, Any, str], ...] = (
        (f"/{name}", every, many, f"The {name}: filtered, searched, sorted, as of any moment."),
        (f"/{name}/{{id}}", one, single, f"One of the {name}, as it is or was."),
        (f"/{name}/{{id}}/history", history, HistoryPage, "What each event changed, old and new."),
        (f"/{name}/{{id}}/at/{{version}}", version, single, "As it was at a version."),
    )
    for path, endpoint, shape, said in routes:
        missing = schemas.problems(404) if "{" in path else {}
        files = EXPORTED if endpoint in (every, history) else {}
        app.add_api_route(
            path,
            endpoint,
            tags=["records"],
            dependencies=[needs(reading(record.kind.kind))],
            response_model=shape,
            summary=said,
            description=said,
            operation_id=f"{name}{path.count('/')}{'_history' if 'history' in path else ''}",
            responses={**GOES_WRONG, **missing, **files},
        )


@cache
def shapes(record: Record[Any]) -> tuple[type[BaseModel], type[BaseModel]]:
    """Of a list, and of one thing."""
    row, name = _row(record), record.name.title()
    many = create_model(
        f"{name}Page",
        __base__=schemas.Page,
        data=(list[row | ChosenColumns], ...),  # type: ignore[valid-type]
        asked=(ListAsked, ...),
        facets=(dict[str, FacetShape] | None, None),
        facets_of=(int | None, FACETS_OF),
        totals=(dict[str, int | str | dict[str, int | str]] | None, None),
        totals_over=(int | None, TOTALS_OVER),
        count=(int | None, None),
        capped=(bool | None, None),
    )
    freshness = (schemas.FreshnessShape, ...)
    one = create_model(
        f"{name}One",
        __base__=schemas.Shape,
        data=(row, ...),
        freshness=freshness,
        names=(dict[str, dict[str, str]] | None, None),
        next=(list[NextStep] | None, NEXT),
    )
    return many, one


def _row(record: Record[Any]) -> type[BaseModel]:
    fields: dict[str, Any] = {"id": (str, ...)}
    hints = get_type_hints(record.shape)
    for name, known in record.fields.items():
        kind: Any = (
            hints[name] if known.nested else schemas.Instant if known.mark.instant else known.type
        )
        left_out = None if known.mark.own else ...
        fields[name] = (kind | None if known.optional else kind, left_out)
    return create_model(f"{record.name.title()}Row", __base__=Envelope, **fields)
