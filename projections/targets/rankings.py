"""Who and what sells: customers, dealers, reps, products and members, for any period."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause

from aggregates.inventory.stock import (
    SellOutReturned,
    SellOutReturnUndone,
    Stock,
    StockReversed,
    StockSold,
)
from aggregates.loyalty.member import (
    EarningReversed,
    PointsEarned,
    PointsRedeemed,
    PurchaseReturned,
    RedemptionReversed,
)
from aggregates.marks import MemberPoints, Money
from aggregates.orders.lines import ShippedLine
from aggregates.orders.order import (
    OrderLossCredited,
    OrderLossUndone,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
)
from projections.engine import EventHeader, View, boards, reading
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.figure import Figure
from projections.engine.reading import ALL_DAYS, NOW, AsOf, Days, Filters
from projections.engine.scopes import BY_REP

BOARDS = {
    "customers": "customer",
    "dealers": "dealer",
    "reps": "rep",
    "products": "product",
    "members": "member",
    "departments": "department",
    "regions": "region",
}
"""The boards and the dimension that each ranks."""

SELL_IN = ("amount", "quantity", "margin")
SELL_OUT = ("sell_out_amount", "sell_out_quantity")
POINTS = ("points", "redeemed")
RANKED = {
    "customers": SELL_IN,
    "dealers": (*SELL_IN, *SELL_OUT, *POINTS),
    "reps": (*SELL_IN, *SELL_OUT),
    "products": (*SELL_IN, *SELL_OUT),
    "members": (*POINTS, *SELL_OUT),
    "departments": (*SELL_IN, *SELL_OUT),
    "regions": (*SELL_IN, *SELL_OUT),
}
"""The figures that each board can rank by, its own first: of the others nothing is recorded."""


class Change(NamedTuple):
    """Our own sales (sell-in) and what dealers report (sell-out) are never added up.

    `margin` is of the lines whose cost is known; `uncosted` is the amount of the others.
    """

    customer: str = ""
    dealer: str = ""
    rep: str = ""
    department: str = ""
    region: str = ""
    product: str = ""
    member: str = ""
    currency: str = ""
    amount: Money = 0
    quantity: int = 0
    margin: Money = 0
    uncosted: Money = 0
    sell_out_amount: Money = 0
    sell_out_quantity: int = 0
    points: MemberPoints = 0
    redeemed: MemberPoints = 0


MEASURES = (
    "amount",
    "quantity",
    "margin",
    "uncosted",
    "sell_out_amount",
    "sell_out_quantity",
    "points",
    "redeemed",
)


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case StockSold():
            yield _sold_on(recorded, event, 1)
        case SellOutReturned() | SellOutReturnUndone() | StockReversed(document="sold"):
            yield _sold_on(recorded, event, -1)
        case OrderShipped() | OrderReturnUndone() | OrderLossUndone():
            yield from (_sold(event, line, 1) for line in event.lines)
        case OrderReturned(lines=lines) | OrderLossCredited(lines=lines):
            yield from (_sold(event, line, -1) for line in lines)
        case PointsEarned(points=points):
            yield _member(recorded, event, points=points)
        case EarningReversed(points=points, debt=debt) | PurchaseReturned(points=points, debt=debt):
            yield _member(recorded, event, points=-points - debt)
        case PointsRedeemed(points=points):
            yield _member(recorded, event, redeemed=points)
        case RedemptionReversed(points=points):
            yield _member(recorded, event, redeemed=-points)


def _sold_on(recorded: EventHeader, event: Any, sign: int) -> Change:
    dealer, item = Stock.parts(recorded.stream)
    return Change(
        dealer=dealer,
        product=item,
        member=event.member or "",
        rep=event.rep or "",
        department=event.department or "",
        region=event.region or "",
        currency=event.currency,
        sell_out_amount=sign * event.amount,
        sell_out_quantity=sign * event.quantity,
    )


def _sold(event: Any, line: ShippedLine, sign: int) -> Change:
    costed = line.cost is not None
    return Change(
        customer=event.customer,
        dealer=event.customer if event.customer_kind == "dealer" else "",
        rep=event.rep,
        department=event.department,
        region=event.region,
        product=line.item,
        currency=event.currency,
        amount=sign * line.amount,
        quantity=sign * line.quantity,
        margin=sign * (line.amount - line.cost) if line.cost is not None else 0,
        uncosted=0 if costed else sign * line.amount,
    )


def _member(recorded: EventHeader, event: Any, **measures: Any) -> Change:
    return Change(member=recorded.key, dealer=event.dealer or "", **measures)


view = View(
    name="rankings",
    kinds=frozenset({"order", "stock", "member"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("customer",), ("dealer",), ("product",), ("member",)),
    boards=tuple(BOARDS.items()),
    ranked_by=("currency",),
    scope={**BY_REP, "dealer": "dealer"},
    scoped_by=("department", "region", "rep"),
)


def top(
    connection: Connection,
    board: str,
    measure: str,
    *,
    filters: Filters | None = None,
    days: Days = ALL_DAYS,
    as_of: AsOf = NOW,
    after: tuple[Any, ...] | None = None,
    limit: int = 10,
    group: str | None = None,
    attributes: Attributes = NO_ATTRIBUTES,
) -> list[dict[str, Any]]:
    """A board's subjects from the greatest figure down.

    Points have no currency, money always has one: a board ranks the rows that may have the figure,
    unless a currency is named. So each subject has one row by points, and one for each currency.
    Filters and scopes of departments, regions and reps are answered from rollups as well, others
    from the ledger. With a `group`, an attribute of the subject, its values are ranked in place of
    the subjects.
    """
    wanted, subject = filters or {}, BOARDS[board]
    by_subject = boards.shown(connection, view, wanted, as_of, days, (board, subject))
    if by_subject is None:
        ledger = attributes.widen(connection, reading.tables(connection, view).ledger)
        limits = [*reading.until(ledger, as_of), ledger.c[subject] != ""]
        where = [*reading.conditions(ledger, wanted, days), *limits, *_fit(ledger, measure, wanted)]
        query = reading.sums(ledger, (group or subject, "currency"), MEASURES, where)
    else:
        shown = attributes.widen(connection, by_subject, subject)
        where = [*reading.conditions(shown, wanted), *_fit(shown, measure, wanted)]
        query = reading.sums(shown, (group or "subject", "currency"), MEASURES, where)
    found = reading.ranked(connection, query, measure, after, limit)
    return [{"subject": row.pop(next(iter(row))), **row} for row in found]


def _fit(table: FromClause, measure: str, wanted: Filters) -> list[ColumnElement[bool]]:
    """Which rows may have the figure at all, where no currency is named."""
    if "currency" in wanted:
        return []
    return [table.c.currency == "" if measure in POINTS else table.c.currency != ""]


class RankingRow(NamedTuple):
    """Amounts are minor units of the currency; rows of one subject differ in currency."""

    rank: int
    subject: str
    currency: str
    amount: Money
    quantity: int
    margin: Money
    uncosted: Money
    sell_out_amount: Money
    sell_out_quantity: int
    points: MemberPoints
    redeemed: MemberPoints


def _figure(board: str) -> Figure:
    return Figure(
        f"rankings-{board}",
        f"/rankings/{board}",
        view,
        """A board's subjects from the greatest figure down, for any business days.

        Pages after the first are of the first one's moment, so that no row is missed or doubled.
        """,
        key=("subject", "currency"),
        row=RankingRow,
        days=True,
        attributes=True,
        about_why="The events behind a subject's figures on a board; their changes sum to them.",
        board=board,
        subject=BOARDS[board],
        ranked=RANKED[board],
    )


figures = tuple(_figure(board) for board in BOARDS)
