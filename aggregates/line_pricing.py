"""A line of a quotation or an order, and how it came by its price, kept on it for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from aggregates.marks import BasisPoints, Money, names
from aggregates.packs import PricedPacks

WHOLE = 10_000
"""A whole in basis points."""


class ExactAmount(NamedTuple):
    """An amount before it is rounded: `part` of so many parts of a minor unit.

    The fraction is never reduced: that would take longer than all else that a price takes.
    """

    part: int
    parts: int = 1

    def less_share(self, discount_bp: int) -> "ExactAmount":
        return ExactAmount(self.part * (WHOLE - discount_bp), self.parts * WHOLE)

    def less(self, amount: int) -> "ExactAmount":
        return ExactAmount(self.part - amount * self.parts, self.parts)

    @property
    def rounded(self) -> int:
        """Whole minor units, half up."""
        return (2 * self.part + self.parts) // (2 * self.parts)


ListOutcome = Literal[
    "chosen",
    "lower_priority",
    "closed",
    "not_yet_valid",
    "expired",
    "other_currency",
    "no_price",
    "other_unit",
    "quantity_too_small",
]
RuleOutcome = Literal[
    "applied",
    "not_combined",
    "closed",
    "not_yet_valid",
    "expired",
    "other_product",
    "other_currency",
    "quantity_too_small",
    "amount_too_small",
    "exceeds_price",
]


@dataclass(frozen=True)
class ListConsidered:
    """A price list for this customer, in the version it had; why it was chosen or not."""

    id: str
    version: int
    price_version: int | None
    outcome: ListOutcome


@dataclass(frozen=True)
class RuleConsidered:
    """A discount rule for this customer, in the version it had; what it took off the line."""

    id: str
    version: int
    outcome: RuleOutcome
    taken_off: Money = 0


@dataclass(frozen=True)
class LinePricing:
    """`list_price` is of one unit, by `price_list`, or the product's own where that is None.

    `taken_off` is what the rules took off the whole line; a discount that a person gave comes
    after it, and a price that a person gave is touched by no rule. `below_floor` says that the
    line is sold for less than is allowed without more.
    """

    list_price: Money
    currency: str
    price_list: Annotated[str | None, names("price_list")]
    list_version: int | None
    price_version: int | None
    from_quantity: int | None
    lists: tuple[ListConsidered, ...]
    rules: tuple[RuleConsidered, ...] = ()
    taken_off: Money = 0
    floor: Money | None = None
    below_floor: bool = False


@dataclass(frozen=True)
class PricedLine:
    """`pricing` says how the price came about, where there are price lists or discount rules;
    `packed` what was said, where that was in packs. All else is in the product's own unit.
    """

    line: int
    item: str
    quantity: int
    unit_price: Money
    discount_bp: BasisPoints
    amount: Money
    cost: Money | None  # of the whole line
    pricing: LinePricing | None = None
    packed: PricedPacks | None = None

    @property
    def below_floor(self) -> bool:
        return self.pricing is not None and self.pricing.below_floor

    @property
    def discount_against_list(self) -> int:
        """Against the price of the lists that it was priced by."""
        return self.discount_against(self.pricing.list_price if self.pricing else self.unit_price)

    def discount_against(self, list_price: int) -> int:
        """In basis points, how much less it costs than by a list price, or what was given if that
        is more.
        """
        full = list_price * self.quantity
        below = WHOLE - self.amount * WHOLE // full if full else 0
        return max(self.discount_bp, below)


def signed_text(lines: Iterable[PricedLine]) -> str:
    """All that lines are signed for, as text; why they cost that is no part of it."""
    return "\n".join(repr(_signed(line)) for line in lines)


def _signed(line: PricedLine) -> tuple[Any, ...]:
    what = line.line, line.item, line.quantity, line.unit_price, line.discount_bp
    signed = *what, line.amount, line.cost
    if (packed := line.packed) is None:
        return signed
    return *signed, (packed.quantity, packed.unit, packed.factor, packed.unit_price)
