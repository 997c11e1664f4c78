"""What may be asked about opportunities."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate, Event, Refused
from aggregates.catalog.product import Product
from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import Portfolio
from aggregates.opportunities.methods import DealTypes
from aggregates.opportunities.numbers import OpportunityNumbers
from aggregates.opportunities.opportunity import (
    OPENED,
    LostReason,
    Opportunity,
    OpportunityEvent,
    OpportunityOpened,
)
from aggregates.opportunities.stage_tasks import StageTasks
from aggregates.orders.order import SalesOrder
from aggregates.pricing.contract import Contract
from aggregates.pricing.quotation import Quotation
from commands import Amount, Command, Currency, Day, Decision, Id, Load, Text, registers
from commands.business import attribution, business, one_customer, together
from commands.change import Change, Kept
from commands.customers.portfolio import listed
from commands.numbers import Numbered
from commands.opportunities.pipeline import stages_of, tasks_of
from commands.settings import in_force

Products = Annotated[tuple[Id, ...], Field(max_length=100)]


def _open(state: Opportunity) -> bool:
    return state.open_now


def _has_tasks(state: Opportunity) -> bool:
    return state.open_now and bool(state.tasks.every)


class OtherMethod(Refused):
    """The type of a deal says which way it goes."""


class StillActive(Refused):
    """While something that was offered or ordered for an opportunity goes on, it is not lost, and
    what it was won with is not taken back.
    """


class OpportunityCommand(Command):
    """A request about one opportunity, which its customer's list of open ones follows."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: Opportunity = load(Opportunity, self.id)
        happened = False
        for event in self.decided(load, before, at):
            happened = True
            yield self.stream, event
        if happened:
            yield from listed(load, self.id, load(Opportunity, self.id), before.customer)

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        """What happens to the opportunity itself."""
        yield from self.decide(state, at)


class OpenOpportunity(Numbered, OpportunityCommand, of=Opportunity):
    """Open an opportunity with a customer, in the first stage of its pipeline."""

    numbers = OpportunityNumbers
    added = (*Command.added, "products", "deal_type")

    customer: Id
    title: Text
    deal_type: Id | None = Field(None, description="It picks the pipeline, by the settings.")
    pipeline: Id = Field("standard", description="A built-in one, or one of the company's own.")
    amount: Amount
    currency: Currency
    expected_close: Day | None = None
    rep: Id | None = Field(None, description="The customer's owner, unless told otherwise.")
    department: Id | None = None
    region: Id | None = None
    products: Products = Field((), description="What it is about.")

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Opportunity, self.id
        yield Customer, self.customer
        yield Portfolio, self.customer

    def apart(self, load: Load, _: str) -> str:
        return business(load, self.customer, self.rep, self.department, self.region)[1][1]

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        if state.opened is None:
            return state.open(self._new(load, at))
        load.event(Opportunity, self.id, OPENED)  # so that the answer tells of it
        return state.open(self._again(state.opened))

    def _new(self, load: Load, at: datetime) -> OpportunityOpened:
        customer, who = business(load, self.customer, self.rep, self.department, self.region)
        pipeline, version = self._method(load, at)
        stages, tasks = stages_of(load, pipeline), tasks_of(load, pipeline)
        likely = tuple(each.probability_bp for each in stages)
        return OpportunityOpened(
            self.customer,
            self.title,
            pipeline,
            tuple(each.stage for each in stages),
            stages[0].stage,
            self.amount,
            self.currency,
            self.expected_close,
            *who,
            at,
            customer.customer_kind,
            customer.source,
            about(load, self.products) or None,
            likely if any(each is not None for each in likely) else None,
            self.deal_type,
            tasks.every or None,
            tasks.gate,
            version,
        )

    def _method(self, load: Load, at: datetime) -> tuple[str, str | None]:
        """The pipeline of its type, and the version that says so."""
        if self.deal_type is None:
            return self.pipeline, None
        settings, version = in_force(load, DealTypes, at)
        pipeline = settings.pipeline(self.deal_type)
        if "pipeline" in self.model_fields_set and self.pipeline != pipeline:
            raise OtherMethod(
                f"Deals of type {self.deal_type} go through {pipeline}. Leave the pipeline out, or"
                " the type.",
                f"类型为 {self.deal_type} 的商机使用销售流程 {pipeline}。"
                "请不要填写流程，或不填写类型。",
            )
        return pipeline, version

    def _again(self, first: OpportunityOpened) -> OpportunityOpened:
        """What was opened before, as this request has it; what it leaves open is as it was."""
        names = "customer", "title", "deal_type", "amount", "currency", "expected_close"
        asked = {name: getattr(self, name) for name in names}
        if self.deal_type is None or "pipeline" in self.model_fields_set:
            asked["pipeline"] = self.pipeline
        who = {name: getattr(self, name) for name in ("rep", "department", "region")}
        told = {name: value for name, value in who.items() if value is not None}
        return replace(first, **asked, **told, products=self.products or None)


class ChangeOpportunityDetails(OpportunityCommand, Change, of=Opportunity, when=_open):
    """Correct what an open opportunity is about; what is left out stays.

    In another pipeline it stays in the stage of that name, or begins in the first one.
    """

    added = (*Command.added, "currency", "pipeline")

    title: Kept[Text] = None
    customer: Kept[Id] = None
    products: Kept[Products] = None
    currency: Kept[Currency] = None
    pipeline: Kept[Id] = None

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        told = self.told("title", "customer", "products")
        state.live()
        if self.customer not in (None, state.customer):
            registers.found(load, Customer, self.customer).served()
            self._refuse_parting(load, state, self.customer)
        about(load, told.get("products", ()))
        stages, tasks = tuple[str, ...](), StageTasks()
        if self.pipeline is not None and self.pipeline != state.pipeline:
            stages = tuple(each.stage for each in stages_of(load, self.pipeline))
            tasks = tasks_of(load, self.pipeline)
        yield from state.change(**told)
        yield from state.correct(self.currency, self.pipeline, stages, tasks)

    def _refuse_parting(self, load: Load, state: Opportunity, customer: str) -> None:
        """What was offered or ordered for it stays with its customer."""
        if not one_customer(load, state.customer, customer) and (
            active := ", ".join(_active(load, state))
        ):
            raise StillActive(
                f"{active} for {self.id} are of {state.customer}. Cancel them first, or open"
                f" another opportunity for {customer}.",
                f"商机 {self.id} 的 {active} 属于 {state.customer}。请先取消，"
                f"或为 {customer} 另建商机。",
            )


class AdvanceOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Move an opportunity to another stage of its pipeline, further on or back."""

    stage: Id

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.advance(self.stage, at)


class CompleteStageTask(OpportunityCommand, of=Opportunity, when=_has_tasks):
    """Say that a task of a stage is done. A milestone moves the opportunity to the next stage by
    itself, unless other tasks keep it in a strict one.
    """

    stage_task: Id
    result: Text | None = None

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.complete_task(self.stage_task, self.result)


class ReopenStageTask(OpportunityCommand, of=Opportunity, when=_has_tasks):
    """Say that a task of a stage is not done after all; the opportunity stays where it is."""

    stage_task: Id
    reason: Text

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.reopen_task(self.stage_task, self.reason)


class FollowMilestone(OpportunityCommand):
    """Move an opportunity on whose milestone is done, if nothing keeps it in its stage.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Opportunity

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.follow_milestone(at)


class RevalueOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Change the amount that is expected."""

    amount: Amount

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.revalue(self.amount)


class RescheduleOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Change the day on which it is expected to close."""

    expected_close: Day | None

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.reschedule(self.expected_close)


class ReassignOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Give an opportunity to another representative."""

    by_share: ClassVar[bool] = False

    rep: Id
    department: Id | None = Field(None, description="Where the representative works now.")
    region: Id | None = Field(None, description="Where the representative works now.")

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        state.live()
        return state.reassign(*attribution(load, self.rep, self.department, self.region))


class WinOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Close an opportunity as won, with the order it led to."""

    order: Id | None = None

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        for event in state.win(self.order, at):
            load(Customer, state.customer).served()
            registers.order(load, self.order)
            together(load, state.customer, order=self.order)
            yield event


class LoseOpportunity(OpportunityCommand, of=Opportunity, when=_open):
    """Close an opportunity as lost, and say why; "other" needs a detail."""

    reason: LostReason
    detail: Text | None = None

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        return super().possible(load, id, at) and not any(_active(load, load(Opportunity, id)))

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        for event in state.lose(self.reason, self.detail, at):
            if active := ", ".join(_active(load, state)):
                raise StillActive(
                    f"{self.id} cannot be lost while {active} may still come to something."
                    " Cancel it first, or win the opportunity.",
                    f"{active} 仍在进行，商机 {self.id} 不能丢单。请先取消，或将商机标为赢单。",
                )
            yield event


class ReopenOpportunity(OpportunityCommand, of=Opportunity, when=lambda state: not state.open_now):
    """Open again what was closed as won or lost by mistake: it stands where it stood. A customer
    who comes back later is another opportunity.
    """

    reason: Text

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        return super().possible(load, id, at) and not _won_with(load, load(Opportunity, id), id)

    def decided(self, load: Load, state: Opportunity, at: datetime) -> Iterator[Event]:
        for event in state.reopen(self.reason):
            if order := _won_with(load, state, self.id):
                raise StillActive(
                    f"{self.id} was won with order {order}, which goes on. Cancel the order first:"
                    " cancel-order.",
                    f"商机 {self.id} 以订单 {order} 赢单，该订单仍在进行。"
                    "请先取消订单：cancel-order。",
                )
            yield event


def _won_with(load: Load, opportunity: Opportunity, id: str) -> str | None:
    """The order that it was won with, where it is of this opportunity and goes on."""
    if opportunity.won is None or opportunity.won.order is None:
        return None
    order: SalesOrder = load(SalesOrder, opportunity.won.order)
    mine = order.drafted is not None and order.drafted.opportunity == id
    return opportunity.won.order if mine and _goes_on(order) else None


def _goes_on(order: SalesOrder) -> bool:
    return order.status not in ("rejected", "cancelled")


def _active(load: Load, opportunity: Opportunity) -> Iterator[str]:
    """The quotations, contracts and orders for an opportunity that go on, or were shipped."""
    for name in opportunity.quotations:
        quotation: Quotation = load(Quotation, name)
        if quotation.active:
            yield Quotation.stream(name)
        elif quotation.contract is not None and load(Contract, quotation.contract).goes_on:
            yield Contract.stream(quotation.contract)
    for name in opportunity.contracts:
        if load(Contract, name).goes_on:
            yield Contract.stream(name)
    for name in opportunity.orders:
        if _goes_on(load(SalesOrder, name)):
            yield SalesOrder.stream(name)


def about(load: Load, products: tuple[str, ...]) -> tuple[str, ...]:
    """The products, all of which must be known."""
    for product in products:
        registers.found(load, Product, product)
    return products
