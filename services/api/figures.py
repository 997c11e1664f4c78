"""The three boards, live or as of any moment, and for each figure why it is what it is."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response

from aggregates.mentions import NAMED
from projections.engine import View
from projections.inventory import dealer_stock, transit
from projections.opportunities import funnel
from projections.targets import rankings
from projections.targets.rankings import BOARDS
from services.access.actions import reading_figure
from services.api import asking, schemas, schemas_deals
from services.api.accepts import EXPORTED
from services.api.answers import Answers, page
from services.api.asking import (
    Cursor,
    Funnel,
    FunnelWhy,
    Ranking,
    SalesWhy,
    StockQuery,
    StockWhy,
    Transit,
    TransitWhy,
)
from services.api.exports import Exports, paged
from services.api.freshness import ReadContext, moment
from services.api.guards import needs
from services.api.pipelines import Pipelines
from services.api.problems import Problem, wrong
from services.bootstrap import Platform
from services.exports.columns import Row, of_shape
from services.exports.export import WHOLE

Board = Annotated[str, Path(description=f"One of {', '.join(BOARDS)}.", examples=["dealers"])]
GOES_WRONG = schemas.problems(400, 401, 409, 422, 503)


class Figures(Answers):
    """Reads the boards; one method an address."""

    async def funnel(self, request: Request, asked: Annotated[Funnel, Query()]) -> Response:
        """Deals per pipeline, stage and currency: how many, worth what, and what became of them.

        `conversion_bp` is of those that left the stage for good or ill, not of those still in it.
        """
        by = tuple(dict.fromkeys(asked.by))
        key = ("pipeline", "stage", "currency", *by)

        def take(seen: ReadContext, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            wanted = asked.filters()
            return funnel.read(
                seen.connection,
                by=by,
                filters=wanted,
                as_of=seen.as_of,
                after=after,
                limit=limit,
                stages=Pipelines(self.platform, seen.connection).stages,
            )

        columns = of_shape(schemas.FunnelRow, by)
        return await self.keyed(request, funnel.view, asked, key, take, columns, WHOLE)

    async def stock(self, request: Request, asked: Annotated[StockQuery, Query()]) -> Response:
        """What each warehouse and dealer holds, and how many days it will last.

        Days of cover are by the outflow of the last 28 days; null where nothing went out.
        """

        def take(seen: ReadContext, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            sight: dict[str, Any] = {"as_of": seen.as_of, "today": seen.today}
            wanted = asked.filters()
            return dealer_stock.read(
                seen.connection, filters=wanted, after=after, limit=limit, **sight
            )

        view, columns = dealer_stock.view, of_shape(schemas.StockRow)
        return await self.keyed(request, view, asked, dealer_stock.GROUP, take, columns)

    async def ranking(
        self, request: Request, board: Board, asked: Annotated[Ranking, Query()]
    ) -> Response:
        """A board's subjects from the greatest figure down, for any business days.

        Pages after the first are of the first one's moment, so that no row is missed or doubled.
        """
        _known(board)
        by = _ranked(board, asked.by)
        subject = {"subject": NAMED.get(BOARDS[board], "")}
        if wanted := self.exports.wanted(request, asked):
            columns = of_shape(schemas.RankingRow)
            every = partial(self._every, board, by, asked)
            return await self.file(request, wanted, rankings.view, asked, columns, every, subject)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, str, str))
        limit = asked.top or asked.limit
        after = None if cursor is None else tuple(cursor.after)
        start = 0 if cursor is None else cursor.count

        def take(seen: ReadContext) -> dict[str, Any]:
            rows = _top(seen, board, by, asked, after, limit + 1)
            data = [{"rank": start + n, **row} for n, row in enumerate(rows[:limit], 1)]
            if len(rows) <= limit or asked.top:
                return page(request, data, None)
            last = data[-1]
            place = last[by], last["subject"], last["currency"]
            return page(request, data, Cursor(imprint, place, start + limit, moment(seen)))

        pinned = None if cursor is None else cursor.position
        return await self.read(rankings.view, asked, take, pinned, subject)

    def _every(
        self, board: str, by: str, asked: Ranking, seen: ReadContext
    ) -> Iterator[Sequence[Row]]:
        """All of a board, or its top where so many and no more are asked for."""
        if asked.top is not None:
            pages: Iterator[Sequence[Row]] = iter([_top(seen, board, by, asked, None, asked.top)])
        else:
            key = (by, "subject", "currency")
            pages = paged(
                lambda after, limit: _top(seen, board, by, asked, tuple(after) or None, limit), key
            )
        ranks = count(1)
        for rows in pages:
            yield [{"rank": next(ranks), **row} for row in rows]

    async def funnel_why(self, request: Request, asked: Annotated[FunnelWhy, Query()]) -> Response:
        """The events behind a figure of the funnel; their changes sum to it."""
        return await self.why(request, funnel.view, asked, asked.filters())

    async def stock_why(self, request: Request, asked: Annotated[StockWhy, Query()]) -> Response:
        """The events behind a figure of the stock; their changes sum to it."""
        return await self.why(request, dealer_stock.view, asked, asked.filters())

    async def transit(self, request: Request, asked: Annotated[Transit, Query()]) -> Response:
        """What is on its way and has not arrived: transfers and shipments, the oldest first.

        `age_days` are business days since it was sent.
        """

        def take(seen: ReadContext, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            sight: dict[str, Any] = {"as_of": seen.as_of, "today": seen.today}
            what: dict[str, Any] = {"filters": asked.filters(), "after": after, "limit": limit}
            return transit.read(seen.connection, **what, **sight)

        view, columns = transit.view, of_shape(schemas_deals.TransitRow)
        return await self.keyed(request, view, asked, transit.KEY, take, columns, WHOLE)

    async def transit_why(
        self, request: Request, asked: Annotated[TransitWhy, Query()]
    ) -> Response:
        """The events behind what is on its way; their changes sum to it."""
        filters = asked.filters()
        within = transit.within(filters) if "from_location" in filters else None
        of = None if within is None else lambda _: within
        return await self.why(request, transit.view, asked, filters, of)

    async def ranking_why(
        self, request: Request, board: Board, asked: Annotated[SalesWhy, Query()]
    ) -> Response:
        """The events behind a subject's figures on a board; their changes sum to them."""
        _known(board)
        wanted = {**asked.filters(), BOARDS[board]: [asked.subject]}
        return await self.why(request, rankings.view, asked, wanted)


def _top(
    seen: ReadContext,
    board: str,
    by: str,
    asked: Ranking,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Row]:
    what: dict[str, Any] = {"filters": asked.filters(), "days": asked.days(), "as_of": seen.as_of}
    return rankings.top(seen.connection, board, by, **what, after=after, limit=limit)


def _known(board: str) -> None:
    if board not in BOARDS:
        raise Problem(
            "not-found",
            (
                f"There is no board {board}: choose {', '.join(BOARDS)}.",
                f"没有看板 {board}：请从 {'、'.join(BOARDS)} 中选择。",
            ),
        )


def _ranked(board: str, by: str | None) -> str:
    """The figure that ranks: of what a board has no records, all have 0."""
    ranked = rankings.RANKED[board]
    if by is not None and by not in ranked:
        raise wrong(
            "by",
            "not_ranked",
            f"Nothing is recorded of {board} by {by}. Rank them by {', '.join(ranked)}.",
            f"{board} 没有按 {by} 的记录。请按 {'、'.join(ranked)} 排名。",
        )
    return by or ranked[0]


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    figures = Figures(platform, exports)
    routes: tuple[tuple[str, Any, Any, View], ...] = (
        ("/funnel", figures.funnel, schemas.FunnelPage, funnel.view),
        ("/funnel/why", figures.funnel_why, schemas.Why, funnel.view),
        ("/stock", figures.stock, schemas.StockPage, dealer_stock.view),
        ("/stock/why", figures.stock_why, schemas.Why, dealer_stock.view),
        ("/stock/transit", figures.transit, schemas_deals.TransitPage, transit.view),
        ("/stock/transit/why", figures.transit_why, schemas.Why, transit.view),
        ("/rankings/{board}", figures.ranking, schemas.RankingPage, rankings.view),
        ("/rankings/{board}/why", figures.ranking_why, schemas.Why, rankings.view),
    )
    for path, endpoint, shape, view in routes:
        wrong = schemas.problems(404) if "{" in path else {}
        app.add_api_route(
            path,
            endpoint,
            tags=["figures"],
            dependencies=[needs(reading_figure(view), whole=True)],
            response_model=shape,
            responses={**GOES_WRONG, **wrong, **EXPORTED},
        )
