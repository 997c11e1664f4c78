"""A unit of measure stands alone, or is so many of another one: a case is 24 bottles."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import COUNT, Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Unfit, Withdrawn


@dataclass(frozen=True)
class UnitDetails(Details):
    name: Name
    base: Annotated[str | None, names("unit")] = None
    factor: Annotated[int | None, COUNT] = None

    def check(self) -> None:
        if (self.base is None) != (self.factor is None):
            raise Unfit(
                "Give base and factor together, such as bottle and 24, or neither.",
                "请同时填写基准单位和换算数量（例如 瓶 和 24），或都不填。",
            )


class UnitRegistered(UnitDetails, Registered, Event):
    pass


class UnitChanged(UnitDetails, Event):
    pass


class UnitClosed(Closed, Event):
    pass


class UnitReopened(Event):
    pass


class UnitWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Unit(Plain[UnitDetails]):
    """From the first one on, products name a unit that is registered."""

    kind: ClassVar[str] = "unit"
    plural = "units"
    noun = ("unit of measure", "计量单位")
    details = UnitDetails
    events = Events(UnitRegistered, UnitChanged, UnitClosed, UnitReopened, UnitWithdrawn)
