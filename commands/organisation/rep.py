"""What may be asked about sales representatives."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Personal, anew
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from aggregates.organisation.rep import HIRED, Rep, RepEvent, RepHired
from commands import Command, Decision, Id, Load, Text, registers
from commands.change import Change, Kept
from commands.fields import Truth
from commands.withdrawal import Withdrawal

BEFORE = "Where the representative worked before, unless told otherwise."


class HireRep(Command, of=Rep):
    """Take on a person in a department and a region: a sales representative, unless told otherwise.

    From the first one on, departments and regions are those that are registered.
    """

    begins: ClassVar[bool] = True
    added = (*Command.added, "sells")

    name: Personal[Text]
    department: Id
    region: Id
    title: Text | None = None
    sells: Truth = Field(True, description="Whether the person may have customers.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Rep = load(Rep, self.id)
        under = anew(HIRED, state.hirings if state.hirings > 1 else None)
        first = load.event(Rep, self.id, under) if state.hired else None
        what = self.name, self.department, self.region, self.title
        asked = RepHired(*what, sells=self.sells)
        for event in state.hire(asked, first):
            placed(load, self.department, self.region)
            yield self.stream, event


class ChangeRepDetails(Change, of=Rep):
    """Correct a representative's name or title; what is left out stays."""

    name: Kept[Personal[Text]] = None
    title: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Rep = load(Rep, self.id)
        state.known()
        now = load.event(Rep, self.id, state.details)
        for event in state.change(now, self.told("name", "title")) if now else ():
            yield self.stream, event


class MoveRep(Command, of=Rep, when=lambda rep: rep.left is None):
    """Move a representative to another department or region; what is past stays there."""

    department: Id
    region: Id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(Rep, self.id).move(self.department, self.region):
            placed(load, self.department, self.region)
            yield self.stream, event


class DismissRep(Command, of=Rep):
    """Record that a representative left, or correct why."""

    reason: Text

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.leave(self.reason)


class ReturnRep(Command, of=Rep, when=lambda rep: rep.left is not None):
    """Take on again who had left; what was handed over stays where it is."""

    department: Id | None = Field(None, description=BEFORE)
    region: Id | None = Field(None, description=BEFORE)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(Rep, self.id).come_back(self.department, self.region):
            placed(load, self.department, self.region)
            yield self.stream, event


class WithdrawRep(Withdrawal, of=Rep):
    """Take back a representative who was hired by mistake, where nothing names him yet.

    He is in no list unless asked for, and the id may be hired anew. Asked again with another
    reason, it corrects the reason. Who has left is dismissed instead.
    """


def placed(load: Load, department: str | None, region: str | None) -> None:
    """Refuse a department or a region that is not registered, once any is."""
    registers.listed(load, Department, department)
    registers.listed(load, Region, region)
