"""Outlets are the shops that dealers deliver to."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from aggregates import Event
from aggregates.marks import INDEXED, SEARCHED, Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn

OutletType = Literal["supermarket", "convenience_store", "restaurant", "pharmacy", "other"]


@dataclass(frozen=True)
class OutletDetails(Details):
    name: Name
    dealer: Annotated[str, names("customer")]
    region: Annotated[str | None, names("region")] = None
    outlet_type: Annotated[OutletType | None, INDEXED] = None
    place: Annotated[str | None, SEARCHED] = None


class OutletRegistered(OutletDetails, Registered, Event):
    pass


class OutletChanged(OutletDetails, Event):
    pass


class OutletClosed(Closed, Event):
    pass


class OutletReopened(Event):
    pass


class OutletWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Outlet(Plain[OutletDetails]):
    """The region says whether it lies within a dealer's territory."""

    kind: ClassVar[str] = "outlet"
    plural = "outlets"
    noun = ("outlet", "终端门店")
    details = OutletDetails
    events = Events(OutletRegistered, OutletChanged, OutletClosed, OutletReopened, OutletWithdrawn)
