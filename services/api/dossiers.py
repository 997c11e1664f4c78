"""A dossier: one thing with all that hangs on it, from records and figures, at one position.

Whoever asks sees of each part what he would see in its own list: a part that he may not read at
all is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from pydantic import Field, create_model

from aggregates.conditions import Condition
from commands.fields import Digits
from projections.engine import Projection, record_by_id, record_query
from projections.engine.figure import Figure, FigureQuery
from projections.engine.reading import ALL_DAYS
from projections.engine.record import Record
from projections.engine.record_order import Sort, ordered
from projections.engine.record_query import RecordQuery
from services import context_of
from services.access import masks, request_notes
from services.access.actions import reading, reading_figure
from services.api import freshness, schemas
from services.api.asking import PeriodQuery
from services.api.asking_records import unknown
from services.api.expanding import NAMES, NONE, Names, named, names_of
from services.api.figures import records_of
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.record_questions import not_hidden
from services.api.records import GOES_WRONG, Id, check_reached, shapes
from services.bootstrap import Platform

MOST = 500
"""Rows of a figure."""


class DossierAsked(PeriodQuery):
    """Figures of some days alone, where `first` and `last` say so."""

    limit: Annotated[int, Field(ge=1, le=100), Digits] = Field(
        10, description="So many things of each list, the latest first."
    )


@dataclass(frozen=True)
class DossierList:
    """The things of a record that name this one in a field."""

    record: Record[Any]
    field: str
    sort: str
    """The latest first, or by name."""

    @property
    def read(self) -> Projection:
        return self.record

    @property
    def beside(self) -> Sequence[Record[Any]]:
        return ()

    @property
    def action(self) -> str:
        return reading(self.record.kind.kind)

    @property
    def names(self) -> Mapping[str, str]:
        return names_of(self.record)

    @cached_property
    def shape(self) -> Any:
        row = shapes(self.record)[1].model_fields["data"].annotation
        name = f"{self.record.name.title()}Part"
        return create_model(
            name,
            __base__=schemas.Shape,
            count=(int, Field(description="All that there are.")),
            rows=(list[row], ...),  # type: ignore[valid-type]
        )

    def of(self, seen: ReadContext, ids: Sequence[str], asked: DossierAsked) -> Any:
        record = masks.record(seen.granted, self.record)
        conditions = [Condition(self.field, "", [*ids]), *not_hidden(record, ())]
        sort = ordered([Sort(self.sort.removeprefix("-"), self.sort.startswith("-"))])
        scope = seen.granted.scope(seen.connection, self.record)
        wanted = RecordQuery(scope, conditions, sort=sort, limit=asked.limit)
        what = seen.connection, record, wanted, seen.states
        rows, more = record_query.page(*what)
        request_notes.rows(record, rows)
        return {"count": record_query.counted(*what, None, (rows, more)), "rows": rows}


@dataclass(frozen=True)
class DossierFigure:
    """The rows of a figure that are of this thing by a dimension, with some of its measures."""

    figure: Figure
    dimension: str
    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def read(self) -> Projection:
        return self.figure.view

    @property
    def beside(self) -> Sequence[Record[Any]]:
        return [*records_of(self.figure).values()]

    @property
    def action(self) -> str:
        return reading_figure(self.figure.view)

    @property
    def names(self) -> Mapping[str, str]:
        return NONE

    @property
    def shape(self) -> Any:
        return list[dict[str, Any]]

    def of(self, seen: ReadContext, ids: Sequence[str], asked: DossierAsked) -> Any:
        view = self.figure.view
        filters = seen.granted.figures(seen.connection, view, {self.dimension: [*ids]})
        days = asked.days() if self.figure.days else ALL_DAYS
        query = FigureQuery(
            seen.connection,
            seen.states,
            seen.today,
            filters,
            days,
            by=self.by,
            records=records_of(self.figure),
            states=seen.states,
            limit=MOST,
        )
        rows = self.figure.rows(query).rows
        if self.measures:
            rows = [{name: row[name] for name in (*self.by, *self.measures)} for row in rows]
        return masks.figures(seen.granted, view, {"data": rows})["data"]


@dataclass(frozen=True)
class Dossier:
    """`record` has the thing itself; what hangs on it is in `parts`.

    What hangs on things whose field `same_by` names this one hangs on it as well.
    """

    name: str
    path: str
    about: str
    record: Record[Any]
    parts: Mapping[str, DossierList | DossierFigure]
    same_by: str | None = None

    @cached_property
    def shape(self) -> Any:
        parts: dict[str, Any] = {name: (one.shape | None, None) for name, one in self.parts.items()}
        row: Any = shapes(self.record)[1].model_fields["data"].annotation
        return create_model(
            self.name.title().replace("_", ""),
            __base__=schemas.Shape,
            data=(row, ...),
            freshness=(schemas.FreshnessShape, ...),
            names=(dict[str, dict[str, str]] | None, None),
            **parts,
        )


def _same(seen: ReadContext, record: Record[Any], field: str | None, id: str) -> list[str]:
    """The thing, and all that were found to be the same, as far as they may be seen."""
    found, fresh = [id], [id]
    scope = seen.granted.scope(seen.connection, record)
    while field is not None and fresh:
        wanted = RecordQuery(scope, [Condition(field, "", fresh)], limit=MOST)
        rows, _ = record_query.page(seen.connection, record, wanted, seen.states)
        fresh = [row["id"] for row in rows if row["id"] not in found]
        found += fresh
    return found


class DossierRoute:
    def __init__(self, platform: Platform, dossier: Dossier) -> None:
        self.platform, self.dossier = platform, dossier

    async def read(self, id: Id, asked: Annotated[DossierAsked, Query()]) -> Response:
        record = self.dossier.record

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, record, id)
            shown = masks.record(seen.granted, record)
            found = record_by_id.one(seen.connection, shown, id, seen.states)
            if found is None:
                raise unknown(record, id)
            request_notes.rows(shown, [found])
            same = _same(seen, record, self.dossier.same_by, id)
            content = {"data": found, **dict(self._parts(seen, same, asked))}
            if asked.expand is not None:
                content["names"] = self._names(seen, content)
            return content

        parts = self.dossier.parts.values()
        every = (one for part in parts for one in (part.read, *part.beside))
        beside = list(dict.fromkeys(every))
        content = await freshness.read(self.platform, record, asked, take, beside=beside)
        return json_answer(content)

    def _parts(
        self, seen: ReadContext, ids: Sequence[str], asked: DossierAsked
    ) -> Iterator[tuple[str, Any]]:
        for name, part in self.dossier.parts.items():
            if not seen.granted.reach(part.action).nothing:
                yield name, part.of(seen, ids, asked)

    def _names(self, seen: ReadContext, content: dict[str, Any]) -> Names:
        """What all ids are called that stand in the thing and in its parts."""
        parts = self.dossier.parts
        kinds = {**NAMES, **names_of(self.dossier.record)}
        for part in parts.values():
            kinds |= part.names
        found = (content[name] for name in parts if name in content)
        each = (one["rows"] if isinstance(one, dict) else one for one in found)
        return named(seen, [content["data"], *chain.from_iterable(each)], kinds)


def add(app: FastAPI, platform: Platform, dossier: Dossier) -> None:
    app.add_api_route(
        dossier.path,
        DossierRoute(platform, dossier).read,
        tags=[context_of.of_kind(dossier.record.kind.kind)],
        dependencies=[needs(reading(dossier.record.kind.kind))],
        response_model=dossier.shape,
        summary=dossier.about,
        description=dossier.about,
        operation_id=dossier.name,
        responses={**GOES_WRONG, **schemas.problems(404)},
    )
