"""All that somebody has goes to another person, and comes back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from aggregates import Aggregate, refuse_unequal
from aggregates.customers.customer import Customer
from aggregates.customers.handover import MADE, Handover, HandoverMade
from aggregates.fieldwork.appointment import Appointment
from aggregates.fieldwork.task import Task
from aggregates.leads.lead import LIVE, Lead
from aggregates.opportunities.opportunity import Opportunity
from aggregates.organisation.rep import Rep
from commands import Command, Decision, Id, Load, Text, registers
from commands.business import assignee, attribution
from commands.customers.portfolio import handed_over
from commands.fieldwork.appointment import ReassignAppointment
from commands.leads.desk import followed, given, that_fit
from commands.naming import that_name

KINDS: dict[str, type[Aggregate]] = {
    "customers": Customer,
    "opportunities": Opportunity,
    "tasks": Task,
    "appointments": Appointment,
    "leads": Lead,
}


class MakeHandover(Command, of=Handover):
    """Hand all that somebody has over to another, who leaves or works elsewhere: customers with
    their history, open opportunities and tasks, planned appointments, and leads that are not over,
    as far as the cap of leads leaves room for them.

    It is one act, and undo-handover takes all of it back.
    """

    begins: ClassVar[bool] = True
    by_share: ClassVar[bool] = False

    rep: Id = Field(description="Who had it.")
    owner: Id = Field(description="Who has it from now on.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Handover = load(Handover, self.id)
        if made := state.made:
            load.event(Handover, self.id, MADE)  # so that the answer tells of it
            told = ("rep", made.rep, self.rep), ("owner", made.owner, self.owner)
            refuse_unequal(*told, ("reason", made.reason, self.reason))
            return
        registers.found(load, Rep, self.rep)
        place = attribution(load, self.owner)[1:]
        had: Any = {name: tuple(_had(load, self.rep, kind)) for name, kind in KINDS.items()}
        had["leads"], had["leads_left"] = that_fit(load, self.owner, had["leads"], at)
        for event in state.make(HandoverMade(self.rep, self.owner, *place, self.reason, **had)):
            yield self.stream, event
        for name, kind in KINDS.items():
            for one in had[name]:
                yield from _moved(load, kind, one, self.owner, self.reason, at)


class UndoHandover(Command, of=Handover, when=lambda handover: handover.undone is None):
    """Take a handover back: all goes to whoever had it, who must be at work. What has gone to
    others since stays with them.
    """

    by_share: ClassVar[bool] = False

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Handover = load(Handover, self.id)
        made, kept, back = state.known(), list[str](), list[tuple[type[Aggregate], str]]()
        for name, kind in KINDS.items():
            for one in getattr(made, name):
                if _owner(load, kind, one) == made.owner:
                    back.append((kind, one))
                else:
                    kept.append(kind.stream(one))
        leads, more = that_fit(load, made.rep, (one for kind, one in back if kind is Lead), at)
        kept += map(Lead.stream, more)
        back = [one for one in back if one[0] is not Lead or one[1] in leads]
        for event in state.undo(self.reason, tuple(kept)):
            yield self.stream, event
            for kind, one in back:
                yield from _moved(load, kind, one, made.rep, self.reason, at)


def _had(load: Load, rep: str, kind: type[Aggregate]) -> Iterator[str]:
    """What of a kind is somebody's now, and is not over."""
    return (one for one in that_name(load, Rep, rep, kind) if _owner(load, kind, one) == rep)


def _owner(load: Load, kind: type[Aggregate], id: str) -> str | None:
    """Whose it is, where it goes on."""
    state = load(kind, id)
    match state:
        case Customer():
            return state.owner
        case Opportunity():
            return state.stamp.rep if state.open_now else None
        case Task():
            return state.who.owner if state.status == "open" else None
        case Appointment():
            return state.who.owner if state.status == "planned" else None
        case Lead():
            return state.who.owner if state.status in LIVE else None
        case _:
            return None


def _moved(
    load: Load, kind: type[Aggregate], id: str, owner: str, reason: str, at: datetime
) -> Iterator[Decision]:
    state = load(kind, id)
    match state:
        case Customer():
            who = attribution(load, owner)
            yield from handed_over(load, id, who, reason, at, opportunities=False)
        case Opportunity():
            for event in state.reassign(*attribution(load, owner)):
                yield kind.stream(id), event
        case Task():
            for moved in state.reassign(assignee(load, owner), reason):
                yield kind.stream(id), moved
        case Lead():
            for taken in given(load, id, owner, reason, at):
                yield kind.stream(id), taken
            yield from followed(load, id, state)
        case _:
            yield from ReassignAppointment(id=id, owner=owner, reason=reason).across(load, at)
