"""Prices while one negotiates: as they are now, with reasons, stock, and what the customer owes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import Field

from aggregates import Refused
from aggregates.calendar import business_day, day_start
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.lotted import reach
from aggregates.line_pricing import LinePricing
from aggregates.receivables.account import CustomerAccount
from commands import Currency, Day, Id, Load, Text, registers
from commands.fields import MOST_AT_ONCE, Digits
from commands.inventory.lot import choosing
from commands.orders.order import Line
from commands.packs import UNIT
from commands.prices import price_lines
from infra.clock import instant
from projections.customers import customer as customers
from projections.engine import record_by_id
from projections.engine.record import Record
from projections.orders import order as orders
from projections.pricing import quotation as quotations
from services.access.actions import reading
from services.access.permissions import GRANTED, Granted
from services.api import freshness, schemas
from services.api.asking import Fresh, ReadQuery
from services.api.asking_records import unknown
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.problem_kinds import language
from services.api.problems import Problem
from services.api.records import Id as ThingId
from services.api.records import check_reached
from services.bootstrap import Platform
from services.price_reasons import in_words

DOCUMENTS: Sequence[Record[Any]] = (orders.record, quotations.record)
WHY = "How a line came by its price: the lists and rules that were looked at, and what they did."
LineNumber = Annotated[int, Path(ge=1, le=500), Digits]


class PriceQuestion(Fresh):
    customer: Id
    product: Id
    quantity: Annotated[int, Field(ge=1, le=MOST_AT_ONCE), Digits] = 1
    unit: Text | None = UNIT
    currency: Currency | None = Field(None, description="The product's own, unless told.")
    warehouse: Id | None = Field(None, description="Whose stock is told as well.")
    day: Day | None = Field(None, description="As of the beginning of that day: now, unless told.")


class PriceReasons(schemas.Shape):
    """Where neither lists nor rules were there, the price is the product's own."""

    quantity: int = Field(description="How many that is in the product's own unit.")
    unit_price: int
    amount: int
    currency: str
    pricing: LinePricing
    because: list[str] = Field(description="The same in sentences, by Accept-Language.")


class StockNow(schemas.Shape):
    warehouse: str
    on_hand: int
    available: int


class OwedNow(schemas.Shape):
    """What is open of the customer's invoices, in minor units, by currency."""

    open: dict[str, int]
    overdue: dict[str, int]


class LivePrice(PriceReasons):
    stock: StockNow | None = None
    owed: OwedNow | None = Field(None, description="For who may see what customers owe.")


class LivePriceAnswer(schemas.Shape):
    data: LivePrice
    freshness: schemas.FreshnessShape


class LineReasonsAnswer(schemas.Shape):
    data: PriceReasons
    freshness: schemas.FreshnessShape


def add(app: FastAPI, platform: Platform) -> None:
    async def price(request: Request, asked: Annotated[PriceQuestion, Query()]) -> Response:
        """What a customer pays for a product as the log is now, and why; what a warehouse has of
        it, and what the customer owes.
        """
        spoken, granted = language(request.headers.get("accept-language")), GRANTED.get()

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, customers.record, asked.customer)
            return {"data": _live(platform, granted, asked, spoken)}

        fresh = ReadQuery(min_position=asked.min_position, wait=asked.wait)
        return json_answer(await freshness.read(platform, customers.record, fresh, take))

    app.add_api_route(
        "/prices",
        price,
        tags=list[str | Enum](["pricing"]),
        dependencies=[needs(reading("list_price"))],
        response_model=LivePriceAnswer,
        responses=schemas.problems(400, 401, 404, 409, 503),
        operation_id="live_price",
    )
    for record in DOCUMENTS:
        _add_why(app, platform, record)


def _add_why(app: FastAPI, platform: Platform, record: Record[Any]) -> None:
    async def why(
        request: Request, id: ThingId, line: LineNumber, asked: Annotated[Fresh, Query()]
    ) -> Response:
        spoken = language(request.headers.get("accept-language"))

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, record, id)
            found = record_by_id.one(seen.connection, record, id, seen.as_of)
            if found is None or line > len(found["lines"]):
                raise unknown(record, f"{id}, line {line},")
            shown = found["lines"][line - 1]
            return {"data": _reasons(shown, found["currency"], spoken)}

        fresh = ReadQuery(**asked.model_dump())
        return json_answer(await freshness.read(platform, record, fresh, take))

    app.add_api_route(
        f"/{record.name}/{{id}}/lines/{{line}}/why",
        why,
        tags=list[str | Enum](["records"]),
        dependencies=[needs(reading(record.kind.kind))],
        response_model=LineReasonsAnswer,
        summary=WHY,
        description=WHY,
        responses=schemas.problems(400, 401, 404, 409, 503),
        operation_id=f"{record.name}_line_why",
    )


def _live(
    platform: Platform, granted: Granted, asked: PriceQuestion, spoken: str
) -> dict[str, Any]:
    """The answer of the log itself, as a command that was asked now would see it."""
    at = instant(platform.database.clock.now()) if asked.day is None else day_start(asked.day)

    def look(load: Load) -> dict[str, Any]:
        line = Line(item=asked.product, quantity=asked.quantity, unit=asked.unit)
        registers.customer(load, asked.customer)
        (priced,), currency = price_lines(load, (line,), asked.customer, at, asked.currency)
        found = _reasons(msgspec.to_builtins(priced), currency, spoken)
        if asked.warehouse is not None and not granted.reach(reading("stock")).nothing:
            found["stock"] = _stock(load, asked.warehouse, asked.product)
        if not granted.reach(reading("invoice")).nothing:
            found["owed"] = _owed(load, asked.customer, at)
        return found

    try:
        return platform.states.ask(look, actor=granted.actor)
    except Refused as no:
        raise Problem("refused", (str(no), no.zh), refusal=type(no).__name__) from no


def _reasons(line: Mapping[str, Any], currency: str, spoken: str) -> dict[str, Any]:
    own = {"list_price": line["unit_price"], "currency": currency, "lists": ()}
    none = dict.fromkeys(("price_list", "list_version", "price_version", "from_quantity"))
    pricing = msgspec.convert(line["pricing"] or {**own, **none}, LinePricing)
    return {
        "quantity": line["quantity"],
        "unit_price": line["unit_price"],
        "amount": line["amount"],
        "currency": currency,
        "pricing": msgspec.to_builtins(pricing),
        "because": list(in_words(pricing, spoken)),
    }


def _stock(load: Load, warehouse: str, product: str) -> dict[str, Any]:
    state: Stock = load(Stock, Stock.id_of(warehouse, product))
    there = reach(state, choosing(load, load.now)) if state.lots else state.available
    return {"warehouse": warehouse, "on_hand": state.on_hand, "available": there}


def _owed(load: Load, customer: str, at: datetime) -> dict[str, dict[str, int]]:
    state: CustomerAccount = load(CustomerAccount, customer)
    every, overdue, today = dict[str, int](), dict[str, int](), business_day(at)
    for one in state.documents.values():
        every[one.currency] = every.get(one.currency, 0) + one.amount
        if one.due is not None and one.due < today:
            overdue[one.currency] = overdue.get(one.currency, 0) + one.amount
    return {"open": every, "overdue": overdue}
