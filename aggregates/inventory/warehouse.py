"""A warehouse is a place of our own that goods are kept at, until it is closed."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import SEARCHED, Name
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class WarehouseDetails(Details):
    name: Name
    city: Annotated[str | None, SEARCHED] = None


class WarehouseRegistered(WarehouseDetails, Registered, Event):
    pass


class WarehouseChanged(WarehouseDetails, Event):
    pass


class WarehouseClosed(Closed, Event):
    pass


class WarehouseReopened(Event):
    pass


class WarehouseWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Warehouse(Plain[WarehouseDetails]):
    """From the first one on, goods lie only where a register says."""

    kind: ClassVar[str] = "warehouse"
    plural = "warehouses"
    noun = ("warehouse", "仓库")
    details = WarehouseDetails
    events = Events(
        *(WarehouseRegistered, WarehouseChanged, WarehouseClosed),
        *(WarehouseReopened, WarehouseWithdrawn),
    )
