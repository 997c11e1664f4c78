"""How figures are answered: of one moment, page by page, and with the events behind them."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response

from infra.events import Recorded
from projections.engine import View
from projections.engine import why as reasons
from projections.engine.reading import ALL_DAYS
from projections.engine.why import Within
from services import known
from services.api import asking, freshness
from services.api.asking import Asked, Cursor, Why
from services.api.freshness import Seen
from services.api.pipelines import Pipelines
from services.api.reasons import reason
from services.bootstrap import Platform


class Answers:
    """What every address of figures needs."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def keyed(
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
                return page(request, data, None)
            return page(request, data, Cursor(imprint, tuple(data[-1][n] for n in key)))

        return await self.read(view, asked, take)

    async def why(
        self,
        request: Request,
        view: View,
        asked: Why,
        filters: dict[str, Any],
        within: Callable[[Seen], Within] | None = None,
    ) -> Response:
        """The rows behind a figure; those `within` alone, where it is of more than filters."""
        imprint = asked.imprint(request.url.path)
        cursor = asking.read_cursor(asked.cursor, imprint, (int, int))

        def take(seen: Seen) -> dict[str, Any]:
            question = reasons.Question(filters, seen.as_of, asked.days(), asked.measure)
            if within is not None:
                question = question._replace(filters={}, days=ALL_DAYS, within=within(seen))
            after = None if cursor is None else tuple(cursor.after)
            shown: dict[str, Any] = {"after": after, "limit": asked.limit}
            figure, found, more = reasons.answer(seen.connection, view, question, **shown)
            events = self._events(seen, [row["position"] for row in found])
            rows = [reason(view, row, events.get(row["position"])) for row in found]
            next_page = None
            if more:
                place = rows[-1]["position"], rows[-1]["line"]
                next_page = Cursor(imprint, place, 0, moment(seen))
            return {"figure": figure, **page(request, rows, next_page, "rows")}

        pinned = None if cursor is None else cursor.position
        return await self.read(view, asked, take, pinned)

    async def read(
        self,
        view: View,
        asked: Asked,
        take: Callable[[Seen], dict[str, Any]],
        pinned: int | None = None,
    ) -> Response:
        """What `take` answers, unless a filter names what cannot be."""
        filters = asked.filters()

        def checked(seen: Seen) -> dict[str, Any]:
            known.check(filters, known.FIXED)
            Pipelines(self.platform, seen.connection).check(filters)
            return take(seen)

        return as_json(await freshness.read(self.platform, view, asked, checked, pinned))

    def _events(self, seen: Seen, positions: Sequence[int]) -> dict[int, Recorded]:
        events = self.platform.store.at(seen.connection, sorted(set(positions)))
        return {event.position: event for event in events}


def moment(seen: Seen) -> int:
    """The position that later pages are read as of."""
    position = seen.as_of.position
    return seen.freshness.position if position is None else position


def page(
    request: Request, data: list[dict[str, Any]], cursor: Cursor | None, name: str = "data"
) -> dict[str, Any]:
    text = None if cursor is None else asking.write_cursor(cursor)
    return {name: data, "cursor": text, "next": None if text is None else _link(request, text)}


def _link(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def as_json(content: dict[str, Any]) -> Response:
    links = {"Link": f'<{content["next"]}>; rel="next"'} if content["next"] else {}
    return Response(msgspec.json.encode(content), headers=links, media_type="application/json")
