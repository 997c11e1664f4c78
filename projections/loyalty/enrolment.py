"""How many each campaign has reached, and how many of them became members."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.loyalty.member_lead import (
    MemberLeadCaptured,
    MemberLeadDropped,
    MemberLeadEnrolled,
)
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    campaign: str
    dealer: str
    reached: int = 0
    enrolled: int = 0
    dropped: int = 0


MEASURES = ("reached", "enrolled", "dropped")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    whose = event.campaign, event.dealer or ""
    match event:
        case MemberLeadCaptured():
            yield Change(*whose, reached=1)
        case MemberLeadEnrolled():
            yield Change(*whose, enrolled=1)
        case MemberLeadDropped():
            yield Change(*whose, dropped=1)


view = View(
    name="enrolment",
    kinds=frozenset({"member_lead"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("campaign",),),
    scope={"dealer": "dealer"},
)
figure = Figure(
    "enrolment",
    "/enrolment",
    view,
    "How many each campaign has reached, and how many of them became members.",
    key=("campaign",),
    days=True,
)
