"""Where a member's points lie: one read of its lots and redemptions, of any moment."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from pydantic import Field

from aggregates.loyalty.member import Member
from infra import search
from projections.loyalty.member import record
from services.access.actions import reading
from services.api import freshness, schemas
from services.api.asking_records import Single, unknown
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.records import Id, check_reached
from services.api.timelines import LAST
from services.bootstrap import Platform
from services.point_lots import told

MOST = 20_000
"""Events of one member: some decades of daily purchases."""


class PointLot(schemas.Shape):
    lot: str
    purchase: str
    position: int = Field(description="The event that opened it.")
    earned_at: schemas.Instant
    expires_on: str | None = Field(description="The last day on which it can be spent.")
    points: int
    spent: int
    gone: int = Field(description="What expired or was taken back.")
    left: int


class LotUseShape(schemas.Shape):
    lot: str
    points: int


class PointRedemption(schemas.Shape):
    redemption: str
    position: int
    at: schemas.Instant
    points: int
    reward: str | None
    amount: int | None = Field(description="What it took off a purchase, in minor units.")
    currency: str | None
    reversed: bool
    lots: list[LotUseShape] = Field(description="The lots that it took from.")


class PointLots(schemas.Shape):
    lots: list[PointLot] = Field(
        description="What can be spent first, by what ends first; then what is used up."
    )
    redemptions: list[PointRedemption] = Field(description="The latest first.")


class PointLotsAnswer(schemas.Shape):
    data: PointLots
    freshness: schemas.FreshnessShape


def add(app: FastAPI, platform: Platform) -> None:
    async def point_lots(id: Id, asked: Annotated[Single, Query()]) -> Response:
        """The lots that a member's points lie in, and which of them each redemption took from."""

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, record, id)
            until, stream = freshness.moment(seen), Member.stream(id)
            as_of = seen.as_of.occurred_at
            found = search.back(seen.connection, stream, LAST, until, as_of, MOST)
            if not found:
                raise unknown(record, id)
            return {"data": told((one, platform.log.event(one)) for one in reversed(found))}

        return json_answer(await freshness.read(platform, record, asked, take))

    app.add_api_route(
        "/members/{id}/lots",
        point_lots,
        tags=["records"],
        dependencies=[needs(reading(Member.kind))],
        response_model=PointLotsAnswer,
        responses=schemas.problems(400, 401, 404, 409, 503),
        operation_id="point_lots",
    )
