"""What may be asked about what a person will do from a day ahead."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Aggregate, Refused
from aggregates.calendar import business_day
from aggregates.organisation.position import Position
from aggregates.organisation.rep import PositionLeft, Rep, RepEvent
from aggregates.organisation.rep.assignments import (
    AssignmentBegan,
    AssignmentLapsed,
    AssignmentPlanned,
)
from commands import Command, Day, Decision, Id, Load, Text, registers
from commands.fields import Truth
from commands.organisation.position import holder, refuse_filled
from commands.organisation.rep import placed


class PlanAssignment(Command, of=Rep, when=lambda rep: rep.left is None):
    """Say now where a person works, or which position he fills or gives up, from a day ahead.

    It begins by itself with that business day, and rights follow it. One plan holds for a day:
    another takes its place.
    """

    from_day: Day = Field(description="The first business day, after today.")
    department: Id | None = Field(None, description="Where the person works then.")
    region: Id | None = Field(None, description="Where the person works then.")
    position: Id | None = Field(None, description="Which position the person takes then.")
    main: Truth = Field(False, description="Whether it is the person's main position then.")
    gives_up: Id | None = Field(None, description="Which position the person gives up then.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        rep: Rep = load(Rep, self.id)
        rep.at_work()
        place = self.department, self.region
        wanted = AssignmentPlanned(
            self.from_day, *place, self.position, self.main, self.gives_up, self.reason
        )
        for event in rep.assignments.plan(wanted, business_day(load.now)):
            placed(load, *place)
            if self.position is not None:
                registers.found(load, Position, self.position)
            if self.gives_up is not None:
                rep.may_give_up(self.gives_up)
            yield self.stream, event


class CancelPlannedAssignment(Command, of=Rep, when=lambda rep: bool(rep.assignments.planned)):
    """Cancel what was planned for a person from a day on."""

    from_day: Day
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        rep: Rep = load(Rep, self.id)
        rep.known()
        for event in rep.assignments.cancel(self.from_day, self.reason):
            yield self.stream, event


class BeginAssignment(Command):
    """Begin what was planned for a person from this day on.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Rep

    from_day: Day

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        rep: Rep = load(Rep, self.id)
        plan = rep.assignments.planned.get(self.from_day)
        if plan is None:
            return
        try:
            vacated = list(_vacated(load, self.id, plan))
            begun = list(_begun(load, self.id, rep, plan, is_free=bool(vacated)))
        except Refused as error:
            yield self.stream, AssignmentLapsed(self.from_day, str(error), error.zh)
        else:
            yield self.stream, AssignmentBegan(self.from_day)
            yield from vacated
            for event in begun:
                yield self.stream, event


def _vacated(load: Load, id: str, plan: AssignmentPlanned) -> Iterator[Decision]:
    """The position, given up first by whoever else fills it and is to give it up by then."""
    name = None if plan.position is None else holder(load, plan.position)
    if name is None or name == id:
        return
    for day, other in sorted(load(Rep, name).assignments.planned.items()):
        if day <= plan.from_day and other.gives_up == plan.position:
            yield Rep.stream(name), PositionLeft(other.gives_up, other.reason)
            return


def _begun(
    load: Load, id: str, rep: Rep, plan: AssignmentPlanned, *, is_free: bool
) -> Iterator[RepEvent]:
    department, region = plan.department, plan.region
    placed(load, department, region)
    if plan.position is not None:
        place = load(Position, plan.position).current()
        if not is_free:
            refuse_filled(load, plan.position, id)
        main = plan.main or plan.gives_up == rep.main
        for taken in rep.take_position(plan.position, main=main):
            yield taken
            rep = rep.evolve(taken)
            if taken.main:
                department, region = department or place.department, region or place.region
    if plan.gives_up is not None and plan.gives_up in rep.positions:
        yield from rep.leave_position(plan.gives_up, plan.reason)
    yield from rep.move(department or rep.department, region or rep.region)
