"""A collision: somebody may work the customer or the deal of a lead already. It is ruled once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal
from aggregates.assignee import Assignee
from aggregates.likeness import Trait
from aggregates.marks import BasisPoints, names
from aggregates.mentions import ThingRef

OtherKind = Literal["customer", "lead"]
Ruling = Literal["separate", "keeps", "takes", "shares"]
"""Not the same; whoever works it keeps it; the owner of the lead takes it; or both work it."""


class CollisionFound(Event):
    """`owner`, `department` and `region` are those of the other, whose `opportunities` are open.

    `by` says what of both is alike, and `likeness_bp` how much.
    """

    lead: str
    lead_owner: Annotated[str, names("rep")]
    other_kind: OtherKind
    other: ThingRef
    owner: str
    department: str
    region: str
    opportunities: Annotated[tuple[str, ...], names("opportunity")]
    likeness_bp: BasisPoints
    by: tuple[Trait, ...]


class CollisionRuled(Event):
    lead: str
    owner: str
    ruling: Ruling
    reason: str


CollisionEvent = CollisionFound | CollisionRuled


class NotToBeShared(Refused):
    """A lead has one owner: two work on a customer, never on a lead."""


class OwnCause(Refused):
    """Nobody rules on what he has a part in."""


@dataclass(frozen=True)
class Collision(Aggregate):
    """Its id is the lead's, and kind and id of the other. Who may see the other may see it."""

    kind: ClassVar[str] = "collision"
    id_names = ("lead",)

    found: CollisionFound | None = None
    ruled: CollisionRuled | None = None

    @staticmethod
    def id_of(lead: str, kind: str, other: str) -> str:
        return f"{lead}:{kind}:{other}"

    def find(self, found: CollisionFound) -> Iterator[CollisionEvent]:
        """What was ruled stays so, whatever is found later."""
        if self.ruled is None and found != self.found:
            yield found

    def rule(self, ruling: Ruling, reason: str, person: str | None) -> Iterator[CollisionEvent]:
        found = self.known()
        if self.ruled is not None:
            before = self.ruled
            refuse_unequal(("ruling", before.ruling, ruling), ("reason", before.reason, reason))
            return
        if person is not None and person in (found.lead_owner, found.owner):
            raise OwnCause(
                f"{person} is one of the two who claim it. Let somebody above both of them rule.",
                f"{person} 是当事人之一。请由双方的上级裁定。",
            )
        if ruling == "shares" and found.other_kind == "lead":
            raise NotToBeShared(
                "A lead is not shared. Rule that it is separate, or who has it: keeps or takes.",
                "线索不能共享。请裁定为互不相关（separate），或由一方负责（keeps 或 takes）。",
            )
        yield CollisionRuled(found.lead, found.owner, ruling, reason)

    def known(self) -> CollisionFound:
        if self.found is None:
            raise Unknown(
                "There is no such collision. Look at the collisions of the lead first.",
                "没有这条撞单记录。请先查看该线索的撞单记录。",
            )
        return self.found

    @property
    def dimensions(self) -> Mapping[str, str]:
        found = self.found
        whose = (found.owner, found.department, found.region) if found else ("", "", "")
        return Assignee(*whose)._asdict()

    def evolve(self, event: CollisionEvent) -> Self:
        if isinstance(event, CollisionFound):
            return replace(self, found=event)
        return replace(self, ruled=event)
