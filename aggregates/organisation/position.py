"""A position is a place in a department that one person at a time fills, or that is vacant."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from aggregates import Event
from aggregates.marks import Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class PositionDetails(Details):
    name: Name
    department: Annotated[str, names("department")]
    region: Annotated[str | None, names("region")] = None
    reports_to: Annotated[str | None, names("position")] = None
    heads: Literal["yes", "no"] | None = None


class PositionRegistered(PositionDetails, Registered, Event):
    pass


class PositionChanged(PositionDetails, Event):
    pass


class PositionClosed(Closed, Event):
    pass


class PositionReopened(Event):
    pass


class PositionWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Position(Plain[PositionDetails]):
    """Whoever fills one that heads a department is its manager."""

    kind: ClassVar[str] = "position"
    plural = "positions"
    noun = ("position", "岗位")
    details = PositionDetails
    events = Events(
        *(PositionRegistered, PositionChanged, PositionClosed),
        *(PositionReopened, PositionWithdrawn),
    )
