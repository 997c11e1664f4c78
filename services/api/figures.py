"""Figures, live or as of any moment, page by page, as files, and why they are what they are."""

import inspect
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel

from projections.engine.figure import Figure, FigureQuery
from projections.engine.reading import Filters
from projections.engine.record import Record
from projections.engine.why import Within
from services.access.actions import reading_figure
from services.api import asking, attributes, comparisons, figure_shapes, schemas
from services.api.accepts import EXPORTED
from services.api.answers import Answers, first
from services.api.asking import ReadQuery, WhyQuery
from services.api.exports import Exports, paged
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.pipelines import Pipelines
from services.bootstrap import FIGURES, RECORDS, Platform
from services.exports.described import of_shape
from services.exports.export import PAGE, WHOLE

NO_MORE: Filters = {}
KNOWN = {one.name: one for one in RECORDS}
GOES_WRONG = schemas.problems(400, 401, 409, 422, 503)


def records_of(figure: Figure) -> dict[str, Record[Any]]:
    """Those that it is read beside, by name."""
    return {name: KNOWN[name] for name in figure.beside}


class Figures(Answers):
    """Answers one figure: its rows, and the events behind them."""

    def __init__(self, platform: Platform, exports: Exports, figure: Figure) -> None:
        super().__init__(platform, exports)
        self.figure = figure
        self.own = figure.parameters._fields if figure.parameters else ()
        self.records = records_of(figure)
        self.beside = [*self.records.values()]

    async def rows(self, request: Request, asked: ReadQuery) -> Response:
        """A page of rows, or a file of them all."""
        figure, by = self.figure, tuple(dict.fromkeys(getattr(asked, "by", ())))
        key, filters = figure.shown(by), comparisons.filters(figure, asked)
        named = attributes.asked(figure, asked, filters)
        more = {name: attributes.names(figure, name) for name in by if "." in name}
        if wanted := self.exports.wanted(request, asked):
            columns = of_shape(figure_shapes.row(figure), by, figure.replaced(by))
            what = request, wanted, figure.view, asked, columns
            pages = partial(self._pages, asked, by, key)
            return await self.file(*what, pages, more, named, self.beside)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, figure_shapes.kinds(figure, key))
        after = () if cursor is None else cursor.after

        def take(seen: ReadContext) -> dict[str, Any]:
            page = self._asked(seen, asked)._replace(by=by, after=after, limit=asked.limit + 1)
            found = figure.rows(page)
            return {**first(request, found.rows, asked.limit, imprint, key), **found.also}

        return await self.read(figure.view, asked, take, None, more, named, self.beside)

    async def reasons(self, request: Request, asked: WhyQuery) -> Response:
        """The rows of the ledger behind it."""
        figure, behind = self.figure, self.figure.behind
        filters = comparisons.filters(figure, asked)

        def within(seen: ReadContext) -> Within | None:
            return None if behind is None else behind(self._asked(seen, asked))

        named = attributes.asked(figure, asked, filters)
        mine = partial(comparisons.seen, figure, asked, NO_MORE)
        return await self.why(request, figure.view, asked, mine, within, named, self.beside)

    def _pages(
        self, asked: ReadQuery, by: Sequence[str], key: Sequence[str], seen: ReadContext
    ) -> Iterator[Sequence[dict[str, Any]]]:
        question = self._asked(seen, asked)._replace(by=by)

        def page(after: Sequence[Any], limit: int) -> Sequence[dict[str, Any]]:
            return self.figure.rows(question._replace(after=after, limit=limit)).rows

        return paged(page, key, WHOLE if self.figure.whole else PAGE)

    def _asked(self, seen: ReadContext, asked: ReadQuery) -> FigureQuery:
        filters = comparisons.seen(self.figure, asked, NO_MORE, seen)
        return FigureQuery(
            seen.connection,
            seen.as_of,
            seen.today,
            filters,
            asked.days(),
            attributes.seen_as(attributes.asked(self.figure, asked, filters), seen),
            more={n: getattr(asked, n) for n in self.own if n in type(asked).model_fields},
            stages=Pipelines(self.platform, seen.connection).stages,
            records=self.records,
            states=seen.states,
        )


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    for figure in FIGURES:
        if not figure.ranked:
            _add(app, Figures(platform, exports, figure))


def _add(app: FastAPI, answers: Figures) -> None:
    figure = answers.figure
    question = schemas.query(figure_shapes.asked(figure))
    question_why = schemas.query(figure_shapes.asked_why(figure))

    async def rows(request: Request, asked: question) -> Response:  # type: ignore[valid-type]
        return await answers.rows(request, asked)

    async def why(request: Request, asked: question_why) -> Response:  # type: ignore[valid-type]
        return await answers.reasons(request, asked)

    route(app, figure, figure.name, figure.address, rows, figure_shapes.page(figure))
    route(app, figure, f"{figure.name}_why", f"{figure.address}/why", why, schemas.Why)


def route(
    app: FastAPI, figure: Figure, name: str, path: str, endpoint: Any, shape: type[BaseModel]
) -> None:
    missing = schemas.problems(404) if "{" in path else {}
    about = figure.about_why if shape is schemas.Why else figure.about
    app.add_api_route(
        path,
        endpoint,
        name=name,
        description=inspect.cleandoc(about),
        tags=["figures"],
        dependencies=[needs(reading_figure(figure.view))],
        response_model=shape,
        responses={**GOES_WRONG, **missing, **EXPORTED},
    )
