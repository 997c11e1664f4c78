"""What price lists and discount rules say: for whom they are, and on which days they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any, Literal, NamedTuple, Protocol, SupportsIndex, TypeVar

from aggregates.marks import (
    COUNT,
    INDEXED,
    BasisPoints,
    Money,
    Name,
    between,
    names,
)
from aggregates.plain import Details, Unfit
from aggregates.validity import FirstDay, LastDay, refuse_backwards

CustomerKind = Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"]
Importance = Literal["A", "B", "C"]
Priority = Annotated[int, between(0, 1_000), INDEXED]
ForCustomer = Annotated[str | None, names("customer")]
ForRegion = Annotated[str | None, names("region")]
Stacking = Literal["exclusive", "stackable"]


class Prioritised(Protocol):
    """A price list or a discount rule as it is; its id stands first."""

    @property
    def details(self) -> "PriceListDetails | DiscountRuleDetails": ...
    def __getitem__(self, at: SupportsIndex, /) -> Any: ...


R = TypeVar("R", bound=Prioritised)


class Buyer(NamedTuple):
    """A customer, as lists and rules tell customers apart."""

    customer: str
    customer_kind: str = ""
    importance: str | None = None
    region: str | None = None

    def fits(self, conditions: object) -> bool:
        """Whether each condition on the customer that is set is met."""
        for wanted, own in zip(CONDITIONS(conditions), self, strict=True):
            if wanted is not None and wanted != own:
                return False
        return True

    def ranked(self, offered: Iterable[R]) -> tuple[R, ...]:
        """Those that are for this customer: the highest priority first, of equals by id."""
        mine = (one for one in offered if self.fits(one.details))
        return tuple(sorted(mine, key=lambda one: (-one.details.priority, one[0])))


CONDITIONS = attrgetter(*Buyer._fields)


@dataclass(frozen=True)
class PriceListDetails(Details):
    name: Name
    currency: Annotated[str, INDEXED]
    priority: Priority
    customer: ForCustomer = None
    customer_kind: CustomerKind | None = None
    importance: Importance | None = None
    region: ForRegion = None
    valid_from: FirstDay = None
    valid_until: LastDay = None

    def check(self) -> None:
        refuse_backwards(self.valid_from, self.valid_until, "valid_until")


@dataclass(frozen=True)
class DiscountRuleDetails(Details):
    """`amount_off` is of one unit; `min_amount` is of the document's lines at list prices."""

    name: Name
    priority: Priority
    stacking: Stacking
    discount_bp: BasisPoints | None = None
    amount_off: Money | None = None
    currency: Annotated[str | None, INDEXED] = None
    customer: ForCustomer = None
    customer_kind: CustomerKind | None = None
    importance: Importance | None = None
    region: ForRegion = None
    product: Annotated[str | None, names("product")] = None
    category: Annotated[str | None, names("category")] = None
    min_quantity: Annotated[int | None, COUNT] = None
    min_amount: Money | None = None
    valid_from: FirstDay = None
    valid_until: LastDay = None

    def check(self) -> None:
        refuse_backwards(self.valid_from, self.valid_until, "valid_until")
        if (self.discount_bp is None) == (self.amount_off is None):
            raise Unfit(
                "A rule takes off a share or an amount. Give either discount_bp or amount_off.",
                "规则按比例或按金额优惠。请填写 discount_bp 或 amount_off 之一。",
            )
        if self.currency is None and (self.amount_off, self.min_amount) != (None, None):
            raise Unfit(
                "An amount is in a currency. Give the currency of amount_off and min_amount.",
                "金额需要货币。请填写 amount_off 与 min_amount 的货币 currency。",
            )
