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
    """What is given is on the order, as the loss, return or exchange `given`, which is the claim's
    id where it is not said; `replacement` is what goes out.
    """

    remedy: Remedy
    replacement: Annotated[str | None, names("order")]
    given: str | None = None


class ClaimRejected(Event):
    reason: str


class ClaimReopened(Event):
    """What was given for it was taken back: it waits to be accepted or rejected anew."""

    reason: str


ClaimEvent = ClaimFiled | ClaimAccepted | ClaimRejected | ClaimReopened


class ClaimSettled(Refused):
    """A claim is settled once."""


@dataclass(frozen=True)
class Claim(Aggregate):
    kind: ClassVar[str] = "claim"

    filed: ClaimFiled | None = None
    accepted: ClaimAccepted | None = None
    rejected: ClaimRejected | None = None
    reopened: int = 0

    @property
    def open(self) -> bool:
        return self.filed is not None and self.accepted is None and self.rejected is None

    def given(self, id: str) -> str:
        """Under what the order has what is given for it: each time under another id."""
        if self.accepted is not None:
            return self.accepted.given or id
        return f"{id}-{self.reopened + 1}" if self.reopened else id

    def accept(self, remedy: Remedy, replacement: str | None, given: str) -> Iterator[ClaimEvent]:
        self._refuse_settled()
        yield ClaimAccepted(remedy, replacement, given)

    def reopen(self, given: str, reason: str) -> Iterator[ClaimEvent]:
        if self.accepted is not None and self.accepted.given == given:
            yield ClaimReopened(reason)

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
            case ClaimReopened():
                return replace(self, accepted=None, reopened=self.reopened + 1)
