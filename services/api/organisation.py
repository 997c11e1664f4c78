"""The structure of the company on any day: departments, who headed them, and who worked there."""

from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from pydantic import Field

from aggregates.calendar import business_day
from aggregates.conditions import Condition
from aggregates.organisation.department import Department
from aggregates.organisation.position import Position
from aggregates.organisation.rep import Rep
from infra.clock import EPOCH
from projections.engine.record import Record
from projections.organisation.structure import ahead, every, structure
from services.access import masks
from services.access.actions import reading
from services.api import freshness, schemas
from services.api.asking import Moment, ReadQuery
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.records import GOES_WRONG
from services.bootstrap import RECORDS, Platform

BY_KIND = {record.kind: record for record in RECORDS}
STILL_HERE = Condition("left", "empty", ["true"])
IN_USE = Condition("closed", "empty", ["true"])


class StructureAsked(ReadQuery):
    on: Moment | None = Field(
        None,
        description="The day; with `known_at` the same day, as it was known then.",
        examples=["2026-03-01"],
    )


class StaffShape(schemas.Shape):
    id: str
    name: str | None = Field(None, description="Left out for whom persons are hidden.")
    title: str | None
    main_position: str | None
    positions: list[str]


class PlaceShape(schemas.Shape):
    id: str
    name: str
    reports_to: str | None
    heads: bool
    filled_by: str | None = Field(description="Who fills it; null while it is vacant.")


class DepartmentShape(schemas.Shape):
    id: str
    name: str | None
    parent: str | None
    level: int = Field(description="How many departments lie above it.")
    headed_by: list[str]
    people: list[StaffShape]
    positions: list[PlaceShape]


class StructureShape(schemas.Shape):
    data: list[DepartmentShape] = Field(description="Those below a department come after it.")
    vacant: list[str] = Field(description="The positions that nobody filled.")
    freshness: schemas.FreshnessShape


class Structure:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def read(self, asked: Annotated[StructureAsked, Query()]) -> Response:
        """Who headed and who worked in each department on a day, and which positions were vacant.

        People count in the department that they work in, and in those of all their positions. A
        day to come is shown as it will be if all that is planned begins.
        """
        if asked.on is not None:
            asked = asked.model_copy(update={"as_of": asked.on})
        others = BY_KIND[Department], BY_KIND[Position]
        day = business_day(asked.on) if isinstance(asked.on, datetime) else None
        read = partial(_read, day=day)
        content = await freshness.read(self.platform, BY_KIND[Rep], asked, read, beside=others)
        return json_answer(content)


def _read(seen: ReadContext, *, day: date | None) -> dict[str, Any]:
    departments = _rows(seen, BY_KIND[Department])
    positions = _rows(seen, BY_KIND[Position], IN_USE)
    people = _rows(seen, masks.record(seen.granted, BY_KIND[Rep]), STILL_HERE)
    if day is not None and day > EPOCH.date() + timedelta(days=seen.today):
        people = ahead(people, positions, day.isoformat())
    found = structure(departments, positions, people)
    vacant = [one["id"] for each in found for one in each["positions"] if one["filled_by"] is None]
    return {"data": found, "vacant": sorted(vacant)}


def _rows(seen: ReadContext, record: Record[Any], *wanted: Condition) -> list[dict[str, Any]]:
    scope = seen.granted.scope(seen.connection, record)
    return every(seen.connection, record, scope, seen.as_of, *wanted)


def add(app: FastAPI, platform: Platform) -> None:
    app.add_api_route(
        "/organisation",
        Structure(platform).read,
        tags=list[str | Enum](["organisation"]),
        dependencies=[needs(reading(kind.kind)) for kind in (Rep, Department, Position)],
        response_model=StructureShape,
        summary="The structure of a day.",
        responses=GOES_WRONG,
    )
