"""Where is it: one read of an order, for everybody who may see the order."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from pydantic import Field

from aggregates.inventory.stock import StockArrivalReversed, StockArrived
from aggregates.mentions import mentioned_as
from aggregates.orders.order import SalesOrder
from aggregates.orders.shipment import Shipment
from aggregates.receivables.invoice import Invoice
from infra import search
from infra.events import Recorded
from projections.engine import mentions
from projections.orders.order import record
from services.access.actions import reading
from services.api import freshness, schemas
from services.api.asking_records import Single, unknown
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.records import Id, check_reached
from services.api.timelines import LAST
from services.bootstrap import MENTIONS, Platform
from services.order_progress import Happened, progress

MOST = 5_000
"""Events of one order; its lines are five hundred at most."""
ARRIVED = {StockArrived.__name__, StockArrivalReversed.__name__}
FOLLOWING = Shipment.kind, Invoice.kind


class LineStep(schemas.Shape):
    step: str
    quantity: int
    at: str
    by: str
    document: str | None


class LineProgress(schemas.Shape):
    line: int
    item: str
    ordered: int
    reserved: int
    picked: int = Field(description="Of it, what stands ready to leave.")
    shipped: int
    arrived: int
    returned: int
    lost: int
    invoiced: int
    steps: list[LineStep]


class OrderStep(schemas.Shape):
    step: str
    at: str
    by: str
    document: str | None = Field(description="The shipment, return or invoice that it is of.")


class OrderProgress(schemas.Shape):
    status: str
    customer: str
    currency: str
    amount: int
    invoiced: int | None = Field(description="An amount, for whoever may read invoices.")
    paid: int | None
    lines: list[LineProgress]
    steps: list[OrderStep]


class OrderProgressAnswer(schemas.Shape):
    data: OrderProgress
    freshness: schemas.FreshnessShape


def add(app: FastAPI, platform: Platform) -> None:
    async def order_progress(id: Id, asked: Annotated[Single, Query()]) -> Response:
        """Where an order is: of each line what is reserved, picked, shipped, has arrived, came
        back and is invoiced, and of the order what is paid and signed; when, and by whom.
        """

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, record, id)
            events = _events(platform, seen, id)
            if not any(one.recorded.kind == SalesOrder.kind for one in events):
                raise unknown(record, id)
            amounts = seen.granted.may(reading(Invoice.kind))
            return {"data": progress(events, amounts=amounts)}

        return json_answer(await freshness.read(platform, MENTIONS, asked, take))

    app.add_api_route(
        "/orders/{id}/progress",
        order_progress,
        tags=["records"],
        dependencies=[needs(reading(SalesOrder.kind))],
        response_model=OrderProgressAnswer,
        responses=schemas.problems(400, 401, 404, 409, 503),
        operation_id="order_progress",
    )


def _events(platform: Platform, seen: ReadContext, id: str) -> list[Happened]:
    """All that happened with the order, its shipments, and the invoices of them; and what a dealer
    has taken in.
    """
    store, as_of, until = platform.store, seen.as_of, freshness.moment(seen)

    def of(stream: str) -> list[Recorded]:
        return search.back(seen.connection, stream, LAST, until, as_of.occurred_at, MOST)

    named = mentioned_as(SalesOrder.kind, id)
    places = mentions.positions(seen.connection, MENTIONS, named, store.log, as_of, LAST, MOST)
    naming = store.at(seen.connection, places)
    others = {one.stream for one in naming if one.kind in FOLLOWING}
    streams = (SalesOrder.stream(id), *sorted(others))
    found = [one for stream in streams for one in of(stream)]
    found += [one for one in naming if one.type in ARRIVED]
    decode = platform.codec.decode
    return [
        Happened(one, decode(one.type, one.schema, one.data))
        for one in sorted(found, key=lambda one: one.position)
    ]
