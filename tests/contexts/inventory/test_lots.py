"""Lots: what expires first goes first, what is held back stays, and a transfer keeps them."""

from datetime import date, datetime, timedelta

from scenario import NOON, World

from aggregates import ReferenceTaken
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.refusals import (
    CountedTooFew,
    LotCountedSince,
    NotEnoughOfLot,
    Withheld,
)
from aggregates.operations.register import TooAlike
from commands.catalog.product import AddProduct
from commands.inventory.lot import CorrectLotExpiry, QuarantineLot, ReleaseLot
from commands.inventory.movement import CancelMovement, MovementLine, PostMovement
from commands.inventory.stock import (
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    TransferStock,
)
from commands.inventory.stock_corrections import CancelTransfer, ReverseMovement
from commands.orders.order import (
    ApproveOrder,
    DraftOrder,
    Line,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.orders.order import LinePart as Part
from commands.organisation.rep import HireRep

HERE = {"location": "W", "item": "I"}
WAY = {"from_location": "W", "to_location": "V", "item": "I"}
SOON, LATE, GONE = date(2026, 3, 9), date(2026, 6, 1), date(2026, 3, 1)


def house() -> World:
    """Ten of a lot that expires late, ten of one that does soon, five of one that has expired."""
    shop = CustomerRegistered("Shop", "retailer", "R-1", "east", "east", None, None, None)
    world = World({"customer-C": (shop,)})
    world.ask(
        HireRep(id="R-1", name="Li", department="east", region="east"),
        AddProduct(id="I", name="Milk", category="x", unit="box", list_price=9, currency="CNY"),
        receive("late", 10, LATE),
        receive("soon", 10, SOON),
        receive("gone", 5, GONE),
    )
    return world


def receive(lot: str, quantity: int, expires_on: date | None, **more: object) -> ReceiveStock:
    told = {"reference": f"P-{lot}", "lot": lot, "expires_on": expires_on, **more}
    return ReceiveStock(**HERE, quantity=quantity, **told)  # type: ignore[arg-type]


def issue(quantity: int, **more: object) -> IssueStock:
    told = {"reason": "sale", "reference": "X", **more}
    return IssueStock(**HERE, quantity=quantity, **told)  # type: ignore[arg-type]


def approved(world: World, order: str, quantity: int) -> None:
    line = Line(item="I", quantity=quantity, unit_price=100)
    world.ask(
        DraftOrder(id=order, customer="C", warehouse="W", lines=(line,)),
        SubmitOrder(id=order),
        ApproveOrder(id=order),
    )


def there(world: World, place: str = "W") -> dict[str, tuple[int, int]]:
    stock: Stock = world.load(Stock, f"{place}:I")
    every = stock.lots.there.items()
    return {lot[2:]: (one.on_hand, one.held) for lot, one in every if one.used}


def test_what_expires_first_is_set_aside_and_leaves_first() -> None:
    world = house()
    approved(world, "O", 12)
    assert there(world) == {"soon": (10, 10), "late": (10, 2), "gone": (5, 0)}
    world.ask(ShipOrder(id="O", shipment="S", lines=(Part(line=1, quantity=11),)))
    assert there(world) == {"late": (9, 1), "gone": (5, 0)}
    world.ask(ReturnOrder(id="O", return_id="R", lines=(Part(line=1, quantity=3),), reason="x"))
    assert there(world)["soon"] == (3, 0)


def test_what_expired_or_is_in_quarantine_is_scrapped_but_not_issued() -> None:
    world = house()
    assert "I:gone" in world.refuses(issue(21), Withheld)
    world.ask(QuarantineLot(item="I", lot="soon", reason="smell"))
    world.refuses(issue(1, lot="soon"), Withheld)
    world.refuses(issue(11), Withheld)
    world.ask(ReleaseLot(item="I", lot="soon", reason="clean"), issue(11))
    assert there(world) == {"late": (9, 0), "gone": (5, 0)}
    world.ask(issue(5, reason="scrap", reference="Y", lot="gone"))
    world.ask(CorrectLotExpiry(item="I", lot="late", expires_on=GONE, reason="label"))
    world.refuses(issue(1, reference="Z"), Withheld)


def test_two_orders_never_hold_the_same_goods() -> None:
    world = house()
    approved(world, "O", 10)
    approved(world, "P", 8)
    assert there(world) == {"soon": (10, 10), "late": (10, 8), "gone": (5, 0)}
    world.refuses(issue(1, lot="soon"), NotEnoughOfLot)


def test_a_lot_that_is_held_back_after_it_was_set_aside_is_replaced() -> None:
    world = house()
    approved(world, "O", 10)
    world.ask(QuarantineLot(item="I", lot="soon", reason="smell"))
    world.ask(ShipOrder(id="O", shipment="S"))
    assert there(world) == {"soon": (10, 0), "gone": (5, 0)}


def test_a_transfer_keeps_its_lots_and_what_never_arrived_comes_back_with_them() -> None:
    world = house()
    world.ask(
        TransferStock(transfer="T", **WAY, quantity=13),
        ReceiveTransfer(location="V", item="I", transfer="T", quantity=11, lost=1, receipt="1"),
        CancelTransfer(location="V", item="I", transfer="T", reason="late"),
    )
    assert there(world, "V") == {"soon": (10, 0), "late": (1, 0)}
    assert there(world) == {"late": (8, 0), "gone": (5, 0)}
    assert world.load(Stock, "V:I").lots.coming == {}


def test_goods_of_no_lot_go_last_and_another_lot_is_another_content() -> None:
    world = house()
    world.ask(ReceiveStock(**HERE, quantity=4, reference="plain"))
    world.refuses(receive("other", 10, None, reference="P-late"), ReferenceTaken)
    world.ask(issue(22))
    stock: Stock = world.load(Stock, "W:I")
    assert (stock.on_hand, there(world)) == (7, {"gone": (5, 0)})
    world.ask(ReverseMovement(**HERE, document="issued", reference="X", reason="typo"))
    assert there(world) == {"soon": (10, 0), "late": (10, 0), "gone": (5, 0)}


def test_a_document_moves_lots_line_by_line_and_is_cancelled_whole() -> None:
    world = house()
    lines = (
        MovementLine(item="I", quantity=2, lot="late"),
        MovementLine(item="I", quantity=3),
        MovementLine(item="I", quantity=1, lot="gone"),
    )
    where = {"location": "W", "to_location": "V"}
    world.ask(PostMovement(id="M", movement="transfer", **where, lines=lines))
    assert there(world) == {"soon": (7, 0), "late": (8, 0), "gone": (4, 0)}
    on_its_way = {"M": {"I:late": 2}, "M.2": {"I:soon": 3}, "M.3": {"I:gone": 1}}
    assert world.load(Stock, "V:I").lots.coming == on_its_way
    world.ask(CancelMovement(id="M", reason="typo"))
    assert there(world) == {"soon": (10, 0), "late": (10, 0), "gone": (5, 0)}


def test_what_is_told_late_takes_what_was_there_and_leaves_what_was_counted() -> None:
    world = house()
    world.ask(receive("new", 6, date(2026, 3, 5)), at=NOON + timedelta(hours=5))
    earlier = NOON + timedelta(hours=2)
    world.ask(issue(4, occurred_at=earlier), at=earlier)
    assert there(world)["new"] == (6, 0), "it was not there yet"
    counted: datetime = NOON + timedelta(hours=6)
    count = CountStock(**HERE, counted=5, counted_at=counted, reference="C", lot="new")
    world.ask(count, at=counted)
    assert (there(world)["new"], world.load(Stock, "W:I").on_hand) == ((5, 0), 26)
    late = issue(1, reference="Y", lot="new", occurred_at=NOON + timedelta(hours=5, minutes=1))
    world.refuses(late, LotCountedSince, at=counted)


def test_a_lot_that_is_counted_late_has_enough_for_what_left_of_it_since() -> None:
    world = house()
    later = NOON + timedelta(hours=6)
    world.ask(issue(8, lot="late"), at=later)
    count = {"counted_at": NOON + timedelta(hours=5), "lot": "late"}
    few = CountStock(**HERE, counted=7, reference="C", **count)
    world.refuses(few, CountedTooFew, at=later)
    world.ask(CountStock(**HERE, counted=8, reference="C", **count), at=later)
    assert "late" not in there(world)


def test_a_lot_is_not_entered_once_more_with_other_capitals() -> None:
    world = house()
    world.ask(receive("l-1", 5, None))
    twice = receive("L-1", 5, None).model_copy(update={"reference": "again"})
    assert "has a lot l-1" in world.refuses(twice, TooAlike)
