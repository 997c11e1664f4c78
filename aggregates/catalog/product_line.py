"""A product line groups products that come and go together: what its season is, theirs is."""

from dataclasses import dataclass
from typing import ClassVar

from aggregates import Event
from aggregates.marks import Name
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn
from aggregates.validity import FirstDay, LastDay, refuse_backwards


@dataclass(frozen=True)
class ProductLineDetails(Details):
    name: Name
    on_sale_from: FirstDay = None
    on_sale_until: LastDay = None

    def check(self) -> None:
        refuse_backwards(self.on_sale_from, self.on_sale_until, "on_sale_until")


class ProductLineRegistered(ProductLineDetails, Registered, Event):
    pass


class ProductLineChanged(ProductLineDetails, Event):
    pass


class ProductLineClosed(Closed, Event):
    pass


class ProductLineReopened(Event):
    pass


class ProductLineWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class ProductLine(Plain[ProductLineDetails]):
    """The products of a line are sold within its season, each within its own as well."""

    kind: ClassVar[str] = "product_line"
    plural = "product_lines"
    noun = ("product line", "产品线")
    details = ProductLineDetails
    events = Events(
        *(ProductLineRegistered, ProductLineChanged, ProductLineClosed),
        *(ProductLineReopened, ProductLineWithdrawn),
    )
