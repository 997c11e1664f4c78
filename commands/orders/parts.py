"""Parts of the lines of an order, as somebody says them: by the piece, or in packs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from aggregates.line_pricing import PricedLine
from aggregates.orders.lines import LineSaid, PartsSaid
from aggregates.packs import Packed
from commands import Load, Quantity, Text, Whole
from commands.packs import UNIT, meant


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
    said = Counter[tuple[int, str | None]]()
    for part in parts:
        said[part.line, part.unit] += part.quantity
    lines = Counter(line for line, _ in said)
    quantities, packs = Counter[int](), dict[int, Packed]()
    for (line, unit), quantity in said.items():
        packed = None
        if unit is not None and 1 <= line <= len(order.lines):
            ordered = order.lines[line - 1]
            known = told.get(line) or _as_ordered(ordered.packed, unit, quantity)
            quantity, packed = meant(load, ordered.item, unit, quantity, [known])
        quantities[line] += quantity
        if packed is not None and lines[line] == 1:
            packs[line] = packed
    return PartsSaid(dict(quantities), packs)


def _as_ordered(packed: Packed | None, unit: str, quantity: int) -> Packed | None:
    if packed is None or packed.unit != unit:
        return None
    return Packed(unit, quantity, packed.factor)
