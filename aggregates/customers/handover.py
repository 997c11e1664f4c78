"""A handover is all that somebody had, given to another in one act, which one act takes back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Self

from aggregates import Aggregate, Event, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee
from aggregates.marks import names


class HandoverMade(Event):
    """All that `rep` had: customers, open opportunities and tasks, planned appointments, and leads
    that are not over. The cap of the receiver leaves no room for `leads_left`: they stay.
    """

    rep: str
    owner: str
    department: str
    region: str
    reason: str
    customers: Annotated[tuple[str, ...], names("customer")]
    opportunities: Annotated[tuple[str, ...], names("opportunity")]
    tasks: Annotated[tuple[str, ...], names("task")]
    appointments: Annotated[tuple[str, ...], names("appointment")]
    leads: Annotated[tuple[str, ...], names("lead")] = ()
    leads_left: Annotated[tuple[str, ...], names("lead")] = ()

    def recorded_under(self) -> str:
        return MADE


class HandoverUndone(Event):
    """What `kept` names had gone to others since, is over, or does not fit, and stays."""

    reason: str
    kept: tuple[str, ...]


HandoverEvent = HandoverMade | HandoverUndone
MADE = "made"


@dataclass(frozen=True)
class Handover(Aggregate):
    kind: ClassVar[str] = "handover"

    made: HandoverMade | None = None
    undone: HandoverUndone | None = None

    def make(self, handover: HandoverMade) -> Iterator[HandoverEvent]:
        if not repeats(self.made, handover):
            yield handover

    def known(self) -> HandoverMade:
        if self.made is None:
            raise Unknown(
                "There is no such handover. Check its id.", "没有这次转交。请检查其编号。"
            )
        return self.made

    def undo(self, reason: str, kept: tuple[str, ...]) -> Iterator[HandoverEvent]:
        self.known()
        if self.undone is None:
            yield HandoverUndone(reason, kept)
        else:
            refuse_unequal(("reason", self.undone.reason, reason))

    @property
    def dimensions(self) -> Mapping[str, str]:
        made = self.made
        who = Assignee(made.rep, made.department, made.region) if made else Assignee()
        return who._asdict()

    def evolve(self, event: HandoverEvent) -> Self:
        match event:
            case HandoverMade():
                return replace(self, made=event)
            case HandoverUndone():
                return replace(self, undone=event)
