"""The three boards, live or as of any moment, and for each figure why it is what it is."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Path, Query, Request, Response

from infra.events import Recorded
from projections import View, dealer_stock, funnel, rankings, why
from projections.rankings import BOARDS
from services import known
from services.api import asking, schemas
from services.api.asking import (
    Asked,
    Cursor,
    Funnel,
    FunnelWhy,
    Ranking,
    SalesWhy,
    Stock,
    StockWhy,
    Why,
)
from services.api.freshness import Seen, read
from services.api.pipelines import Pipelines
from services.api.problems import Problem, wrong
from services.api.reasons import reason
from services.bootstrap import Platform

Board = Annotated[str, Path(description=f"One of {', '.join(BOARDS)}.", examples=["dealers"])]
GOES_WRONG = schemas.problems(400, 401, 409, 503)


class Figures:
    """Reads the views; one method an address."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def funnel(self, request: Request, asked: Annotated[Funnel, Query()]) -> Response:
        """Deals per pipeline, stage and currency: how many, worth what, and what became of them.

        `conversion_bp` is of those that left the stage for good or ill, not of those still in it.
        """
        by = tuple(dict.fromkeys(asked.by))
        key = ("pipeline", "stage", "currency", *by)

        def take(seen: Seen, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
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

        return await self._keyed(request, funnel.view, asked, key, take)

    async def stock(self, request: Request, asked: Annotated[Stock, Query()]) -> Response:
        """What each warehouse and dealer holds, and how many days it will last.

        Days of cover are by the outflow of the last 28 days; null where nothing went out.
        """

        def take(seen: Seen, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            sight: dict[str, Any] = {"as_of": seen.as_of, "today": seen.today}
            wanted = asked.filters()
            return dealer_stock.read(
                seen.connection, filters=wanted, after=after, limit=limit, **sight
            )

        return await self._keyed(request, dealer_stock.view, asked, dealer_stock.GROUP, take)

    async def ranking(
        self, request: Request, board: Board, asked: Annotated[Ranking, Query()]
    ) -> Response:
        """A board's subjects from the greatest figure down, for any business days.

        Pages after the first are of the first one's moment, so that no row is missed or doubled.
        """
        _known(board)
        by = _ranked(board, asked.by)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, str, str))
        limit = asked.top or asked.limit
        after = None if cursor is None else tuple(cursor.after)
        start = 0 if cursor is None else cursor.count

        def take(seen: Seen) -> dict[str, Any]:
            what: dict[str, Any] = {
                "filters": asked.filters(),
                "days": asked.days(),
                "as_of": seen.as_of,
            }
            page: dict[str, Any] = {"after": after, "limit": limit + 1}
            rows = rankings.top(seen.connection, board, by, **what, **page)
            data = [{"rank": start + n, **row} for n, row in enumerate(rows[:limit], 1)]
            if len(rows) <= limit or asked.top:
                return _page(request, data, None)
            last = data[-1]
            place = last[by], last["subject"], last["currency"]
            return _page(request, data, Cursor(imprint, place, start + limit, _moment(seen)))

        pinned = None if cursor is None else cursor.position
        return await self._read(rankings.view, asked, take, pinned)

    async def _keyed(
        self,
        request: Request,
        view: View,
        asked: Asked,
        key: Sequence[str],
        rows: Callable[[Seen, Sequence[Any], int], list[dict[str, Any]]],
    ) -> Response:
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (str,) * len(key))
        after = () if cursor is None else cursor.after

        def take(seen: Seen) -> dict[str, Any]:
            found = rows(seen, after, asked.limit + 1)
            data = found[: asked.limit]
            if len(found) <= asked.limit:
                return _page(request, data, None)
            return _page(request, data, Cursor(imprint, tuple(data[-1][n] for n in key)))

        return await self._read(view, asked, take)

    async def funnel_why(self, request: Request, asked: Annotated[FunnelWhy, Query()]) -> Response:
        """The events behind a figure of the funnel; their changes sum to it."""
        return await self._why(request, funnel.view, asked, asked.filters())

    async def stock_why(self, request: Request, asked: Annotated[StockWhy, Query()]) -> Response:
        """The events behind a figure of the stock; their changes sum to it."""
        return await self._why(request, dealer_stock.view, asked, asked.filters())

    async def ranking_why(
        self, request: Request, board: Board, asked: Annotated[SalesWhy, Query()]
    ) -> Response:
        """The events behind a subject's figures on a board; their changes sum to them."""
        _known(board)
        wanted = {**asked.filters(), BOARDS[board]: [asked.subject]}
        return await self._why(request, rankings.view, asked, wanted)

    async def _why(
        self, request: Request, view: View, asked: Why, filters: dict[str, Any]
    ) -> Response:
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, int))

        def take(seen: Seen) -> dict[str, Any]:
            question = why.Question(filters, seen.as_of, asked.days(), asked.measure)
            after = None if cursor is None else tuple(cursor.after)
            page: dict[str, Any] = {"after": after, "limit": asked.limit}
            figure, found, more = why.answer(seen.connection, view, question, **page)
            events = self._events(seen, [row["position"] for row in found])
            rows = [reason(view, row, events.get(row["position"])) for row in found]
            next_page = None
            if more:
                place = rows[-1]["position"], rows[-1]["line"]
                next_page = Cursor(imprint, place, 0, _moment(seen))
            return {"figure": figure, **_page(request, rows, next_page, "rows")}

        pinned = None if cursor is None else cursor.position
        return await self._read(view, asked, take, pinned)

    async def _read(
        self,
        view: View,
        asked: Asked,
        take: Callable[[Seen], dict[str, Any]],
        pinned: int | None = None,
    ) -> Response:
        """What `take` answers, unless a filter names what cannot be."""
        filters = asked.filters()

        def checked(seen: Seen) -> dict[str, Any]:
            known.check(filters, {"holder": known.HOLDERS})
            Pipelines(self.platform, seen.connection).check(filters)
            return take(seen)

        return _json(await read(self.platform, view, asked, checked, pinned))

    def _events(self, seen: Seen, positions: Sequence[int]) -> dict[int, Recorded]:
        events = self.platform.store.at(seen.connection, sorted(set(positions)))
        return {event.position: event for event in events}


def _moment(seen: Seen) -> int:
    """The position that later pages are read as of."""
    position = seen.as_of.position
    return seen.freshness.position if position is None else position


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


def _page(
    request: Request, data: list[dict[str, Any]], cursor: Cursor | None, name: str = "data"
) -> dict[str, Any]:
    text = None if cursor is None else asking.write_cursor(cursor)
    return {name: data, "cursor": text, "next": None if text is None else _link(request, text)}


def _link(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _json(content: dict[str, Any]) -> Response:
    links = {"Link": f'<{content["next"]}>; rel="next"'} if content["next"] else {}
    return Response(msgspec.json.encode(content), headers=links, media_type="application/json")


def add(app: FastAPI, platform: Platform) -> None:
    figures = Figures(platform)
    routes: tuple[tuple[str, Any, Any], ...] = (
        ("/funnel", figures.funnel, schemas.FunnelPage),
        ("/funnel/why", figures.funnel_why, schemas.Why),
        ("/stock", figures.stock, schemas.StockPage),
        ("/stock/why", figures.stock_why, schemas.Why),
        ("/rankings/{board}", figures.ranking, schemas.RankingPage),
        ("/rankings/{board}/why", figures.ranking_why, schemas.Why),
    )
    for path, endpoint, shape in routes:
        wrong = schemas.problems(404) if "{" in path else {}
        app.add_api_route(
            path,
            endpoint,
            tags=["figures"],
            response_model=shape,
            responses={**GOES_WRONG, **wrong},
        )
