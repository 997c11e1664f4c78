"""An order and its stock: it is approved with all its goods, or split, or waits for them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from aggregates import ReferenceTaken
from aggregates.inventory.reservations import ReservationSettings
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.lots import Parts
from aggregates.inventory.stock.lotted import came_back
from aggregates.orders.backlog import Backlog, Waiting
from aggregates.orders.lines import by_item
from aggregates.orders.order import (
    NO_TERMS,
    ApprovalTerms,
    OrderDrafted,
    OrderSplit,
    SalesOrder,
    Shortage,
)
from aggregates.receivables.account import CustomerAccount
from commands import Decision, Load
from commands.approvals.asking import must_be_approved
from commands.business import documented, served
from commands.inventory.lot import choosing
from commands.orders.on_contract import divided_on_contract
from commands.receivables.credit import order_entered, over_limit
from commands.settings import in_force

LONGEST = 64
"""Characters of an id."""


def with_settings(terms: ApprovalTerms, load: Load, at: datetime) -> ApprovalTerms:
    """The terms as told; where it is not, goods are held for as long as the settings say."""
    if terms.hold_until is not None:
        return terms
    found, version = in_force(load, ReservationSettings, at)
    if found.days is None:
        return terms
    return terms._replace(hold_until=at + timedelta(days=found.days), settings=version)


def approval(
    id: str,
    load: Load,
    at: datetime,
    approver: str | None,
    content: str | None,
    terms: ApprovalTerms = NO_TERMS,
) -> Iterator[Decision]:
    """Approve an order and reserve all its lines, or record what it is short of."""
    order: SalesOrder = load(SalesOrder, id)
    order.read(content)
    must_be_approved(load, order.needs, order.to_be_approved)
    served(load, order.known().customer)
    if (refused := over_limit(load, id)) is not None:
        yield CustomerAccount.stream(order.known().customer), refused
        return
    by, warehouse = choosing(load, at), order.known().warehouse
    for event in order.approve(approver, content, shortages(id, order, load, at), terms):
        yield SalesOrder.stream(id), event
        for item, quantity in wanted(order).items() if not event.refusal else ():
            place = Stock.id_of(warehouse, item)
            for reserved in load(Stock, place).hold(id, quantity, by):
                yield Stock.stream(place), reserved
    yield from order_entered(load, id)


def approval_of_a_part(
    id: str,
    load: Load,
    at: datetime,
    approver: str | None,
    content: str | None,
    rest: str | None,
    terms: ApprovalTerms,
) -> Iterator[Decision]:
    """Approve what is there; what is not becomes an order that waits for its goods.

    Where all is there, or nothing, it is the approval of the whole.
    """
    order: SalesOrder = load(SalesOrder, id)
    order.read(content)
    must_be_approved(load, order.needs, order.to_be_approved)
    kept = there_is(id, order, load, at)
    if kept and kept != order.open:
        served(load, order.known().customer)
        split = order.split(_named(id, rest, load), kept)
        amount = sum(line.amount for line in split.lines)
        if (refused := over_limit(load, id, amount)) is not None:
            yield CustomerAccount.stream(order.known().customer), refused
            return
        yield SalesOrder.stream(id), split
        yield from _drafts(id, order, split, kept, load)
        yield from approval(id, load, at, approver, None, terms)
        yield from joins(split.rest, approver, terms.wait_until, load, at)
    else:
        yield from approval(id, load, at, approver, content, terms)


def there_is(id: str, order: SalesOrder, load: Load, at: datetime) -> dict[int, int]:
    """How many of each line can be had; what comes first in the order is served first."""
    left = {item: _stock(order, item, load).reach(id, choosing(load, at)) for item in wanted(order)}
    kept = {}
    for line in order.lines:
        if quantity := min(line.quantity, left[line.item]):
            kept[line.line] = quantity
            left[line.item] -= quantity
    return kept


def _named(id: str, rest: str | None, load: Load) -> str:
    """The id of the order that gets the rest."""
    name, count = rest or f"{id}-rest", 2
    while rest is None and load(SalesOrder, name).drafted is not None:
        name, count = f"{id}-rest-{count}", count + 1
    if len(name) > LONGEST or load(SalesOrder, name).drafted is not None:
        raise ReferenceTaken(
            f"The rest cannot be order {name}: that id is too long or taken. Name another in rest.",
            f"剩余部分不能成为订单 {name}：此编号过长或已被使用。请在 rest 中另给编号。",
        )
    return name


def _drafts(
    id: str, order: SalesOrder, split: OrderSplit, kept: Mapping[int, int], load: Load
) -> Iterator[Decision]:
    """The rest is submitted under the approval of the whole, if there is one."""
    whole = order.known()
    approved = order.needs, order.to_be_approved if order.needs else None
    stamp = whole.customer, whole.customer_kind, whole.warehouse, whole.currency
    who = whole.rep, whole.department, whole.region, whole.opportunity
    quoted = whole.quotation, whole.quotation_revision
    more = *quoted, whole.exchange_of, whole.contract
    drafted = OrderDrafted(*stamp, split.left, *who, id, *more)
    yield SalesOrder.stream(split.rest), drafted
    yield from divided_on_contract(load, id, split.rest, kept)
    yield from documented(load, whole.opportunity, order=split.rest)
    for submitted in SalesOrder().evolve(drafted).submit(*approved):
        yield SalesOrder.stream(split.rest), submitted


def joins(
    id: str, approver: str | None, until: datetime | None, load: Load, at: datetime
) -> Iterator[Decision]:
    """Let an order wait for whatever it is short of."""
    order: SalesOrder = load(SalesOrder, id)
    for short in shortages(id, order, load, at):
        place = Backlog.id_of(order.known().warehouse, short.item)
        waiting = Waiting(short.wanted, order.content, approver, until)
        for joined in load(Backlog, place).join(id, waiting):
            yield Backlog.stream(place), joined


def shortages(id: str, order: SalesOrder, load: Load, at: datetime) -> tuple[Shortage, ...]:
    """What its warehouse lacks for the order as it is now; what it holds it does not lack."""
    found, by = [], choosing(load, at)
    needed, warehouse = wanted(order), order.known().warehouse
    load.prefetch(Stock, (Stock.id_of(warehouse, item) for item in needed))
    for item, quantity in needed.items():
        stock: Stock = load(Stock, Stock.id_of(warehouse, item))
        there = stock.reach(id, by)
        if there < quantity:
            found.append(Shortage(item, quantity, there))
    return tuple(found)


def held(id: str, order: SalesOrder, load: Load) -> dict[str, int]:
    """What is set aside for the order of each of its items."""
    every = {item: _stock(order, item, load).orders.get(id, 0) for item in wanted(order)}
    return {item: quantity for item, quantity in every.items() if quantity}


def lets_go(id: str, before: SalesOrder, load: Load) -> Iterator[Decision]:
    """Let go what was held for the order as it was before, and what it now may not hold."""
    order: SalesOrder = load(SalesOrder, id)
    where = order.known().warehouse
    for item, quantity in held(id, before, load).items():
        place = Stock.id_of(where, item)
        due, stock = min(quantity, order.due(where, item)), load(Stock, place)
        for released in stock.hold(id, due, choosing(load, load.now)):
            yield Stock.stream(place), released


def lots_back(load: Load, id: str, stock: str, item: str, quantity: int) -> Parts:
    """The lots that come back of an order, as they were shipped, after what came back before."""
    if not load(Stock, stock).lots:
        return ()
    order: SalesOrder = load(SalesOrder, id)
    names = (f"lots shipped:{id}:{shipment}" for shipment in order.shipments)
    moved = [load.event(Stock, stock, name) for name in names]
    went = tuple(part for event in moved if event is not None for part in event.lots)
    returns = (line for lines in order.returns.values() for line in lines)
    back = sum(line.quantity for line in returns if line.item == item)
    return came_back(went, back - quantity, quantity)


def wanted(order: SalesOrder) -> dict[str, int]:
    return by_item((line.item, line.quantity) for line in order.lines)


def _stock(order: SalesOrder, item: str, load: Load) -> Stock:
    found: Stock = load(Stock, Stock.id_of(order.known().warehouse, item))
    return found
