"""What was sold of goods, what it cost, and what is left."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import select

from aggregates.marks import BasisPoints, Money
from projections.engine import periods, reading
from projections.engine.figure import Figure, FigureQuery, share_bp
from projections.valuation.stock_value import SALE, view
from projections.valuation.values import MonthParameters, Values, month_of
from projections.valuation.worth import counted_from

KEY = "month", "currency"
WHOSE = "item", "customer", "rep", "department", "region", "sales_order"


class Sale(NamedTuple):
    """A line of what an order shipped, or of what came back."""

    occurred_at: int
    position: int
    document: str
    currency: str
    sold: int
    amount: int
    item: str
    customer: str
    rep: str
    department: str
    region: str
    sales_order: str
    attributes: Mapping[str, Any]
    """Of what it names, as the question groups by them."""

    @property
    def whose(self) -> Mapping[str, Any]:
        return {**{name: getattr(self, name) for name in WHOSE}, **self.attributes}


def read(asked: FigureQuery) -> list[dict[str, Any]]:
    group = *KEY, *asked.by
    sums = defaultdict[tuple[str, ...], list[int]](lambda: [0, 0, 0])
    for month, currency, whose, added in _parts(Values.of(asked)):
        row = sums[month, currency, *(whose[name] for name in asked.by)]
        for place, value in enumerate(added):
            row[place] += value
    only = asked.more.get("month")
    left = {key: row for key, row in sums.items() if any(row)}
    rows = (_row(dict(zip(group, key, strict=True)), *row) for key, row in left.items())
    return periods.page(
        (row for row in rows if not only or row["month"] == only), group, asked.after, asked.limit
    )


def _row(key: Mapping[str, str], sold: int, amount: int, cost: int) -> dict[str, Any]:
    margin = amount - cost
    figures = {"amount": amount, "goods_cost": cost, "margin": margin}
    rate = share_bp(margin, amount) if amount > 0 else None
    return {**key, **figures, "margin_bp": rate, "sold": sold}


Part = tuple[str, str, Mapping[str, Any], Sequence[int]]


def _parts(values: Values) -> Iterator[Part]:
    """Of each sale what was sold for how much, and of each movement of one what it cost."""
    sales, until = list(_sales(values.asked)), values.asked.as_of.occurred_at
    whose = {(one.item, one.sales_order, one.document): one.whose for one in sales}
    for one in sales:
        at = counted_from(one, values.closes)
        if until is None or at <= until:
            yield month_of(at), one.currency, one.whose, (one.sold, one.amount, 0)
    for item, moves in values.of_items({one.item for one in sales}):
        for move in moves:
            if not move.order:
                continue
            document = move.told.document.removeprefix(f"{move.order}:")
            if (known := whose.get((item, move.order, document))) is not None:
                yield month_of(move.at), move.currency, known, (0, 0, -move.value)


def _sales(asked: FigureQuery) -> Iterator[Sale]:
    ledger = reading.tables(asked.connection, view).ledger
    shown = asked.attributes.widen(asked.connection, ledger)
    where = shown.c.movement == SALE, *reading.conditions(shown, asked.filters)
    told, more = Sale._fields[:-1], [name for name in asked.by if name not in WHOSE]
    query = select(*(shown.c[name] for name in (*told, *more)))
    query = query.where(*where, *reading.until(shown, asked.as_of))
    for row in asked.connection.execute(query):
        attributes = dict(zip(more, row[len(told) :], strict=True))
        yield Sale._make((*row[: len(told)], attributes))


class MarginRow(NamedTuple):
    """What was sold in a month, less what came back."""

    month: str
    currency: str
    amount: Money
    goods_cost: Annotated[Money, "What went was worth that when it left."]
    margin: Money
    margin_bp: Annotated[BasisPoints | None, "Of the amount."]
    sold: int


margins = Figure(
    "sales_margins",
    "/stock/margins",
    view,
    """What goods that were shipped to orders were sold for, what they cost at the moving average,
    and what is left, month by month. What came back is taken off as it cost when it left; what is
    told after its month was closed counts in the first month that is open.
    """,
    key=KEY,
    row=MarginRow,
    read=read,
    by=WHOSE,
    filters=WHOSE,
    parameters=MonthParameters,
    about_why="What was sold of goods, as it was told; the amounts sum to the figure.",
    whole=True,
    attributes=True,
)
