"""What may be asked about sales representatives."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Personal
from aggregates.organisation.rep import HIRED, Rep, RepEvent, RepHired
from commands import Command, Decision, Id, Load, Text
from commands.change import Change, Kept

BEFORE = "Where the representative worked before, unless told otherwise."


class HireRep(Command, of=Rep):
    """Take on a sales representative in a department and a region."""

    begins: ClassVar[bool] = True

    name: Personal[Text]
    department: Id
    region: Id
    title: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Rep = load(Rep, self.id)
        first = load.event(Rep, self.id, HIRED) if state.hired else None
        asked = RepHired(self.name, self.department, self.region, self.title)
        for event in state.hire(asked, first):
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


class MoveRep(Command, of=Rep):
    """Move a representative to another department or region; what is past stays there."""

    department: Id
    region: Id

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.move(self.department, self.region)


class DismissRep(Command, of=Rep):
    """Record that a representative left, or correct why."""

    reason: Text

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.leave(self.reason)


class ReturnRep(Command, of=Rep):
    """Take on again who had left; what was handed over stays where it is."""

    department: Id | None = Field(None, description=BEFORE)
    region: Id | None = Field(None, description=BEFORE)

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.come_back(self.department, self.region)
