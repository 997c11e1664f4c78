"""What is kept of a product besides its name and price: how it is sold, carried and replaced."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Literal, Protocol

from aggregates import refuse_unequal
from aggregates.marks import names
from aggregates.validity import FirstDay, LastDay, refuse_backwards

SalesRoute = Literal["direct", "distributed"]
"""Sold by the company itself, or through dealers."""


class OnSale(Protocol):
    """What is sold for a season alone."""

    @property
    def on_sale_from(self) -> str | None: ...

    @property
    def on_sale_until(self) -> str | None: ...


@dataclass(frozen=True)
class Archive:
    """`successor` is sold in its place once its season is over."""

    brand: str | None = None
    product_line: Annotated[str | None, names("product_line")] = None
    sales_route: SalesRoute | None = None
    transport: str | None = None
    on_sale_from: FirstDay = None
    on_sale_until: LastDay = None
    successor: Annotated[str | None, names("product")] = None

    def check(self) -> None:
        refuse_backwards(self.on_sale_from, self.on_sale_until, "on_sale_until")

    def refuse_other(self, asked: "Archive") -> None:
        """Refuse what a product is added with anew, where it is not this."""
        every = sorted(self.names())
        refuse_unequal(*((name, getattr(self, name), getattr(asked, name)) for name in every))

    @classmethod
    @cache
    def names(cls) -> frozenset[str]:
        return frozenset(field.name for field in fields(cls))


BLANK = Archive()
