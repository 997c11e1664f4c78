"""What goods are worth: now and as of then, movement by movement, and month by month."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated, Any, Literal, NamedTuple

from aggregates.calendar import month_after
from aggregates.inventory.movement import Movement
from aggregates.marks import Money
from infra.clock import iso
from projections.engine import day_of, periods
from projections.engine.figure import Figure, FigureQuery, Instant
from projections.valuation.stock_value import view
from projections.valuation.values import MonthParameters, Values, average, month_of, paged
from projections.valuation.worth import ValuedMove

FILTERS = ("item", "location")
VALUE = "item", "location"
MOVE = "item", "valued_at", "moved_at", "position", "line"
MONTH = "item", "location", "month"
WHY = "What was told of goods and of their cost, as it was told; the quantities sum to the figure."


class ValueRow(NamedTuple):
    item: str
    location: str
    currency: str
    stock_value: Money
    quantity: int
    average_cost: Annotated[str | None, "Of one, in minor units, to four digits."]
    without_cost: Annotated[int, "So many came in at a cost that nobody told."]


def read_values(asked: FigureQuery) -> list[dict[str, Any]]:
    return paged(_values(asked), VALUE, asked.after, asked.limit)


def _values(asked: FigureQuery) -> Iterator[dict[str, Any]]:
    for item, moves in Values.of(asked).items():
        last: dict[str, ValuedMove] = {}
        uncosted: dict[str, int] = {}
        for move in moves:
            place = move.told.location
            last[place] = move
            uncosted[place] = uncosted.get(place, 0) + move.uncosted
        for place, move in sorted(last.items()):
            if move.quantity or move.balance:
                yield {
                    "item": item,
                    "location": place,
                    "currency": move.currency,
                    "stock_value": move.balance,
                    "quantity": move.quantity,
                    "average_cost": average(move.balance, move.quantity),
                    "without_cost": uncosted[place],
                }


ValuedMovement = Literal[Movement, "count", "reversal", "holder", "cost_correction"]


class MoveRow(NamedTuple):
    """`moved_at` is when it happened; `valued_at` is later where the month was closed by then."""

    item: str
    location: str
    valued_at: Instant
    moved_at: Instant
    movement: ValuedMovement
    document: str
    currency: str
    value_change: Money
    quantity: int
    stock_value: Annotated[Money, "After it."]
    on_hand: Annotated[int, "After it."]
    without_cost: Annotated[int, "So many came in at a cost that nobody told."]
    lost_value: Annotated[Money, "Of a transfer: what was lost on its way."]
    delivered_value: Annotated[Money, "Of a transfer: what reached a dealer."]
    gap_value: Annotated[Money, "Of its cost, what fell on goods that had left before they came."]
    after_close: Annotated[bool, "Told after its month was closed: a line of adjustment."]
    position: int
    line: int


def read_moves(asked: FigureQuery) -> list[dict[str, Any]]:
    return paged(_moves(asked), MOVE, asked.after, asked.limit)


def _moves(asked: FigureQuery) -> Iterator[dict[str, Any]]:
    first, last = asked.days
    for item, moves in Values.of(asked).items():
        for move in moves:
            day, told = day_of(move.at), move.told
            if (first is not None and day < first) or (last is not None and day > last):
                continue
            yield {
                "item": item,
                "location": told.location,
                "valued_at": iso(move.at),
                "moved_at": iso(told.occurred_at),
                "movement": told.movement,
                "document": told.document,
                "currency": move.currency,
                "value_change": move.value,
                "quantity": told.quantity,
                "stock_value": move.balance,
                "on_hand": move.quantity,
                "without_cost": move.uncosted,
                "lost_value": move.lost_value,
                "delivered_value": move.delivered_value,
                "gap_value": move.gap_value,
                "after_close": move.late,
                "position": told.position,
                "line": told.line,
            }


class MonthRow(NamedTuple):
    """Opening, received, less issued, and adjustments are what it closes with."""

    item: str
    location: str
    month: str
    closed: bool
    currency: str
    opening_quantity: int
    opening_value: Money
    received_value: Money
    issued_value: Money
    adjustment_value: Annotated[Money, "Of what was told after its own month was closed."]
    closing_quantity: int
    closing_value: Money


def read_months(asked: FigureQuery) -> list[dict[str, Any]]:
    return paged(_months(asked), MONTH, asked.after, asked.limit)


def _months(asked: FigureQuery) -> Iterator[dict[str, Any]]:
    values, only = Values.of(asked), asked.more.get("month") or ""
    until = periods.iso_day(asked.today)[:7]
    for item, moves in values.items():
        by_place = sorted(moves, key=lambda move: move.told.location)
        for place, mine in groupby(by_place, key=lambda move: move.told.location):
            for row in _by_month([*mine], until):
                if not only or row["month"] == only:
                    closed = values.month_is_closed(row["month"])
                    yield {"item": item, "location": place, "closed": closed, **row}


def _by_month(moves: Sequence[ValuedMove], until: str) -> Iterator[dict[str, Any]]:
    """Each month from the first movement on, with what was there or moved in it."""
    moved = {month: [*mine] for month, mine in groupby(moves, key=lambda move: month_of(move.at))}
    month, last = min(moved), max([until, *moved])
    quantity, value, currency = 0, 0, ""
    while month <= last:
        opening = {"opening_quantity": quantity, "opening_value": value}
        received = issued = adjusted = 0
        for move in moved.get(month, ()):
            if move.late:
                adjusted += move.value
            elif move.value > 0:
                received += move.value
            else:
                issued -= move.value
            quantity, value, currency = move.quantity, move.balance, move.currency
        if month in moved or quantity or value:
            yield {
                "month": month,
                "currency": currency,
                **opening,
                "received_value": received,
                "issued_value": issued,
                "adjustment_value": adjusted,
                "closing_quantity": quantity,
                "closing_value": value,
            }
        month = month_after(month)


value = Figure(
    "stock_value",
    "/stock/value",
    view,
    """What goods in warehouses are worth, at the moving average of what they cost. What a dealer
    has is sold. As of the end of a month that is closed it stays as it is.
    """,
    key=VALUE,
    row=ValueRow,
    read=read_values,
    filters=FILTERS,
    about_why=WHY,
    whole=True,
    attributes=True,
)
moves = Figure(
    "stock_value_moves",
    "/stock/value/moves",
    view,
    """How goods came to be worth what they are: each movement with what it changed and what was
    there after it, in the order in which they count.
    """,
    key=MOVE,
    row=MoveRow,
    read=read_moves,
    filters=FILTERS,
    about_why=WHY,
    days=True,
    whole=True,
    attributes=True,
)
months = Figure(
    "stock_value_months",
    "/stock/value/months",
    view,
    """What goods were worth when each month began and ended, and what came in, went out and was
    adjusted between: what is told after a month was closed adjusts the first one that is open.
    """,
    key=MONTH,
    row=MonthRow,
    read=read_months,
    filters=FILTERS,
    parameters=MonthParameters,
    about_why=WHY,
    whole=True,
    attributes=True,
)
