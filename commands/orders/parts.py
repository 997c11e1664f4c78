"""Parts of the lines of an order, as somebody says them: by the piece, or in packs."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from aggregates.line_pricing import PricedLine
from aggregates.orders.lines import LineSaid, PartsSaid
from commands import Load, Quantity, Text, Whole
from commands.packs import UNIT, Meant, added, meant, part_of


class Lined(Protocol):
    """An order, or what else has priced lines."""

    @property
    def lines(self) -> Sequence[PricedLine]: ...


class LinePart(BaseModel):
    """So many of one line of the order or contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: Annotated[Whole, Field(ge=1)]
    quantity: Quantity
    unit: Text | None = UNIT


Parts = Annotated[tuple[LinePart, ...], Field(min_length=1, max_length=500)]


def parts_said(
    load: Load,
    order: Lined,
    parts: Iterable[LinePart],
    before: Iterable[LineSaid] = (),
) -> PartsSaid:
    """One quantity for each line, and its packs where all of it is said in the same ones.

    A pack means what it means on the line, or meant when the same was said `before`.
    """
    told = PartsSaid.of(before).packs

    def meaning(line: int, unit: str | None, quantity: int) -> Meant:
        if unit is None or not 1 <= line <= len(order.lines):
            return Meant(quantity)
        ordered = order.lines[line - 1]
        known = told.get(line) or part_of(ordered.packed, unit, quantity)
        return meant(load, ordered.item, unit, quantity, [known])

    return PartsSaid(*added(((one.line, one.unit, one.quantity) for one in parts), meaning))
