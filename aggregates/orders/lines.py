"""Lines of an order: priced within bounds, and cut into parts that sum to the whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from aggregates.bounds import MOST, within
from aggregates.line_pricing import ExactAmount, LinePricing, PricedLine, signed_text
from aggregates.marks import BasisPoints, Money
from aggregates.packs import Packed, PricedPacks


@dataclass(frozen=True)
class OrderLine(PricedLine):
    """`pricing` says how the price came about, where there are price lists or discount rules."""


@dataclass(frozen=True)
class ShippedLine:
    line: int
    item: str
    quantity: int
    amount: Money
    cost: Money | None
    packed: Packed | None = None


@dataclass(frozen=True)
class PickedLine:
    """So many of a line of the order."""

    line: int
    item: str
    quantity: int
    packed: Packed | None = None


class LineSaid(Protocol):
    """So many of a line, and the packs that they were said in."""

    @property
    def line(self) -> int: ...
    @property
    def quantity(self) -> int: ...
    @property
    def packed(self) -> Packed | None: ...


class PartsSaid(NamedTuple):
    """So many of each line, by its number, and the packs that they were said in."""

    quantities: Mapping[int, int]
    packs: Mapping[int, Packed]

    @classmethod
    def of(cls, lines: Iterable[LineSaid]) -> "PartsSaid":
        every = tuple(lines)
        packs = {line.line: line.packed for line in every if line.packed is not None}
        return cls({line.line: line.quantity for line in every}, packs)

    def others(self, asked: "PartsSaid") -> "Iterator[Difference]":
        """What is asked for differently."""
        for number in sorted(self.quantities.keys() | asked.quantities.keys()):
            for name, one, other in (
                ("quantity", self.quantities.get(number), asked.quantities.get(number)),
                (
                    "unit",
                    Packed.unit_of(self.packs.get(number)),
                    Packed.unit_of(asked.packs.get(number)),
                ),
            ):
                if one != other:
                    yield f"{name} of line {number}", one, other


NO_PACKS: Mapping[int, Packed] = {}


class Said(NamedTuple):
    """What a request says of a line; a price that it does not say is the list price."""

    item: str
    quantity: int
    unit: str | None
    unit_price: Money | None
    discount_bp: BasisPoints


def priced(
    line: int,
    item: str,
    quantity: int,
    unit_price: int,
    discount_bp: int,
    cost: int | None,
    left: ExactAmount | None = None,
    pricing: Callable[[int, int | None], LinePricing] | None = None,
    packed: PricedPacks | None = None,
) -> OrderLine:
    """An order line with its amount, rounded half up; `cost` is of one unit, `left` what the rules
    have left of the price of them all, `pricing` says of its amount and cost how they came about,
    `packed` that it is of so many packs.
    """
    gross = ExactAmount(unit_price * quantity) if left is None else left
    amount = (gross.less_share(discount_bp) if discount_bp else gross).rounded
    whole = None if cost is None else cost * quantity
    if max(amount, whole or 0) > MOST:  # to spell it for each line in vain takes time
        for value, each, en, zh in (
            (amount, unit_price, "amount", "金额"),
            (whole or 0, cost, "cost", "成本"),
        ):
            within(
                value,
                f"The {en} of line {line} ({quantity} of {item} at {each})",
                f"第 {line} 行的{zh}（{item}，{quantity} × {each}）",
            )
    told = None if pricing is None else pricing(amount, whole)
    return OrderLine(line, item, quantity, unit_price, discount_bp, amount, whole, told, packed)


def summed_up(lines: Iterable[OrderLine]) -> tuple[OrderLine, ...]:
    """The lines of one order, whose totals a figure can hold."""
    every = tuple(lines)
    within(sum(line.amount for line in every), "The order's amount", "订单金额")
    within(sum(line.cost or 0 for line in every), "The order's cost", "订单成本")
    return every


def part(line: OrderLine, before: int, quantity: int, packed: Packed | None = None) -> ShippedLine:
    """The share of `quantity` after `before`, so that all parts sum to the line exactly."""

    def share(total: int) -> int:
        return total * (before + quantity) // line.quantity - total * before // line.quantity

    cost = None if line.cost is None else share(line.cost)
    return ShippedLine(line.line, line.item, quantity, share(line.amount), cost, packed)


def divided(
    lines: Iterable[OrderLine], kept: Mapping[int, int]
) -> tuple[tuple[OrderLine, ...], tuple[OrderLine, ...]]:
    """The lines with the kept quantities, and the rest of them; both together are the lines."""
    first: list[OrderLine] = []
    rest: list[OrderLine] = []
    for line in lines:
        cut = kept.get(line.line, 0)
        for into, before, quantity in ((first, 0, cut), (rest, cut, line.quantity - cut)):
            if quantity:
                into.append(part_of(line, before, quantity, len(into) + 1))
    return tuple(first), tuple(rest)


def part_of(line: OrderLine, before: int, quantity: int, number: int) -> OrderLine:
    """A line of its own with so many of another, after those that others have."""
    share = part(line, before, quantity)
    what = line.item, quantity, line.unit_price, line.discount_bp
    amounts = share.amount, share.cost, line.pricing, _packs(line, quantity)
    return OrderLine(number, *what, *amounts)


def _packs(line: OrderLine, quantity: int) -> PricedPacks | None:
    """So many of a line in the packs that it was said in, where they are whole ones."""
    if line.packed is None or quantity % line.packed.factor:
        return None
    return replace(line.packed, quantity=quantity // line.packed.factor)


def by_item(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Two lines may share an item; its stock is asked once."""
    quantities: dict[str, int] = {}
    for item, quantity in pairs:
        quantities[item] = quantities.get(item, 0) + quantity
    return quantities


def content_of(lines: Iterable[OrderLine]) -> str:
    """The digest of what is ordered, and for how much; why it costs that is no part of it."""
    return sha256(signed_text(lines).encode()).hexdigest()


def added(done: tuple[int, ...], lines: Iterable[ShippedLine]) -> tuple[int, ...]:
    more = {line.line: line.quantity for line in lines}
    return tuple(before + more.get(number, 0) for number, before in enumerate(done, 1))


def less(done: tuple[int, ...], lines: Iterable[ShippedLine]) -> tuple[int, ...]:
    back = {line.line: line.quantity for line in lines}
    return tuple(before - back.get(number, 0) for number, before in enumerate(done, 1))


Difference = tuple[str, Any, Any]
"""What differs, as it was recorded and as it is asked for now."""


def other_lines(before: tuple[OrderLine, ...], asked: tuple[Said, ...]) -> Iterator[Difference]:
    """How the lines of a request differ from those that were recorded."""
    for number in range(1, max(len(before), len(asked)) + 1):
        old = before[number - 1] if number <= len(before) else None
        new = asked[number - 1] if number <= len(asked) else None
        if old is None or new is None:
            yield f"line {number}", old and _told(_as_said(old)), new and _told(new)
            continue
        was = _as_said(old)._asdict()
        for name, value in new._asdict().items():
            if (value is not None or name == "unit") and value != was[name]:
                yield f"{name} of line {number}", was[name], value


def _as_said(line: OrderLine) -> Said:
    """A line in the unit that it was said in."""
    if (packed := line.packed) is None:
        return Said(line.item, line.quantity, None, line.unit_price, line.discount_bp)
    each = line.unit_price if packed.unit_price is None else packed.unit_price
    return Said(line.item, packed.quantity, packed.unit, each, line.discount_bp)


def _told(line: Said) -> str:
    return " ".join(str(one) for one in (line.quantity, line.unit, line.item) if one is not None)
