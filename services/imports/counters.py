"""What takes back a row of an import: one counter-command for the event that tells of it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.catalog.product import ProductAdded, ProductDiscontinued, ProductRepriced
from aggregates.customers.customer import ContactAdded, CustomerFrozen, CustomerRegistered
from aggregates.inventory.lot import LotQuarantined, ProductLot
from aggregates.inventory.movement import MovementPosted
from aggregates.inventory.stock import Stock, StockArrived, StockDispatched
from aggregates.inventory.stock.events import (
    Document,
    StockAdjusted,
    StockCounted,
    StockIssued,
    StockReceived,
    StockSold,
)
from aggregates.loyalty.member import MemberEnrolled, PointsEarned, PointsRedeemed
from aggregates.orders.order import OrderDrafted
from aggregates.organisation.rep import RepHired, RepLeft
from aggregates.plain import Plain
from commands import Command
from commands.catalog.product import RepriceProduct, ResumeProduct, WithdrawProduct
from commands.customers.customer import RemoveContact, UnfreezeCustomer, WithdrawCustomer
from commands.inventory.lot import ReleaseLot
from commands.inventory.movement import CancelMovement
from commands.inventory.stock_corrections import CancelTransfer, ReverseArrival, ReverseMovement
from commands.loyalty.member import ReverseRedemption, WithdrawMember
from commands.loyalty.purchase import ReturnPurchase, ReverseEarning
from commands.orders.order import CancelOrder
from commands.organisation.rep import ReturnRep, WithdrawRep
from commands.plain import verbs
from services.bootstrap import CONTEXTS

REASON = "the import was undone"
Made = Callable[[str, Any], Command]


class Counter(NamedTuple):
    """The event that tells that a row was done, and what takes it back."""

    event: type[Event]
    made: Made


def _reversed(document: Document) -> Made:
    def made(stream: str, event: Any) -> Command:
        location, item = Stock.parts(stream)
        name = event.sale if isinstance(event, StockSold) else event.reference
        where = {"location": location, "item": item}
        return ReverseMovement(**where, document=document, reference=name, reason=REASON)

    return made


def _called_back(stream: str, event: Any) -> Command:
    _, item = Stock.parts(stream)
    what = {"location": event.to_location, "item": item, "transfer": event.transfer}
    return CancelTransfer(**what, reason=REASON)


def _lot_released(stream: str) -> Command:
    item, lot = ProductLot.parts(stream)
    return ReleaseLot(item=item, lot=lot, reason=REASON)  # type: ignore[call-arg]


def _on_its_way_again(stream: str, event: StockArrived) -> Command:
    location, item = Stock.parts(stream)
    what = {"location": location, "item": item, "transfer": event.transfer}
    receipt = None if event.receipt == event.transfer else event.receipt
    return ReverseArrival(**what, receipt=receipt, reason=REASON)


def _purchase(event: PointsEarned) -> dict[str, Any]:
    which = {"dealer": event.dealer, "day": event.day, "till": event.till}
    return {"purchase": event.purchase, "reason": REASON, **which}


def _id(stream: str) -> str:
    return stream.partition("-")[2]


def _withdrawn(event: type[Event], command: type[Command]) -> Counter:
    return Counter(event, lambda stream, _: command(id=_id(stream), reason=REASON))  # type: ignore[call-arg]


def _plain(kind: type[Plain[Any]]) -> Counter:
    return _withdrawn(kind.events.registered, verbs(kind).withdraw)


PLAIN = {verbs(kind).register.slug(): _plain(kind) for each in CONTEXTS for kind in each.plain}
COUNTERS: Mapping[str, Counter] = {
    **PLAIN,
    "register-customer": _withdrawn(CustomerRegistered, WithdrawCustomer),
    "add-product": _withdrawn(ProductAdded, WithdrawProduct),
    "enrol-member": _withdrawn(MemberEnrolled, WithdrawMember),
    "hire-rep": _withdrawn(RepHired, WithdrawRep),
    "receive-stock": Counter(StockReceived, _reversed("received")),
    "issue-stock": Counter(StockIssued, _reversed("issued")),
    "adjust-stock": Counter(StockAdjusted, _reversed("adjusted")),
    "count-stock": Counter(StockCounted, _reversed("counted")),
    "sell-out": Counter(StockSold, _reversed("sold")),
    "receive-transfer": Counter(StockArrived, _on_its_way_again),
    "transfer-stock": Counter(StockDispatched, _called_back),
    "post-movement": Counter(MovementPosted, lambda s, _: CancelMovement(id=_id(s), reason=REASON)),
    "quarantine-lot": Counter(LotQuarantined, lambda s, _: _lot_released(s)),
    "earn-points": Counter(
        PointsEarned, lambda stream, event: ReverseEarning(id=_id(stream), **_purchase(event))
    ),
    "record-purchase": Counter(
        PointsEarned,
        lambda stream, event: ReturnPurchase(
            id=_id(stream), return_id="import-undone", **_purchase(event)
        ),
    ),
    "redeem-points": Counter(
        PointsRedeemed,
        lambda stream, event: ReverseRedemption(id=_id(stream), redemption=event.redemption),
    ),
    "freeze-customer": Counter(CustomerFrozen, lambda s, _: UnfreezeCustomer(id=_id(s))),
    "add-contact": Counter(
        ContactAdded, lambda stream, event: RemoveContact(id=_id(stream), contact=event.contact)
    ),
    "reprice-product": Counter(
        ProductRepriced,
        lambda stream, event: RepriceProduct(
            id=_id(stream), list_price=event.from_price, cost=event.from_cost
        ),
    ),
    "discontinue-product": Counter(ProductDiscontinued, lambda s, _: ResumeProduct(id=_id(s))),
    "draft-order": Counter(OrderDrafted, lambda s, _: CancelOrder(id=_id(s), reason=REASON)),
    "dismiss-rep": Counter(RepLeft, lambda stream, _: ReturnRep(id=_id(stream))),
}
"""By the command that was imported; what is not here stands for ever."""
