"""An opportunity moves through its pipeline's stages until it is won or lost for good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.calendar import business_day
from aggregates.marks import BasisPoints, Money, Seconds
from aggregates.opportunities.stage_tasks import Gate, StageTask, StageTasks, between

PIPELINES: Mapping[str, tuple[str, ...]] = {
    "standard": ("qualification", "needs_analysis", "proposal", "negotiation"),
    "tender": ("announced", "bid_prepared", "submitted", "shortlisted"),
}
OPENED = "opened"
End = Literal["won", "lost"]
LostReason = Literal["price", "competitor", "no_budget", "no_decision", "timing", "other"]


class OpportunityOpened(Event):
    customer: str
    title: str
    pipeline: str
    stages: tuple[str, ...]
    stage: str
    amount: Money
    currency: str
    expected_close: date | None
    rep: str
    department: str
    region: str
    entered_at: datetime
    customer_kind: str | None = None
    source: str | None = None
    products: tuple[str, ...] | None = None
    probabilities: tuple[BasisPoints | None, ...] | None = None
    """How likely each stage is to be won, in basis points, where the pipeline says so."""
    deal_type: str | None = None
    tasks: tuple[StageTask, ...] | None = None
    gate: Gate = "free"
    settings: str | None = None
    """The version by which its type has that pipeline."""

    def recorded_under(self) -> str:
        return OPENED


class OpportunityDetailsChanged(Event):
    """All details as they are from now on; its customer's kind and source stay as it was opened."""

    title: str
    customer: str
    products: tuple[str, ...]


class OpportunityCorrected(Event):
    """Its pipeline or currency had been entered wrongly: it stands in that stage, worth that."""

    from_pipeline: str
    from_stage: str
    from_currency: str
    pipeline: str
    stages: tuple[str, ...]
    stage: str
    amount: Money
    currency: str
    rep: str
    department: str
    region: str
    opened_amount: Money
    customer_kind: str | None
    source: str | None
    tasks: tuple[StageTask, ...] | None = None
    gate: Gate = "free"


class OpportunityAdvanced(Event):
    """It entered another stage, further on (`forward`) or back; by itself through a milestone."""

    pipeline: str
    from_stage: str
    stage: str
    amount: Money
    currency: str
    rep: str
    department: str
    region: str
    seconds: Seconds
    entered_at: datetime
    forward: bool
    milestone: str | None = None


class OpportunityRevalued(Event):
    pipeline: str
    stage: str
    from_amount: Money
    amount: Money
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
    amount: Money
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
    amount: Money
    currency: str
    rep: str
    department: str
    region: str
    seconds: Seconds
    order: str | None
    customer_kind: str | None = None
    source: str | None = None
    closed_at: datetime | None = None


class OpportunityLost(Event):
    pipeline: str
    from_stage: str
    amount: Money
    currency: str
    rep: str
    department: str
    region: str
    seconds: Seconds
    reason: LostReason
    detail: str | None
    customer_kind: str | None = None
    source: str | None = None
    closed_at: datetime | None = None


class OpportunityReopened(Event, anytime=True):
    """It was closed by mistake, and stands where it stood. Its instant is that of the end that it
    takes back, and the other fields are those of that.
    """

    end: End
    pipeline: str
    stage: str
    amount: Money
    currency: str
    rep: str
    department: str
    region: str
    seconds: Seconds
    reason: str
    lost_reason: LostReason | None
    customer_kind: str | None
    source: str | None
    closed_at: datetime | None

    def happened(self) -> datetime | None:
        return self.closed_at


class OpportunityDocumentAdded(Event, anytime=True):
    """A quotation, a contract or an order was drafted for it; while one goes on, it is not lost."""

    quotation: str | None
    order: str | None
    contract: str | None = None


class StageTaskCompleted(Event):
    stage_task: str
    stage: str
    title: str
    milestone: bool
    rep: str
    result: str | None


class StageTaskReopened(Event):
    stage_task: str
    stage: str
    title: str
    milestone: bool
    rep: str
    reason: str


OpportunityEvent = (
    OpportunityOpened
    | OpportunityDetailsChanged
    | OpportunityCorrected
    | OpportunityAdvanced
    | OpportunityRevalued
    | OpportunityRescheduled
    | OpportunityReassigned
    | OpportunityWon
    | OpportunityLost
    | OpportunityReopened
    | OpportunityDocumentAdded
    | StageTaskCompleted
    | StageTaskReopened
)


class NoSuchStage(Refused):
    """A pipeline has its own stages and no others."""


class OpportunityClosed(Refused):
    """Won and lost are final, unless they were told by mistake."""


class StillOpen(Refused):
    """What is open is not opened again."""


class ClosesBeforeOpened(Refused):
    """Nothing is expected to close before it was opened."""


class ReasonMissing(Refused):
    """A loss is explained, and "other" explains nothing."""


class Stamp(NamedTuple):
    """What every change of a figure carries."""

    amount: Money = 0
    currency: str = ""
    rep: str = ""
    department: str = ""
    region: str = ""


NOTHING = Stamp()


@dataclass(frozen=True)
class Opportunity(Aggregate):
    kind: ClassVar[str] = "opportunity"

    opened: OpportunityOpened | None = None
    title: str = ""
    customer: str = ""
    products: tuple[str, ...] = ()
    pipeline: str = ""
    stages: tuple[str, ...] = ()
    stage: str = ""
    entered_at: datetime | None = None
    stamp: Stamp = NOTHING
    expected_close: date | None = None
    won: OpportunityWon | None = None
    lost: OpportunityLost | None = None
    reopened: OpportunityReopened | None = None
    quotations: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()  # drafted for it
    contracts: tuple[str, ...] = ()  # drafted for it without a quotation
    tasks: StageTasks = field(default_factory=StageTasks)

    def open(self, opportunity: OpportunityOpened) -> Iterator[OpportunityEvent]:
        if not repeats(self.opened, opportunity):
            _closes_after(opportunity.expected_close, opportunity.entered_at)
            yield opportunity

    def change(self, **told: Any) -> Iterator[OpportunityEvent]:
        """Change what is told of title, customer and products, and keep the rest."""
        self.live()
        after = replace(self, **told)
        if after != self:
            yield OpportunityDetailsChanged(after.title, after.customer, after.products)

    def correct(
        self,
        currency: str | None,
        pipeline: str | None,
        stages: tuple[str, ...],
        tasks: StageTasks,
    ) -> Iterator[OpportunityEvent]:
        """Put another currency or pipeline in; it stays in its stage, where that one has it too,
        and stands in the first one else.
        """
        opened, before = self.live(), (self.pipeline, self.stage, self.stamp.currency)
        stamp = self.stamp._replace(currency=currency or self.stamp.currency)
        if pipeline is None or pipeline == self.pipeline:
            pipeline, stages, stage = self.pipeline, self.stages, self.stage
            tasks = self.tasks
        else:
            stage = self.stage if self.stage in stages else stages[0]
        if (pipeline, stage, stamp.currency) != before:
            there = *before, pipeline, stages, stage
            came = *_came(opened), tasks.every or None, tasks.gate
            yield OpportunityCorrected(*there, *stamp, opened.amount, *came)

    def advance(self, stage: str, at: datetime) -> Iterator[OpportunityEvent]:
        self.live()
        stages = self.stages
        if stage not in stages:
            raise NoSuchStage(
                f"{self.pipeline} has no stage {stage}. Choose {', '.join(stages)}.",
                f"{self.pipeline} 没有阶段 {stage}。请从 {'、'.join(stages)} 中选择。",
            )
        if stage != self.stage:
            self.tasks.refuse_open(between(stages, self.stage, stage))
            yield self._moved(stage, at)

    def follow_milestone(self, at: datetime) -> Iterator[OpportunityEvent]:
        """Enter the next stage, where a milestone of this one is done: once for each."""
        milestone = self.tasks.milestone(self.stage)
        after = self.stages[self.stages.index(self.stage) + 1 :] if milestone else ()
        if self.open_now and after:
            yield self._moved(after[0], at, milestone)

    def _moved(self, stage: str, at: datetime, milestone: str | None = None) -> OpportunityAdvanced:
        forward = self.stages.index(stage) > self.stages.index(self.stage)
        step = *self.stamp, self.seconds(at), at, forward, milestone
        return OpportunityAdvanced(self.pipeline, self.stage, stage, *step)

    def complete_task(self, task: str, result: str | None) -> Iterator[OpportunityEvent]:
        self.live()
        what = self.tasks.find(task)
        if task in self.tasks.done:
            refuse_unequal(("result", self.tasks.done[task], result))
            return
        about = what.stage, what.title, what.milestone
        yield StageTaskCompleted(task, *about, self.stamp.rep, result)

    def reopen_task(self, task: str, reason: str) -> Iterator[OpportunityEvent]:
        self.live()
        what = self.tasks.find(task)
        if task in self.tasks.done:
            about = what.stage, what.title, what.milestone
            yield StageTaskReopened(task, *about, self.stamp.rep, reason)
        else:
            self.tasks.refuse_undone(task)
            refuse_unequal(("reason", self.tasks.reopened[task], reason))

    def revalue(self, amount: int) -> Iterator[OpportunityEvent]:
        self.live()
        if amount != (before := self.stamp.amount):
            yield OpportunityRevalued(
                self.pipeline, self.stage, before, *self.stamp._replace(amount=amount)
            )

    def reschedule(self, expected_close: date | None) -> Iterator[OpportunityEvent]:
        opened = self.live()
        if expected_close != self.expected_close:
            _closes_after(expected_close, opened.entered_at)
            yield OpportunityRescheduled(self.expected_close, expected_close)

    def reassign(self, rep: str, department: str, region: str) -> Iterator[OpportunityEvent]:
        self.live()
        amount, currency, *before = self.stamp
        if before != (after := [rep, department, region]):
            yield OpportunityReassigned(
                self.pipeline, self.stage, amount, currency, *before, *after
            )

    def win(self, order: str | None, at: datetime) -> Iterator[OpportunityEvent]:
        if self.won is None:
            came = _came(self.live())
            self.tasks.refuse_open(self.stages[self.stages.index(self.stage) :])
            stood = self.pipeline, self.stage, *self.stamp, self.seconds(at)
            yield OpportunityWon(*stood, order, *came, at)
        else:
            refuse_unequal(("order", self.won.order, order))

    def lose(
        self, reason: LostReason, detail: str | None, at: datetime
    ) -> Iterator[OpportunityEvent]:
        if reason == "other" and not detail:
            raise ReasonMissing(
                'Say in the detail why it was lost: "other" explains nothing.',
                '请在说明中写明丢单原因："other" 等于没有说明。',
            )
        if self.lost is None:
            came = _came(self.live())
            stood = self.pipeline, self.stage, *self.stamp, self.seconds(at)
            yield OpportunityLost(*stood, reason, detail, *came, at)
            return
        refuse_unequal(("reason", self.lost.reason, reason), ("detail", self.lost.detail, detail))

    def reopen(self, reason: str) -> Iterator[OpportunityEvent]:
        """Take back how it ended, as if that had not been told."""
        end = self.won or self.lost
        if end is None:
            if self.opened is not None and self.reopened is None:
                raise StillOpen(
                    "This opportunity is open: nothing was closed by mistake. Go on with it.",
                    "此商机仍在进行，没有误关闭。请继续跟进。",
                )
            self.live()
            refuse_unequal(("reason", self.reopened and self.reopened.reason, reason))
            return
        came = end.customer_kind, end.source, end.closed_at
        lost = end.reason if isinstance(end, OpportunityLost) else None
        stood = end.pipeline, end.from_stage, end.amount, end.currency
        whose = end.rep, end.department, end.region, end.seconds
        yield OpportunityReopened("lost" if lost else "won", *stood, *whose, reason, lost, *came)

    def live(self) -> OpportunityOpened:
        if self.opened is None:
            raise Unknown(
                "There is no such opportunity. Open the opportunity first.",
                "没有这个商机。请先创建商机。",
            )
        if self.won or self.lost:
            raise OpportunityClosed(
                "This opportunity is closed for good. Open a new one; or, where it was closed by"
                " mistake, reopen it: reopen-opportunity.",
                "此商机已最终关闭。请创建新的商机；如系误关闭，请重新打开：reopen-opportunity。",
            )
        return self.opened

    @property
    def open_now(self) -> bool:
        return self.opened is not None and self.won is None and self.lost is None

    def seconds(self, at: datetime) -> int:
        """How long it was in its stage."""
        return int((at - self.entered_at).total_seconds()) if self.entered_at else 0

    @property
    def dimensions(self) -> Mapping[str, str]:
        stamp = self.stamp
        place = {"department": stamp.department, "region": stamp.region}
        return {**place, "owner": stamp.rep, "dealer": self.customer}

    def evolve(self, event: OpportunityEvent) -> Self:
        match event:
            case OpportunityOpened():
                stamp = Stamp(
                    event.amount, event.currency, event.rep, event.department, event.region
                )
                born = replace(self, opened=event, pipeline=event.pipeline, stage=event.stage)
                born = replace(born, stages=event.stages)
                born = replace(born, title=event.title, customer=event.customer)
                born = replace(born, products=event.products or ())
                born = replace(born, expected_close=event.expected_close)
                born = replace(born, tasks=StageTasks.of(event))
                return replace(born, stamp=stamp, entered_at=event.entered_at)
            case OpportunityDetailsChanged(title, customer, products):
                return replace(self, title=title, customer=customer, products=products)
            case OpportunityCorrected():
                stamp = self.stamp._replace(currency=event.currency)
                there = replace(self, pipeline=event.pipeline, stages=event.stages, stamp=stamp)
                if event.pipeline != event.from_pipeline:
                    there = replace(there, tasks=StageTasks.of(event))
                return replace(there, stage=event.stage)
            case OpportunityAdvanced(from_stage=left, stage=stage, entered_at=at):
                return replace(self, stage=stage, entered_at=at, tasks=self.tasks.left(left))
            case StageTaskCompleted(task, result=result):
                return replace(self, tasks=self.tasks.completed(task, result))
            case StageTaskReopened(task, reason=reason):
                return replace(self, tasks=self.tasks.opened_again(task, reason))
            case OpportunityRevalued(amount=amount):
                return replace(self, stamp=self.stamp._replace(amount=amount))
            case OpportunityRescheduled(_, expected_close):
                return replace(self, expected_close=expected_close)
            case OpportunityReassigned(rep=rep, department=department, region=region):
                stamp = self.stamp._replace(rep=rep, department=department, region=region)
                return replace(self, stamp=stamp)
            case OpportunityWon() | OpportunityLost() | OpportunityReopened():
                return self._ended(event)
            case OpportunityDocumentAdded(quotation, order, contract):
                quotations = self.quotations if quotation is None else (*self.quotations, quotation)
                orders = self.orders if order is None else (*self.orders, order)
                contracts = self.contracts if contract is None else (*self.contracts, contract)
                return replace(self, quotations=quotations, orders=orders, contracts=contracts)

    def _ended(self, event: OpportunityWon | OpportunityLost | OpportunityReopened) -> Self:
        match event:
            case OpportunityWon():
                return replace(self, won=event)
            case OpportunityLost():
                return replace(self, lost=event)
            case OpportunityReopened():
                return replace(self, won=None, lost=None, reopened=event)


def _closes_after(expected_close: date | None, opened_at: datetime) -> None:
    day = business_day(opened_at)
    if expected_close is not None and expected_close < day:
        raise ClosesBeforeOpened(
            f"It was opened on {day}, so it cannot be expected to close on {expected_close}."
            " Give that day or a later one.",
            f"商机创建于 {day}，预计成交日不能是 {expected_close}。请填写该日或之后的日期。",
        )


def _came(opened: OpportunityOpened) -> tuple[str | None, str | None]:
    """From what kind of customer it came, and how."""
    return opened.customer_kind, opened.source
