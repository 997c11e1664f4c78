"""An adjustment of a stock that others sign before it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, repeats
from aggregates.packs import Packed

Status = Literal["", "requested", "made", "refused", "withdrawn", "reversed"]
STATES = {"made": "已执行", "refused": "已被拒绝", "withdrawn": "已撤回", "reversed": "已冲销"}
"""In Chinese."""


class AdjustmentRequested(Event):
    """The book is to be corrected by a signed quantity."""

    location: str
    item: str
    quantity: int
    reason: str
    packed: Packed | None = None

    def digest(self) -> str:
        told = self.location, self.item, self.quantity, self.reason
        return sha256(repr(told).encode()).hexdigest()


class AdjustmentMade(Event):
    """The stock's own event has the adjustment's id as its reference."""


class AdjustmentRefused(Event):
    reason: str


class AdjustmentWithdrawn(Event):
    pass


class AdjustmentReversed(Event):
    """The stock's own event was undone: the book is as it was."""

    reason: str


AdjustmentEvent = (
    AdjustmentRequested
    | AdjustmentMade
    | AdjustmentRefused
    | AdjustmentWithdrawn
    | AdjustmentReversed
)


class AdjustmentOver(Refused):
    """An adjustment is made once, unless it was refused or taken back."""


@dataclass(frozen=True)
class StockAdjustment(Aggregate):
    kind: ClassVar[str] = "adjustment"

    requested: AdjustmentRequested | None = None
    status: Status = ""

    def request(self, asked: AdjustmentRequested) -> Iterator[AdjustmentEvent]:
        if not repeats(self.requested, asked):
            yield asked

    def make(self) -> Iterator[AdjustmentEvent]:
        self.known()
        if self.status == "made":
            return
        if self.status != "requested":
            raise AdjustmentOver(
                f"The adjustment is {self.status}. Request another.",
                f"该调整{STATES[self.status]}。请另行申请。",
            )
        yield AdjustmentMade()

    def reverse(self, reason: str) -> Iterator[AdjustmentEvent]:
        if self.status == "made":
            yield AdjustmentReversed(reason)

    def known(self) -> AdjustmentRequested:
        if self.requested is None:
            raise Unknown(
                "There is no such adjustment. Request it first: request-adjustment.",
                "没有这个调整。请先使用 request-adjustment 申请。",
            )
        return self.requested

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": self.requested.location if self.requested else ""}

    def evolve(self, event: AdjustmentEvent) -> Self:
        match event:
            case AdjustmentRequested():
                return replace(self, requested=event, status="requested")
            case AdjustmentMade():
                return replace(self, status="made")
            case AdjustmentRefused():
                return replace(self, status="refused")
            case AdjustmentWithdrawn():
                return replace(self, status="withdrawn")
            case AdjustmentReversed():
                return replace(self, status="reversed")
