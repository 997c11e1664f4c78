"""Regions are a tree: a province lies in a part of the country, a city in a province."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class RegionDetails(Details):
    name: Name
    parent: Annotated[str | None, names("region")] = None


class RegionRegistered(RegionDetails, Registered, Event):
    pass


class RegionChanged(RegionDetails, Event):
    pass


class RegionClosed(Closed, Event):
    pass


class RegionReopened(Event):
    pass


class RegionWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Region(Plain[RegionDetails]):
    """From the first one on, people work in regions that are registered."""

    kind: ClassVar[str] = "region"
    plural = "regions"
    noun = ("region", "区域")
    details = RegionDetails
    events = Events(RegionRegistered, RegionChanged, RegionClosed, RegionReopened, RegionWithdrawn)
