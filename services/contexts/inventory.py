"""Goods in warehouses, at dealers and on their way."""

from collections.abc import Iterator

from aggregates.inventory.adjustment import StockAdjustment
from aggregates.inventory.counting import CountSettings
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.lot_rules import LotSettings
from aggregates.inventory.movement import StockMovement
from aggregates.inventory.numbers import MovementNumbers
from aggregates.inventory.recount import Recount, RecountAsked
from aggregates.inventory.reservations import ReservationSettings
from aggregates.inventory.stock import Stock, StockFellShort
from aggregates.inventory.stock.returns import ReturnSettings
from aggregates.inventory.warehouse import Warehouse
from aggregates.orders.order import SalesOrder
from commands.inventory import adjustment, blocking, lot, movement, stock, stock_corrections
from projections.inventory import adjustment as adjustment_record
from projections.inventory import (
    blocked_stock,
    dealer_stock,
    lot_moves,
    stock_lots,
    stock_movements,
    transit,
)
from projections.inventory import lot as lot_record
from projections.inventory import movement as movement_record
from projections.inventory import recount as recount_record
from projections.inventory import stock as stock_record
from services.contexts import Context
from services.notices.declared import Notice, NoticedEvent, Recipient, holders


def whom_it_concerns(noticed: NoticedEvent) -> Iterator[Recipient]:
    """Whoever counts, and whose the orders are that go without."""
    yield from holders("command:inventory/count-stock")(noticed)
    for short in noticed.event.orders:
        order: SalesOrder = noticed.load(SalesOrder, short.order)
        if order.drafted is not None:
            yield Recipient("person", order.drafted.rep)


inventory = Context(
    "inventory",
    kinds=(Stock, StockAdjustment, StockMovement, Recount, ProductLot),
    plain=(Warehouse,),
    commands=(stock, stock_corrections, adjustment, movement, lot, blocking),
    records=(
        stock_record.record,
        adjustment_record.record,
        movement_record.record,
        recount_record.record,
        lot_record.record,
    ),
    figures=(
        dealer_stock.figure,
        transit.figure,
        stock_movements.figure,
        stock_lots.figure,
        lot_moves.figure,
        blocked_stock.figure,
    ),
    settings=(ReservationSettings, MovementNumbers, CountSettings, LotSettings, ReturnSettings),
    notices=(
        Notice("recount-asked", (RecountAsked,), holders("command:inventory/count-stock")),
        Notice("stock-short", (StockFellShort,), whom_it_concerns),
    ),
)
