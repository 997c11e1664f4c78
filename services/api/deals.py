"""Deals over time: opened, won and lost by period, what became of a cohort, and what is open."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response

from projections.opportunities import cohorts, deals, open_deals, series
from services.access.actions import reading_figure
from services.api import asking, schemas, schemas_deals
from services.api.accepts import EXPORTED
from services.api.answers import Answers, first
from services.api.asking import ReadQuery
from services.api.asking_deals import Cohorts, CohortWhy, Open, OpenWhy, Series, SeriesWhy
from services.api.exports import Exports
from services.api.figures import GOES_WRONG
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.pipelines import Pipelines
from services.bootstrap import Platform
from services.exports.columns import of_shape
from services.exports.export import WHOLE


class DealsOverTime(Answers):
    """Reads the deals, step by step; one method an address."""

    async def series(self, request: Request, asked: Annotated[Series, Query()]) -> Response:
        """Deals opened, won and lost per day, week, month, quarter or year, by business days.

        `win_rate_bp` is of those decided in the period. The time to win is from the opening, of
        those won in the period. What was won or lost counts by its stage of decision.
        """
        by = tuple(dict.fromkeys(asked.by))

        def take(seen: ReadContext, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            what: dict[str, Any] = {"every": asked.every, "by": by, "after": after, "limit": limit}
            return series.read(seen.connection, **_which(asked, seen), **what)

        columns = of_shape(schemas_deals.SeriesRow, by)
        return await self.keyed(request, deals.view, asked, series.key(by), take, columns, WHOLE)

    async def series_why(self, request: Request, asked: Annotated[SeriesWhy, Query()]) -> Response:
        """The events behind a figure of the series; their changes sum to it."""
        return await self.why(request, deals.view, asked, asked.filters())

    async def cohorts(self, request: Request, asked: Annotated[Cohorts, Query()]) -> Response:
        """What became, up to now or `as_of`, of the deals that were opened in a period.

        Filters and dimensions are those of the opening. `conversion_bp` is of all that were
        opened; `reached` tells, stage by stage, how many ever stood in it.
        """
        by = tuple(dict.fromkeys(asked.by))

        def take(seen: ReadContext, after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
            what: dict[str, Any] = {"every": asked.every, "by": by, "after": after, "limit": limit}
            stages = Pipelines(self.platform, seen.connection).stages
            return cohorts.read(seen.connection, stages=stages, **_which(asked, seen), **what)

        columns = of_shape(schemas_deals.CohortRow, by)
        return await self.keyed(request, deals.view, asked, series.key(by), take, columns, WHOLE)

    async def cohorts_why(self, request: Request, asked: Annotated[CohortWhy, Query()]) -> Response:
        """All steps of the deals that were opened in a period; their changes sum to its figures."""
        filters, days = asked.filters(), asked.days()

        def within(seen: ReadContext) -> Any:
            return cohorts.within(filters, days, seen.as_of)

        return await self.why(request, deals.view, asked, filters, within)

    async def open(self, request: Request, asked: Annotated[Open, Query()]) -> Response:
        """The deals that are open, the oldest first, and how old they are by stage.

        Each is where its last step led; its stream tells the steps. `stages` is of all of them,
        whatever the page.
        """

        def read(seen: ReadContext, after: Sequence[Any], limit: int) -> open_deals.Open:
            return open_deals.read(
                seen.connection,
                today=seen.today,
                filters=asked.filters(),
                as_of=seen.as_of,
                after=after,
                limit=limit,
                stages=Pipelines(self.platform, seen.connection).stages,
            )

        if wanted := self.exports.wanted(request, asked):
            columns = of_shape(schemas_deals.OpenDeal)
            return await self.file(
                request,
                wanted,
                deals.view,
                asked,
                columns,
                lambda s: iter([read(s, (), WHOLE).deals]),
            )
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (str, str))

        def take(seen: ReadContext) -> dict[str, Any]:
            found = read(seen, () if cursor is None else cursor.after, asked.limit + 1)
            shown = first(request, found.deals, asked.limit, imprint, ("opened_at", "stream"))
            return {**shown, "stages": found.stages}

        return await self.read(deals.view, asked, take)

    async def open_why(self, request: Request, asked: Annotated[OpenWhy, Query()]) -> Response:
        """All steps of the open deals; `opened_amount` and `revalued` sum to their amount."""
        filters = asked.filters()

        def within(seen: ReadContext) -> Any:
            return open_deals.within(filters, seen.as_of)

        return await self.why(request, deals.view, asked, filters, within)


def _which(asked: ReadQuery, seen: ReadContext) -> dict[str, Any]:
    return {"filters": asked.filters(), "days": asked.days(), "as_of": seen.as_of}


def add(app: FastAPI, platform: Platform, exports: Exports) -> None:
    over_time = DealsOverTime(platform, exports)
    routes: tuple[tuple[str, Any, Any], ...] = (
        ("/funnel/series", over_time.series, schemas_deals.SeriesPage),
        ("/funnel/series/why", over_time.series_why, schemas.Why),
        ("/funnel/cohorts", over_time.cohorts, schemas_deals.CohortsPage),
        ("/funnel/cohorts/why", over_time.cohorts_why, schemas.Why),
        ("/funnel/open", over_time.open, schemas_deals.OpenPage),
        ("/funnel/open/why", over_time.open_why, schemas.Why),
    )
    for path, endpoint, shape in routes:
        said = {**GOES_WRONG, **EXPORTED}
        rights = [needs(reading_figure(deals.view), whole=True)]
        app.add_api_route(
            path,
            endpoint,
            tags=["figures"],
            dependencies=rights,
            response_model=shape,
            responses=said,
        )
