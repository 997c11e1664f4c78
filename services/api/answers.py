"""How figures are answered: of one moment, page by page, and with the events behind them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from infra.events import Recorded
from projections.engine import View
from projections.engine import why as reasons
from projections.engine.attributes import Attribute
from projections.engine.reading import ALL_DAYS, Filters
from projections.engine.record import Record
from projections.engine.why import Within
from services import filter_values
from services.access import masks
from services.access.permissions import GRANTED
from services.api import asking, freshness, schemas
from services.api.asking import Cursor, ReadQuery, WhyQuery
from services.api.attributes import records, seen_as
from services.api.comparisons import trees_asked
from services.api.expanding import NONE, Pages, expanded
from services.api.exports import Exports, paged
from services.api.freshness import ReadContext, moment
from services.api.json_answer import json_answer
from services.api.pipelines import Pipelines
from services.api.problems import wrong
from services.api.reasons import reason
from services.bootstrap import Platform
from services.exports.columns import Column
from services.exports.described import of_reasons
from services.exports.export import ExportRequest

Rows = Callable[[ReadContext, Sequence[Any], int], list[dict[str, Any]]]
"""Reads rows of one moment: those after a place, so many."""


class Answers:
    """What every address of figures needs."""

    def __init__(self, platform: Platform, exports: Exports) -> None:
        self.platform, self.exports = platform, exports

    async def why(
        self,
        request: Request,
        view: View,
        asked: WhyQuery,
        filters: Callable[[ReadContext], Filters],
        within: Callable[[ReadContext], Within | None] = lambda _: None,
        named: Sequence[Attribute] = (),
        beside: Sequence[Record[Any]] = (),
    ) -> Response:
        """The rows behind a figure; those `within` alone, where it is of more than filters."""

        def question(seen: ReadContext) -> reasons.Question:
            mine, sight = filters(seen), seen_as(named, seen)
            asks = reasons.Question(mine, seen.as_of, asked.days(), asked.measure, None, sight)
            if (those := within(seen)) is None:
                return asks
            return asks._replace(filters={}, days=ALL_DAYS, within=those)

        if wanted := self.exports.wanted(request, asked):

            def pages(seen: ReadContext) -> Iterator[Sequence[dict[str, Any]]]:
                asks = question(seen)

                def read(after: Sequence[Any], limit: int) -> list[dict[str, Any]]:
                    place = (after[0], after[1]) if after else None
                    found = reasons.behind(seen.connection, view, asks, place, limit)
                    return self._reasons(seen, view, found)

                return paged(read, ("position", "line"))

            columns = of_reasons(schemas.Reason, view)
            what = request, wanted, view, asked, columns, pages
            return await self.file(*what, named=named, beside=beside)
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, int))

        def take(seen: ReadContext) -> dict[str, Any]:
            after = None if cursor is None else tuple(cursor.after)
            shown: dict[str, Any] = {"after": after, "limit": asked.limit}
            figure, found, more = reasons.answer(seen.connection, view, question(seen), **shown)
            rows = self._reasons(seen, view, found)
            next_page = None
            if more:
                place = rows[-1]["position"], rows[-1]["line"]
                next_page = Cursor(imprint, place, 0, moment(seen))
            return {"figure": figure, **page(request, rows, next_page, "rows")}

        pinned = None if cursor is None else cursor.position
        return await self.read(view, asked, take, pinned, named=named, beside=beside)

    async def read(
        self,
        view: View,
        asked: ReadQuery,
        take: Callable[[ReadContext], dict[str, Any]],
        pinned: int | None = None,
        more: Mapping[str, str] = NONE,
        named: Sequence[Attribute] = (),
        beside: Sequence[Record[Any]] = (),
    ) -> Response:
        """What `take` answers, unless a filter names what cannot be."""

        def checked(seen: ReadContext) -> dict[str, Any]:
            self._check(view, asked, seen)
            content = masks.figures(seen.granted, view, take(seen))
            return expanded(seen, asked, content, more)

        others = [*beside, *records(named), *trees_asked(asked)]
        return as_json(await freshness.read(self.platform, view, asked, checked, pinned, others))

    async def file(
        self,
        request: Request,
        wanted: ExportRequest,
        view: View,
        asked: ReadQuery,
        columns: Sequence[Column],
        pages: Pages,
        more: Mapping[str, str] = NONE,
        named: Sequence[Attribute] = (),
        beside: Sequence[Record[Any]] = (),
    ) -> Response:
        """All rows, unless a filter names what cannot be."""

        def checked(seen: ReadContext) -> Iterator[Sequence[dict[str, Any]]]:
            self._check(view, asked, seen)
            return pages(seen)

        hidden = masks.of_figure(GRANTED.get(), view)
        shown = [one for one in columns if one.name.rpartition(".")[2] not in hidden]
        what = request, wanted, view, asked, shown, checked, more
        others = [*beside, *records(named), *trees_asked(asked)]
        return await self.exports.answer(*what, beside=others)

    def _check(self, view: View, asked: ReadQuery, seen: ReadContext) -> None:
        for name in ("by", "measure"):
            said = getattr(asked, name, None)
            if isinstance(said, str) and said in masks.of_figure(seen.granted, view):
                raise wrong(
                    name,
                    "unknown_field",
                    f"There is no {said} that you may see. Choose another figure.",
                    f"没有您可以查看的 {said}。请选择其他指标。",
                )
        filters = asked.filters()
        filter_values.check(filters, filter_values.FIXED)
        Pipelines(self.platform, seen.connection).check(filters)

    def _reasons(
        self, seen: ReadContext, view: View, found: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        events = self._events(seen, [row["position"] for row in found])
        return [reason(view, row, events.get(row["position"])) for row in found]

    def _events(self, seen: ReadContext, positions: Sequence[int]) -> dict[int, Recorded]:
        events = self.platform.store.at(seen.connection, sorted(set(positions)))
        return {event.position: event for event in events}


def page(
    request: Request, data: list[dict[str, Any]], cursor: Cursor | None, name: str = "data"
) -> dict[str, Any]:
    text = None if cursor is None else asking.write_cursor(cursor)
    return {
        name: data,
        "cursor": text,
        "next": None if text is None else link(request, "cursor", text),
    }


def first(
    request: Request, rows: Sequence[dict[str, Any]], limit: int, imprint: str, key: Sequence[str]
) -> dict[str, Any]:
    """A page of rows of which one more was read, to see whether others follow."""
    data, more = list(rows[:limit]), len(rows) > limit
    at = Cursor(imprint, tuple(data[-1][name] for name in key)) if more else None
    return page(request, data, at)


def link(request: Request, name: str, place: object) -> str:
    """The address of the next page: the same question, from a place on."""
    kept = [one for one in request.query_params.multi_items() if one[0] != name]
    return f"{request.url.path}?{urlencode([*kept, (name, place)])}"


def as_json(content: dict[str, Any]) -> Response:
    links = {"Link": f'<{content["next"]}>; rel="next"'} if content["next"] else {}
    return json_answer(content, headers=links)
