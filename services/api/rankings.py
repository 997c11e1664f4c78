"""Boards: who and what comes first by a figure, page by page, as files, and why."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from sqlalchemy import ColumnElement, FromClause, and_

from aggregates.mentions import NAMED
from projections.engine.figure import Figure
from projections.engine.reading import Days, Filters, conditions
from projections.engine.why import Within
from projections.targets import rankings
from services.api import asking, attributes, comparisons, figure_shapes, schemas
from services.api.answers import Answers, page
from services.api.asking import Cursor, Ranked, RankedWhy
from services.api.exports import Exports, paged
from services.api.figures import route
from services.api.freshness import ReadContext, moment
from services.api.problems import Problem, wrong
from services.bootstrap import FIGURES, Platform
from services.exports.columns import Row
from services.exports.described import of_shape

BOARDS = {figure.board: figure for figure in FIGURES if figure.ranked}
ANY = tuple(BOARDS.values())
Board = Annotated[str, Path(description=f"One of {', '.join(BOARDS)}.", examples=["dealers"])]
Ranking, Why = figure_shapes.ranking(ANY), figure_shapes.ranking_why(ANY)
PATH = "/rankings/{board}"


class Rankings(Answers):
    """Reads the boards; one method an address."""

    async def ranking(self, request: Request, board: Board, asked: Ranked) -> Response:
        """Pages after the first are of the first one's moment, so that no row is missed."""
        figure = _known(board)
        by = _ranked(figure, asked.by)
        subject = {"subject": NAMED.get(figure.subject, "")}
        _grouped(figure, asked.grouped)
        filters = comparisons.filters(figure, asked)
        named = attributes.asked(figure, asked, filters)
        if asked.grouped:
            subject = {"subject": attributes.names(figure, asked.grouped)}
        if wanted := self.exports.wanted(request, asked):
            columns = of_shape(figure_shapes.row(figure))
            every = partial(_every, figure, by, asked)
            what = request, wanted, figure.view, asked, columns, every, subject
            return await self.file(*what, named)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, str, str))
        limit = asked.top or asked.limit
        after = None if cursor is None else tuple(cursor.after)
        start = 0 if cursor is None else cursor.count

        def take(seen: ReadContext) -> dict[str, Any]:
            rows = _top(seen, figure, by, asked)(after=after, limit=limit + 1)
            data = [{"rank": start + n, **row} for n, row in enumerate(rows[:limit], 1)]
            if len(rows) <= limit or asked.top:
                return page(request, data, None)
            last = data[-1]
            place = last[by], last["subject"], last["currency"]
            return page(request, data, Cursor(imprint, place, start + limit, moment(seen)))

        pinned = None if cursor is None else cursor.position
        return await self.read(figure.view, asked, take, pinned, subject, named)

    async def why_so(self, request: Request, board: Board, asked: RankedWhy) -> Response:
        figure = _known(board)
        _grouped(figure, asked.grouped)
        filters = comparisons.filters(figure, asked)
        named = attributes.asked(figure, asked, filters)
        subject: dict[str, Any] = {asked.grouped or figure.subject: [asked.subject]}

        def mine(seen: ReadContext) -> Filters:
            return comparisons.seen(figure, asked, subject, seen)

        def within(seen: ReadContext) -> Within | None:
            return partial(_on_board, figure.subject, mine(seen), asked.days())

        return await self.why(
            request, figure.view, asked, mine, within if asked.grouped else _all, named
        )


def _every(figure: Figure, by: str, asked: Ranked, seen: ReadContext) -> Iterator[Sequence[Row]]:
    """All of a board, or its top where so many and no more are asked for."""
    top = _top(seen, figure, by, asked)
    if asked.top is not None:
        pages: Iterator[Sequence[Row]] = iter([top(after=None, limit=asked.top)])
    else:
        key = (by, "subject", "currency")
        pages = paged(lambda after, limit: top(after=tuple(after) or None, limit=limit), key)
    ranks = count(1)
    for rows in pages:
        yield [{"rank": next(ranks), **row} for row in rows]


def _top(seen: ReadContext, figure: Figure, by: str, asked: Ranked) -> Callable[..., list[Row]]:
    """What answers so many rows of a board that follow a place."""
    mine = comparisons.seen(figure, asked, {}, seen)
    what: dict[str, Any] = {"filters": mine, "days": asked.days(), "as_of": seen.as_of}
    named = attributes.seen_as(attributes.asked(figure, asked, mine), seen)
    what |= {"group": asked.grouped, "attributes": named}
    return partial(rankings.top, seen.connection, figure.board, by, **what)


def _all(_: ReadContext) -> None:
    """All that the filters say."""


def _on_board(subject: str, wanted: Filters, days: Days, ledger: FromClause) -> ColumnElement[bool]:
    """The rows that name somebody on the board; nobody is on none."""
    return and_(*conditions(ledger, wanted, days), ledger.c[subject] != "")


def _grouped(figure: Figure, group: str | None) -> None:
    known = attributes.of_subject(figure)
    if group is not None and group not in known:
        raise wrong(
            "group",
            "not_ranked",
            f"{group} is no field of what {figure.board} ranks. Choose from {', '.join(known)}."
            if known
            else f"Leave out group: {figure.board} have no records to group by.",
            f"{group} 不是 {figure.board} 的字段。请从 {'、'.join(known)} 中选择。"
            if known
            else f"请去掉 group：{figure.board} 没有可分组的字段。",
        )


def _known(board: str) -> Figure:
    if board not in BOARDS:
        raise Problem(
            "not-found",
            (
                f"There is no board {board}: choose {', '.join(BOARDS)}.",
                f"没有看板 {board}：请从 {'、'.join(BOARDS)} 中选择。",
            ),
        )
    return BOARDS[board]


def _ranked(figure: Figure, by: str | None) -> str:
    """The figure that ranks: of what a board has no records, all have 0."""
    board, ranked = figure.board, figure.ranked
    if by is not None and by not in ranked:
        raise wrong(
            "by",
            "not_ranked",
            f"Nothing is recorded of {board} by {by}. Rank them by {', '.join(ranked)}.",
            f"{board} 没有按 {by} 的记录。请按 {'、'.join(ranked)} 排名。",
        )
    return by or ranked[0]


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    answers = Rankings(platform, exports)

    async def ranking(
        request: Request,
        board: Board,
        asked: Annotated[Ranking, Query()],  # type: ignore[valid-type]
    ) -> Response:
        return await answers.ranking(request, board, asked)

    async def why(
        request: Request,
        board: Board,
        asked: Annotated[Why, Query()],  # type: ignore[valid-type]
    ) -> Response:
        return await answers.why_so(request, board, asked)

    route(app, ANY[0], "ranking", PATH, ranking, figure_shapes.page(ANY[0]))
    route(app, ANY[0], "ranking_why", f"{PATH}/why", why, schemas.Why)
