"""What may be asked about opportunities."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field

from aggregates.customer import Customer
from aggregates.opportunity import (
    PIPELINES,
    LostReason,
    Opportunity,
    OpportunityEvent,
    OpportunityOpened,
)
from commands import Amount, Command, Currency, Day, Decision, Id, Load, Text
from commands.business import attribution, business


class OpenOpportunity(Command, of=Opportunity):
    """Open an opportunity with a customer, in the first stage of its pipeline."""

    customer: Id
    title: Text
    pipeline: Literal["standard", "tender"] = "standard"
    amount: Amount
    currency: Currency
    expected_close: Day | None = None
    rep: Id | None = Field(None, description="The customer's owner, unless told otherwise.")
    department: Id | None = None
    region: Id | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Opportunity = load(Opportunity, self.id)
        opened = self._new(load, at) if state.opened is None else self._again(state.opened)
        for event in state.open(opened):
            yield self.stream, event

    def _new(self, load: Load, at: datetime) -> OpportunityOpened:
        customer, who = business(load, self.customer, self.rep, self.department, self.region)
        stages = PIPELINES[self.pipeline]
        return OpportunityOpened(
            self.customer,
            self.title,
            self.pipeline,
            stages,
            stages[0],
            self.amount,
            self.currency,
            self.expected_close,
            *who,
            at,
            customer.customer_kind,
            customer.registered.source if customer.registered else None,
        )

    def _again(self, first: OpportunityOpened) -> OpportunityOpened:
        """What was opened before, as this request has it; what it leaves open is as it was."""
        names = "customer", "title", "pipeline", "amount", "currency", "expected_close"
        asked = {name: getattr(self, name) for name in names}
        who = {name: getattr(self, name) for name in ("rep", "department", "region")}
        told = {name: value for name, value in who.items() if value is not None}
        return replace(first, **asked, **told)


class AdvanceOpportunity(Command, of=Opportunity):
    """Move an opportunity to another stage of its pipeline, further on or back."""

    stage: Id

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.advance(self.stage, at)


class RevalueOpportunity(Command, of=Opportunity):
    """Change the amount that is expected."""

    amount: Amount

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.revalue(self.amount)


class RescheduleOpportunity(Command, of=Opportunity):
    """Change the day on which it is expected to close."""

    expected_close: Day | None

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.reschedule(self.expected_close)


class ReassignOpportunity(Command, of=Opportunity):
    """Give an opportunity to another representative."""

    rep: Id
    department: Id | None = Field(None, description="Where the representative works now.")
    region: Id | None = Field(None, description="Where the representative works now.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Opportunity = load(Opportunity, self.id)
        state.live()
        for event in state.reassign(*attribution(load, self.rep, self.department, self.region)):
            yield self.stream, event


class WinOpportunity(Command, of=Opportunity):
    """Close an opportunity as won, with the order it led to."""

    order: Id | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Opportunity = load(Opportunity, self.id)
        for event in state.win(self.order, at):
            load(Customer, state.live().customer).served()
            yield self.stream, event


class LoseOpportunity(Command, of=Opportunity):
    """Close an opportunity as lost, and say why; "other" needs a detail."""

    reason: LostReason
    detail: Text | None = None

    def decide(self, state: Opportunity, at: datetime) -> Iterator[OpportunityEvent]:
        return state.lose(self.reason, self.detail, at)
