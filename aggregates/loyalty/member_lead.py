"""A member lead is somebody whom a campaign has reached: he becomes a member once, or is let go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown, refuse_unequal, repeats
from aggregates.marks import names

CAPTURED = "captured"


class MemberLeadCaptured(Event):
    name: Personal[str] | None
    phone: Personal[str] | None
    campaign: str
    dealer: str | None

    def recorded_under(self) -> str:
        return CAPTURED


class MemberLeadEnrolled(Event):
    """He is that member now; campaign and dealer are those of the lead."""

    member: Annotated[str, names("member")]
    campaign: str
    dealer: str | None


class MemberLeadDropped(Event):
    reason: str
    campaign: str
    dealer: str | None


MemberLeadEvent = MemberLeadCaptured | MemberLeadEnrolled | MemberLeadDropped


class LeadSettled(Refused):
    """Who became a member, or was let go, is no lead any more."""


@dataclass(frozen=True)
class MemberLead(Aggregate):
    kind: ClassVar[str] = "member_lead"

    campaign: str = ""
    dealer: str | None = None
    member: str | None = None
    dropped: str | None = None  # the reason

    def capture(
        self, asked: MemberLeadCaptured, before: MemberLeadCaptured | None
    ) -> Iterator[MemberLeadEvent]:
        if not repeats(before, asked):
            yield asked

    def enrol(self, member: str) -> Iterator[MemberLeadEvent]:
        if self.member is not None:
            refuse_unequal(("member", self.member, member))
            return
        self.must_be_open()
        yield MemberLeadEnrolled(member, self.campaign, self.dealer)

    def drop(self, reason: str) -> Iterator[MemberLeadEvent]:
        if self.dropped is not None:
            refuse_unequal(("reason", self.dropped, reason))
            return
        self.must_be_open()
        yield MemberLeadDropped(reason, self.campaign, self.dealer)

    @property
    def open(self) -> bool:
        return self.exists and self.member is None and self.dropped is None

    def must_be_open(self) -> None:
        if not self.exists:
            raise Unknown(
                "There is no such member lead. Capture it first.",
                "没有这条潜在会员。请先登记。",
            )
        if not self.open:
            now = f"member {self.member}" if self.member else f"let go ({self.dropped})"
            zh = f"会员 {self.member}" if self.member else f"已放弃（{self.dropped}）"
            raise LeadSettled(
                f"This lead is settled: {now}. Capture another.",
                f"该潜在会员已处理：{zh}。请另行登记。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": self.dealer or ""}

    def evolve(self, event: MemberLeadEvent) -> Self:
        match event:
            case MemberLeadCaptured():
                return replace(self, campaign=event.campaign, dealer=event.dealer)
            case MemberLeadEnrolled(member):
                return replace(self, member=member)
            case MemberLeadDropped(reason):
                return replace(self, dropped=reason)
