"""What may happen to a lead."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from aggregates import Event, Personal, likeness
from aggregates.leads.sources import LeadSource
from aggregates.likeness import Traits
from aggregates.marks import Money, names

DisqualifyReason = Literal[
    "no_need", "no_budget", "unreachable", "competitor", "duplicate", "other"
]
AssignmentWay = Literal["rule", "hand", "own"]
"""By a rule of the settings, by a person, or to whoever captured it for himself."""
Waiting = Literal["no_rule", "all_full"]
"""Why nobody has a lead: no rule is for it, or whomever the rules name has as many as is allowed.
"""
CAPTURED = "captured"


def details_reference(revision: int) -> str:
    """Under what the details are recorded that were told so many times."""
    return f"details:{revision}" if revision > 1 else CAPTURED


@dataclass(frozen=True)
class LeadDetails:
    """What is known of a lead. `customer` is whose need it is, where it is one already."""

    title: str
    source: LeadSource
    campaign: str | None
    appointment: str | None
    need: str | None
    company: str | None
    contact_name: Personal[str] | None
    phone: Personal[str] | None
    email: Personal[str] | None
    address: Personal[str] | None
    tax_id: str | None
    customer: str | None
    products: tuple[str, ...]
    amount: Money | None
    currency: str | None

    def likeness_keys(self) -> tuple[str, ...]:
        return likeness.keys(self.traits)

    @property
    def traits(self) -> Traits:
        return Traits.of(self.company, self.phone, self.email, self.tax_id, self.address)


class LeadCaptured(LeadDetails, Event):
    """`owner` is whom whoever captured it named; without one it goes by the rules."""

    region: Annotated[str | None, names("region")]
    department: Annotated[str | None, names("department")]
    captured_by: Annotated[str | None, names("rep")]
    owner: str | None

    def recorded_under(self) -> str:
        return CAPTURED


class LeadDetailsChanged(LeadDetails, Event):
    """All details as they are from now on."""

    revision: int

    def recorded_under(self) -> str:
        return details_reference(self.revision)


class LeadAssigned(Event):
    """Whose it is from then on, and why: `load` open leads are his with it, of `cap` at most."""

    from_owner: str
    from_department: str
    from_region: str
    owner: str
    department: str
    region: str
    way: AssignmentWay
    rule: str | None
    reason: str | None
    load: int
    cap: int | None
    settings: str | None


class LeadLeftWaiting(Event):
    """The rules give it to nobody. It waits for a person to assign it."""

    waiting: Waiting
    rule: str | None
    settings: str | None


class LeadQualified(Event):
    """There is a need that the company can serve: it may be converted."""

    owner: str
    department: str
    region: str
    comment: str | None


class LeadNurtured(Event):
    """Not now: it comes back on that day by itself."""

    owner: str
    department: str
    region: str
    reason: str
    until: date
    resume_at: datetime


class LeadResumed(Event):
    """It is followed up again; without a reason, its day has come."""

    owner: str
    department: str
    region: str
    reason: str | None


class LeadDisqualified(Event):
    """Nothing comes of it."""

    owner: str
    department: str
    region: str
    reason: DisqualifyReason
    detail: str | None


class LeadConverted(Event):
    """It became business with a customer, once; `new` names what was made for it, and `collisions`
    counts those that were ruled before.
    """

    owner: str
    department: str
    region: str
    customer: str
    contact: str | None
    opportunity: str
    new: tuple[Literal["customer", "contact", "opportunity"], ...]
    collisions: int


class LeadConversionHeld(Event):
    """Somebody may work this customer or deal already: a ruling has to come first."""

    refusal: ClassVar[bool] = True
    collisions: int

    def said(self) -> tuple[str, str]:
        return (
            f"{self.collisions} others may be working this customer or deal already. Look at the"
            " collisions of the lead, as far as you may see them, and have each ruled:"
            " rule-collision.",
            f"已有 {self.collisions} 项客户或线索可能与此线索撞单。"
            "请查看该线索的撞单记录（以您的权限为限），并对每一项作出裁定：rule-collision。",
        )


LeadEvent = (
    LeadCaptured
    | LeadDetailsChanged
    | LeadAssigned
    | LeadLeftWaiting
    | LeadQualified
    | LeadNurtured
    | LeadResumed
    | LeadDisqualified
    | LeadConverted
    | LeadConversionHeld
)
