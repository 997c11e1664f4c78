"""A lead has one owner at most, and is converted once or given up with a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, TypeVar

from aggregates import Aggregate, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee
from aggregates.calendar import business_day, day_start
from aggregates.leads.lead import refusals
from aggregates.leads.lead.events import (
    DisqualifyReason,
    LeadAssigned,
    LeadCaptured,
    LeadConversionHeld,
    LeadConverted,
    LeadDetails,
    LeadDetailsChanged,
    LeadDisqualified,
    LeadEvent,
    LeadLeftWaiting,
    LeadNurtured,
    LeadQualified,
    LeadResumed,
    details_reference,
)

LeadStatus = Literal["open", "qualified", "nurturing", "disqualified", "converted"]
L = TypeVar("L", bound="Lead")
HELD = frozenset({"open", "qualified"})
"""While it is so, somebody has to work on it: it counts as his load."""
LIVE = HELD | {"nurturing"}
"""While it is so, something may come of it."""
TOLD = tuple(one.name for one in fields(LeadDetails))


@dataclass(frozen=True)
class Lead(Aggregate):
    """Of the person who is to be talked to it keeps nothing: that is read from the log."""

    kind: ClassVar[str] = "lead"

    status: LeadStatus | Literal[""] = ""
    revision: int = 0  # how often its details were told
    who: Assignee = field(default_factory=Assignee)
    region: str | None = None  # where whoever has the need is
    source: str = ""
    customer: str | None = None
    products: tuple[str, ...] = ()
    nurtured: LeadNurtured | None = None  # while it lasts
    disqualified: LeadDisqualified | None = None  # while it lasts
    qualified: LeadQualified | None = None  # while it lasts
    resumed: LeadResumed | None = None  # the last time
    converted: LeadConverted | None = None
    assigned: LeadAssigned | None = None  # the last time
    waiting: LeadLeftWaiting | None = None  # while it lasts

    def capture(self, lead: LeadCaptured, before: LeadCaptured | None) -> Iterator[LeadEvent]:
        """`before` is how it was captured, where it was."""
        if not repeats(before, lead):
            _named(lead)
            yield lead

    def change(self, now: LeadDetails, told: Mapping[str, Any]) -> Iterator[LeadEvent]:
        """Change what is told of the details as they are now, and keep the rest."""
        self.live()
        before = {name: getattr(now, name) for name in TOLD}
        if (after := {**before, **told}) != before:
            changed = LeadDetailsChanged(**after, revision=self.revision + 1)
            _named(changed)
            yield changed

    def assign(self, assigned: LeadAssigned) -> Iterator[LeadEvent]:
        """Nobody gets more open leads than the event says are allowed."""
        self.live()
        last = self.assigned
        if last and (last.owner, last.reason) == (assigned.owner, assigned.reason):
            return
        cap = assigned.cap
        if cap is not None and assigned.load > cap:
            raise refusals.full_load(assigned.owner, assigned.load - 1, cap)
        yield assigned

    def wait(self, waiting: LeadLeftWaiting) -> Iterator[LeadEvent]:
        self.live()
        if waiting != self.waiting and not self.who.owner:
            yield waiting

    def qualify(self, comment: str | None) -> Iterator[LeadEvent]:
        self.live()
        if self.qualified is None or self.qualified.comment != comment:
            yield LeadQualified(*self.who, comment)

    def nurture(self, reason: str, until: Any, at: datetime) -> Iterator[LeadEvent]:
        self.live()
        if (today := business_day(at)) >= until:
            raise refusals.not_later(until, today)
        asked = LeadNurtured(*self.who, reason, until, day_start(until))
        if asked != self.nurtured:
            yield asked

    def resume(self, reason: str) -> Iterator[LeadEvent]:
        self.known()
        if self.status in HELD:
            if self.resumed is None:
                raise refusals.not_put()
            refuse_unequal(("reason", self.resumed.reason, reason))
            return
        if self.converted is not None:
            raise refusals.closed(self.status, self.converted.customer)
        yield LeadResumed(*self.who, reason)

    def day_came(self, at: datetime) -> Iterator[LeadEvent]:
        if self.nurtured is not None and self.nurtured.resume_at <= at:
            yield LeadResumed(*self.who, None)

    def disqualify(self, reason: DisqualifyReason, detail: str | None) -> Iterator[LeadEvent]:
        if reason == "other" and not detail:
            raise refusals.reason_missing()
        if self.disqualified is not None:
            before = self.disqualified
            refuse_unequal(("reason", before.reason, reason), ("detail", before.detail, detail))
            return
        self.live()
        yield LeadDisqualified(*self.who, reason, detail)

    def convertible(self) -> None:
        """Refuse what was not qualified, or is nobody's, or is over."""
        self.live()
        if self.status != "qualified":
            raise refusals.not_qualified()
        if not self.who.owner:
            raise refusals.nobodys()

    def convert(self, converted: LeadConverted) -> Iterator[LeadEvent]:
        self.convertible()
        yield converted

    def known(self) -> None:
        if not self.status:
            raise Unknown(
                "There is no such lead. Capture it first.", "没有这条线索。请先登记线索。"
            )

    def live(self) -> None:
        """Refuse what is over."""
        self.known()
        if self.converted is not None:
            raise refusals.closed(self.status, self.converted.customer)
        if self.disqualified is not None:
            raise refusals.closed(self.status, self.disqualified.reason)

    @property
    def held(self) -> bool:
        """Whether it counts as somebody's load."""
        return self.status in HELD and bool(self.who.owner)

    @property
    def details(self) -> str:
        """Under what its details, as they are now, are recorded."""
        return details_reference(self.revision)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return self.who._asdict()

    def evolve(self, event: LeadEvent) -> Self:
        match event:
            case LeadCaptured():
                who = Assignee("", event.department or "", event.region or "")
                born = replace(self, status="open", who=who, region=event.region)
                return _told(born, event)
            case LeadDetailsChanged():
                return _told(self, event)
            case LeadAssigned():
                return replace(self, who=Assignee.of(event), assigned=event, waiting=None)
            case LeadLeftWaiting():
                return replace(self, waiting=event)
            case LeadQualified():
                return replace(self, status="qualified", qualified=event, nurtured=None)
            case LeadNurtured():
                return replace(self, status="nurturing", nurtured=event, qualified=None)
            case LeadResumed():
                back = replace(self, status="open", resumed=event)
                return replace(back, nurtured=None, disqualified=None)
            case LeadDisqualified():
                over = replace(self, status="disqualified", disqualified=event)
                return replace(over, qualified=None, nurtured=None)
            case LeadConverted():
                return replace(self, status="converted", converted=event)
            case LeadConversionHeld():
                return self


def _told(lead: L, event: LeadCaptured | LeadDetailsChanged) -> L:
    what = replace(lead, revision=lead.revision + 1, source=event.source)
    return replace(what, customer=event.customer, products=tuple(event.products))


def _named(lead: LeadDetails) -> None:
    if not (lead.company or lead.contact_name or lead.customer):
        raise refusals.nobody_to_talk_to()
    if lead.amount is not None and lead.currency is None:
        raise refusals.AmountWithoutCurrency
