"""What may be asked about member leads, up to the member that one becomes."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from aggregates import Personal, refuse_unequal
from aggregates.loyalty.member import Member
from aggregates.loyalty.member_lead import (
    CAPTURED,
    MemberLead,
    MemberLeadCaptured,
    MemberLeadEvent,
)
from aggregates.loyalty.numbers import MemberLeadNumbers
from commands import Command, Decision, Id, Load, Text, registers
from commands.loyalty.member import EnrolMember
from commands.numbers import Numbered


class CaptureMemberLead(Numbered, of=MemberLead):
    """Keep somebody whom a campaign has reached, and who may become a member."""

    numbers = MemberLeadNumbers

    name: Personal[Text] | None = None
    phone: Personal[Text] | None = None
    campaign: Id
    dealer: Id | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before = load.event(MemberLead, self.id, CAPTURED)
        asked = MemberLeadCaptured(self.name, self.phone, self.campaign, self.dealer)
        for event in load(MemberLead, self.id).capture(asked, before):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class EnrolMemberLead(Command, of=MemberLead, when=lambda lead: lead.open):
    """Make a member of a lead, with the name, phone and dealer that were captured."""

    member: Id | None = Field(
        None, description="The next number of members, where the settings allow."
    )
    program: Id = "standard"

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        lead: MemberLead = load(MemberLead, self.id)
        if lead.member is not None and self.member in (None, lead.member):
            self._again(load, lead.member)
            return
        lead.must_be_open()
        captured = load.event(MemberLead, self.id, CAPTURED)
        if captured is None:  # the log has not been asked yet: this will be decided again
            return
        who = {"name": captured.name, "phone": captured.phone, "dealer": captured.dealer}
        named = {} if self.member is None else {"id": self.member}
        asked = EnrolMember(**named, **who, program=self.program)
        if self.member is None:
            asked, drawn = asked.numbered(load, at)
            yield drawn
        registers.not_withdrawn(load(Member, asked.id), asked.id)
        yield from asked.across(load, at)
        load(Member, asked.id).known()
        for event in lead.enrol(asked.id):
            yield self.stream, event

    def _again(self, load: Load, member: str) -> None:
        """Refuse another program than the member was enrolled in."""
        enrolled = load.event(Member, member, load(Member, member).enrolment)
        if enrolled is not None and "program" in self.model_fields_set:
            refuse_unequal(("program", enrolled.program, self.program))


class DropMemberLead(Command, of=MemberLead, when=lambda lead: lead.open):
    """Let a lead go, and say why."""

    reason: Text

    def decide(self, state: MemberLead, at: datetime) -> Iterator[MemberLeadEvent]:
        return state.drop(self.reason)
