"""A claim says what is wrong with goods that were delivered, and is accepted or rejected, once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from aggregates import NO_DIMENSIONS, Aggregate, Event, Refused, Unknown, refuse_unequal
from aggregates.assignee import of_business
from aggregates.marks import names

Fault = Literal["damaged", "short", "wrong", "late", "other"]
Remedy = Literal["credit", "return", "replacement"]


class ClaimFiled(Event):
    """`line` is that of the order."""

    order: str
    customer: str
    customer_kind: str
    shipment: str
    line: int
    item: str
    quantity: int
    fault: Fault
    reason: str
    rep: str
    department: str
    region: str

    def recorded_under(self) -> str:
        return "filed"


class ClaimAccepted(Event):
    """What is given is on the order, as the loss, return or exchange of the claim's id;
    `replacement` is what goes out.
    """

    remedy: Remedy
    replacement: Annotated[str | None, names("order")]


class ClaimRejected(Event):
    reason: str


ClaimEvent = ClaimFiled | ClaimAccepted | ClaimRejected


class ClaimSettled(Refused):
    """A claim is settled once."""


@dataclass(frozen=True)
class Claim(Aggregate):
    kind: ClassVar[str] = "claim"

    filed: ClaimFiled | None = None
    settled: ClaimAccepted | ClaimRejected | None = None

    @property
    def open(self) -> bool:
        return self.filed is not None and self.settled is None

    def accept(self, remedy: Remedy, replacement: str | None) -> Iterator[ClaimEvent]:
        self.unsettled("rejected" if isinstance(self.settled, ClaimRejected) else "accepted")
        yield ClaimAccepted(remedy, replacement)

    def reject(self, reason: str) -> Iterator[ClaimEvent]:
        self.known()
        if isinstance(self.settled, ClaimRejected):
            refuse_unequal(("reason", self.settled.reason, reason))
            return
        self.unsettled("accepted")
        yield ClaimRejected(reason)

    def unsettled(self, how: str) -> None:
        self.known()
        if self.settled is not None:
            zh = "接受" if how == "accepted" else "拒绝"
            raise ClaimSettled(
                f"The claim was {how} already. File another for what is still wrong.",
                f"此索赔已被{zh}。如仍有问题请另行提出索赔。",
            )

    def known(self) -> ClaimFiled:
        if self.filed is None:
            raise Unknown(
                "There is no such claim. File the claim first: file-claim.",
                "没有这项索赔。请先提出索赔：file-claim。",
            )
        return self.filed

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.filed is None else of_business(self.filed)

    def evolve(self, event: ClaimEvent) -> Self:
        match event:
            case ClaimFiled():
                return replace(self, filed=event)
            case ClaimAccepted() | ClaimRejected():
                return replace(self, settled=event)
