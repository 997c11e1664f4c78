"""An opportunity moves through its pipeline's stages until it is won or lost for good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown

PIPELINES: Mapping[str, tuple[str, ...]] = {
    "standard": ("qualification", "needs_analysis", "proposal", "negotiation"),
    "tender": ("announced", "bid_prepared", "submitted", "shortlisted"),
}
LostReason = Literal["price", "competitor", "no_budget", "no_decision", "timing", "other"]


class OpportunityOpened(Event):
    customer: str
    title: str
    pipeline: str
    stages: tuple[str, ...]
    stage: str
    amount: int
    currency: str
    expected_close: date | None
    rep: str
    department: str
    region: str
    entered_at: datetime
    customer_kind: str | None = None
    source: str | None = None


class OpportunityAdvanced(Event):
    """It entered another stage, further on (`forward`) or back."""

    pipeline: str
    from_stage: str
    stage: str
    amount: int
    currency: str
    rep: str
    department: str
    region: str
    seconds: int
    entered_at: datetime
    forward: bool


class OpportunityRevalued(Event):
    pipeline: str
    stage: str
    from_amount: int
    amount: int
    currency: str
    rep: str
    department: str
    region: str


class OpportunityRescheduled(Event):
    from_date: date | None
    expected_close: date | None


class OpportunityReassigned(Event):
    pipeline: str
    stage: str
    amount: int
    currency: str
    from_rep: str
    from_department: str
    from_region: str
    rep: str
    department: str
    region: str


class OpportunityWon(Event):
    pipeline: str
    from_stage: str
    amount: int
    currency: str
    rep: str
    department: str
    region: str
    seconds: int
    order: str | None
    customer_kind: str | None = None
    source: str | None = None


class OpportunityLost(Event):
    pipeline: str
    from_stage: str
    amount: int
    currency: str
    rep: str
    department: str
    region: str
    seconds: int
    reason: LostReason
    detail: str | None
    customer_kind: str | None = None
    source: str | None = None


OpportunityEvent = (
    OpportunityOpened
    | OpportunityAdvanced
    | OpportunityRevalued
    | OpportunityRescheduled
    | OpportunityReassigned
    | OpportunityWon
    | OpportunityLost
)


class OpportunityTaken(Refused):
    """The id belongs to an opportunity opened with other details."""


class NoSuchStage(Refused):
    """A pipeline has its own stages and no others."""


class OpportunityClosed(Refused):
    """Won and lost are final."""


class ReasonMissing(Refused):
    """A loss is explained, and "other" explains nothing."""


class Stamp(NamedTuple):
    """What every change of a figure carries."""

    amount: int = 0
    currency: str = ""
    rep: str = ""
    department: str = ""
    region: str = ""


NOTHING = Stamp()


@dataclass(frozen=True)
class Opportunity(Aggregate):
    kind: ClassVar[str] = "opportunity"

    opened: OpportunityOpened | None = None
    pipeline: str = ""
    stage: str = ""
    entered_at: datetime | None = None
    stamp: Stamp = NOTHING
    expected_close: date | None = None
    won: OpportunityWon | None = None
    lost: OpportunityLost | None = None

    def open(self, opportunity: OpportunityOpened) -> Iterator[OpportunityEvent]:
        if self.opened is None:
            yield opportunity
        elif self.opened != opportunity:
            raise OpportunityTaken(
                f"This id belongs to {self.opened.title}. Choose another id.",
                f"此编号属于 {self.opened.title}。请换一个编号。",
            )

    def advance(self, stage: str, at: datetime) -> Iterator[OpportunityEvent]:
        stages = self.live().stages
        if stage not in stages:
            raise NoSuchStage(
                f"{self.pipeline} has no stage {stage}. Choose {', '.join(stages)}.",
                f"{self.pipeline} 没有阶段 {stage}。请从 {'、'.join(stages)} 中选择。",
            )
        if stage != self.stage:
            forward = stages.index(stage) > stages.index(self.stage)
            seconds = self.seconds(at)
            yield OpportunityAdvanced(
                self.pipeline, self.stage, stage, *self.stamp, seconds, at, forward
            )

    def revalue(self, amount: int) -> Iterator[OpportunityEvent]:
        self.live()
        if amount != (before := self.stamp.amount):
            yield OpportunityRevalued(
                self.pipeline, self.stage, before, *self.stamp._replace(amount=amount)
            )

    def reschedule(self, expected_close: date | None) -> Iterator[OpportunityEvent]:
        self.live()
        if expected_close != self.expected_close:
            yield OpportunityRescheduled(self.expected_close, expected_close)

    def reassign(self, rep: str, department: str, region: str) -> Iterator[OpportunityEvent]:
        self.live()
        amount, currency, *before = self.stamp
        if before != (after := [rep, department, region]):
            yield OpportunityReassigned(
                self.pipeline, self.stage, amount, currency, *before, *after
            )

    def win(self, order: str | None, at: datetime) -> Iterator[OpportunityEvent]:
        if self.won is None or self.won.order != order:
            came = _came(self.live())
            stood = self.pipeline, self.stage, *self.stamp, self.seconds(at)
            yield OpportunityWon(*stood, order, *came)

    def lose(
        self, reason: LostReason, detail: str | None, at: datetime
    ) -> Iterator[OpportunityEvent]:
        if reason == "other" and not detail:
            raise ReasonMissing(
                'Say in the detail why it was lost: "other" explains nothing.',
                '请在说明中写明丢单原因："other" 等于没有说明。',
            )
        if self.lost is None or (self.lost.reason, self.lost.detail) != (reason, detail):
            came = _came(self.live())
            stood = self.pipeline, self.stage, *self.stamp, self.seconds(at)
            yield OpportunityLost(*stood, reason, detail, *came)

    def live(self) -> OpportunityOpened:
        if self.opened is None:
            raise Unknown(
                "There is no such opportunity. Open the opportunity first.",
                "没有这个商机。请先创建商机。",
            )
        if self.won or self.lost:
            raise OpportunityClosed(
                "This opportunity is closed for good. Open a new one.",
                "此商机已最终关闭。请创建新的商机。",
            )
        return self.opened

    def seconds(self, at: datetime) -> int:
        """How long it was in its stage."""
        return int((at - self.entered_at).total_seconds()) if self.entered_at else 0

    def evolve(self, event: OpportunityEvent) -> Self:
        match event:
            case OpportunityOpened():
                stamp = Stamp(
                    event.amount, event.currency, event.rep, event.department, event.region
                )
                born = replace(self, opened=event, pipeline=event.pipeline, stage=event.stage)
                born = replace(born, expected_close=event.expected_close)
                return replace(born, stamp=stamp, entered_at=event.entered_at)
            case OpportunityAdvanced(stage=stage, entered_at=at):
                return replace(self, stage=stage, entered_at=at)
            case OpportunityRevalued(amount=amount):
                return replace(self, stamp=self.stamp._replace(amount=amount))
            case OpportunityRescheduled(_, expected_close):
                return replace(self, expected_close=expected_close)
            case OpportunityReassigned(rep=rep, department=department, region=region):
                stamp = self.stamp._replace(rep=rep, department=department, region=region)
                return replace(self, stamp=stamp)
            case OpportunityWon():
                return replace(self, won=event)
            case OpportunityLost():
                return replace(self, lost=event)


def _came(opened: OpportunityOpened) -> tuple[str | None, str | None]:
    """From what kind of customer it came, and how."""
    return opened.customer_kind, opened.source
