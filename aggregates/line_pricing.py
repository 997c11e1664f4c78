"""How a line of a quotation or an order came by its price, kept on the line for good."""

from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates.marks import Money, names

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
