"""What may be asked about leads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from aggregates import Aggregate, Event, Personal
from aggregates.leads.assignment import LeadAssignmentSettings
from aggregates.leads.lead import LIVE, TOLD, Lead
from aggregates.leads.lead.events import (
    CAPTURED,
    DisqualifyReason,
    LeadCaptured,
    LeadEvent,
)
from aggregates.leads.numbers import LeadNumbers
from aggregates.leads.sources import LeadSource
from aggregates.organisation.rep import Rep
from commands import Amount, Currency, Day, Decision, Id, Load, Text, registers
from commands.authorisation import person_of
from commands.change import Change, Kept
from commands.fields import LongText
from commands.leads.desk import LeadCommand, by_rules, followed, given
from commands.numbers import Numbered
from commands.opportunities.opportunity import about
from commands.organisation.rep import placed
from commands.settings import in_force

Products = Annotated[tuple[Id, ...], Field(max_length=100)]
CUSTOMER = Field(None, description="Whose need it is, where it is a customer already.")
APPOINTMENT = Field(None, description="At which visit or meeting it was found.")


def _live(state: Lead) -> bool:
    return state.status in LIVE


class CaptureLead(Numbered, of=Lead):
    """Keep a need that somebody may have: from a campaign, a call, a visit, or however it came.

    Unless an owner is named, it is given away by the rules of the settings leads.assignment.
    """

    numbers = LeadNumbers

    title: Text = Field(description="What it is about, in a few words.")
    source: LeadSource
    campaign: Text | None = Field(None, description="By which campaign it came.")
    appointment: Id | None = APPOINTMENT
    need: LongText | None = Field(None, description="What is needed, and by when.")
    company: Text | None = None
    contact_name: Personal[Text] | None = Field(None, description="Whom to talk to.")
    phone: Personal[Text] | None = None
    email: Personal[Text] | None = None
    address: Personal[Text] | None = None
    tax_id: Text | None = None
    customer: Id | None = CUSTOMER
    products: Products = Field((), description="What it is about.")
    amount: Amount | None = Field(None, description="What it may be worth.")
    currency: Currency | None = None
    region: Id | None = Field(None, description="Where whoever has the need is.")
    department: Id | None = Field(None, description="Where it waits until somebody has it.")
    owner: Id | None = Field(None, description="Whose it is: by the rules, unless told otherwise.")

    def begins_in(self) -> Mapping[str, str]:
        """Whoever hears of a need passes it on to where it belongs."""
        return {}

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Lead = load(Lead, self.id)
        before: LeadCaptured | None = None
        if state.status:
            before = load.event(Lead, self.id, CAPTURED)
        else:
            _there(load, self.customer, self.appointment, self.products)
            placed(load, self.department, self.region)
        for event in state.capture(self._told(load, at, before), before):
            yield self.stream, event
            for given_away in self._given(load, at):
                yield self.stream, given_away
            yield from followed(load, self.id, state)

    def _told(self, load: Load, at: datetime, before: LeadCaptured | None) -> LeadCaptured:
        """What it leaves open is as it was, where it was captured before."""
        told: dict[str, Any] = {name: getattr(self, name) for name in (*TOLD, "region", "owner")}
        if before is not None:
            finder, waits_in = before.captured_by, before.department
        else:
            finder = person_of(load, load.actor)
            waits_in = in_force(load, LeadAssignmentSettings, at).settings.department
            if waits_in is None and finder is not None:
                waits_in = load(Rep, finder).department
        told |= {"department": self.department or waits_in, "captured_by": finder}
        return LeadCaptured(**told)

    def _given(self, load: Load, at: datetime) -> Iterator[Any]:
        if self.owner is not None:
            return given(load, self.id, self.owner, None, at)
        return by_rules(load, self.id, at)


class ChangeLeadDetails(Change, of=Lead, when=_live):
    """Correct or complete what is known of a lead; what is left out stays, and null clears it."""

    title: Kept[Text] = None
    source: Kept[LeadSource] = None
    campaign: Text | None = None
    appointment: Id | None = APPOINTMENT
    need: LongText | None = None
    company: Text | None = None
    contact_name: Personal[Text] | None = None
    phone: Personal[Text] | None = None
    email: Personal[Text] | None = None
    address: Personal[Text] | None = None
    tax_id: Text | None = None
    customer: Id | None = CUSTOMER
    products: Kept[Products] = None
    amount: Amount | None = None
    currency: Currency | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Lead = load(Lead, self.id)
        state.live()
        _there(load, self.customer, self.appointment, self.products or ())
        now = load.event(Lead, self.id, state.details)
        for event in state.change(now, self.told(*TOLD)) if now else ():
            yield self.stream, event


class AssignLead(LeadCommand, of=Lead, when=_live):
    """Give a lead to a person; without one, what waits is given by the rules of the settings.

    It is refused where that person has as many open leads as the settings allow.
    """

    by_share: ClassVar[bool] = False

    owner: Id | None = Field(None, description="Whose it is from now on.")
    reason: Text | None = None

    def decided(self, load: Load, state: Lead, at: datetime) -> Iterator[Event]:
        state.live()
        if self.owner is not None:
            return given(load, self.id, self.owner, self.reason, at)
        return by_rules(load, self.id, at) if not state.who.owner else iter(())


class QualifyLead(LeadCommand, of=Lead, when=lambda lead: lead.status in {"open", "nurturing"}):
    """Say that there is a need that can be served: from then on it may be converted."""

    comment: LongText | None = None

    def decide(self, state: Lead, at: datetime) -> Iterator[LeadEvent]:
        return state.qualify(self.comment)


class NurtureLead(LeadCommand, of=Lead, when=_live):
    """Put a lead off until a day, and say why. On that day it comes back by itself."""

    until: Day = Field(description="The day on which it comes back.")
    reason: Text

    def decide(self, state: Lead, at: datetime) -> Iterator[LeadEvent]:
        return state.nurture(self.reason, self.until, at)


class DisqualifyLead(LeadCommand, of=Lead, when=_live):
    """Say that nothing comes of a lead, and why; "other" needs a detail. It stays to be found."""

    reason: DisqualifyReason
    detail: Text | None = None

    def decide(self, state: Lead, at: datetime) -> Iterator[LeadEvent]:
        return state.disqualify(self.reason, self.detail)


class ResumeLead(
    LeadCommand, of=Lead, when=lambda lead: lead.status in {"nurturing", "disqualified"}
):
    """Follow a lead up again that was put off or given up, and say why."""

    reason: Text

    def decide(self, state: Lead, at: datetime) -> Iterator[LeadEvent]:
        return state.resume(self.reason)


class ResumeNurturedLead(LeadCommand):
    """Bring a lead back whose day has come.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Lead

    def decide(self, state: Lead, at: datetime) -> Iterator[LeadEvent]:
        return state.day_came(at)


def _there(
    load: Load, customer: str | None, appointment: str | None, products: tuple[str, ...]
) -> None:
    """Refuse to name what there is not."""
    registers.customer(load, customer)
    registers.appointment(load, appointment)
    about(load, products)
