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
    accepted: ClaimAccepted | None = None
    rejected: ClaimRejected | None = None

    @property
    def open(self) -> bool:
        return self.filed is not None and self.accepted is None and self.rejected is None

    def accept(self, remedy: Remedy, replacement: str | None) -> Iterator[ClaimEvent]:
        self._refuse_settled()
        yield ClaimAccepted(remedy, replacement)

    def reject(self, reason: str) -> Iterator[ClaimEvent]:
        self.known()
        if self.rejected is not None:
            refuse_unequal(("reason", self.rejected.reason, reason))
            return
        self._refuse_settled()
        yield ClaimRejected(reason)

    def _refuse_settled(self) -> None:
        self.known()
        if not self.open:
            how, zh = ("rejected", "拒绝") if self.accepted is None else ("accepted", "接受")
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
            case ClaimAccepted():
                return replace(self, accepted=event)
            case ClaimRejected():
                return replace(self, rejected=event)
