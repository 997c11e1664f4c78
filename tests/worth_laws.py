"""What holds of the value of goods whatever happens to them, told in any order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from projections.valuation.stock_value import rows as changes
from projections.valuation.worth import Close, StockTold, ValuedMove, in_force, share, valued


def entered(header: Any, at: int, event: Any) -> Iterator[StockTold]:
    """What the view enters of an event of a stock."""
    for line, row in enumerate(changes(header, event)):
        told = (getattr(row, name) for name in StockTold._fields[4:])
        yield StockTold(type(event).__name__, at, header.position, line, *told)


def adds_up(moves: Sequence[ValuedMove]) -> Iterator[str]:
    """Value goes with the goods: none is made or lost on a way, or in what an order gives back."""
    left: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        told = move.told
        if move.balance < 0 or (move.quantity <= 0 and move.balance):
            yield f"{move.quantity} are worth {move.balance} after {told}"
        went = move.value + move.gap_value + move.lost_value + move.delivered_value
        if told.movement == "transfer":
            came = told.quantity + told.lost + told.delivered
            left["transfer", told.document][0] -= came
            left["transfer", told.document][1] -= went
            if told.type == "StockArrived" and move.lost_value != share(went, told.lost, came):
                yield f"{told.lost} of {came} lost are worth {move.lost_value} of {went}"
        if move.order:
            left["order", move.order][0] -= told.quantity
            left["order", move.order][1] -= went
    for what, (quantity, value) in left.items():
        if value < 0 or (quantity <= 0 and value):
            yield f"{quantity} of {what} are worth {value}"


def stays(rows: Sequence[StockTold], acts: Sequence[tuple[bool, Close]]) -> Iterator[str]:
    """What is closed stays as it was when it was closed, until it is opened again."""
    closes = in_force(acts)
    every = list(valued(rows, closes))
    for close in closes:
        known = [row for row in rows if row.position <= close.position]
        then = valued(known, in_force(act for act in acts if act[1].position <= close.position))
        before = [one for one in then if one.at < close.until]
        if [one for one in every if one.at < close.until] != before:
            yield f"{close} is not as it was"
    for one in every:
        barred = [close.until for close in closes if close.position < one.told.position]
        if one.at != max([one.told.occurred_at, *barred]):
            yield f"{one.told} counts at {one.at}"
