"""What may be asked about sales representatives."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.rep import Rep, RepEvent, RepHired
from commands import Command, Id, Text


class HireRep(Command, of=Rep):
    """Take on a sales representative in a department and a region."""

    name: Text
    department: Id
    region: Id
    title: Text | None = None

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.hire(RepHired(self.name, self.department, self.region, self.title))


class MoveRep(Command, of=Rep):
    """Move a representative to another department or region; what is past stays there."""

    department: Id
    region: Id

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.move(self.department, self.region)


class DismissRep(Command, of=Rep):
    """Record that a representative left."""

    reason: Text

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.leave(self.reason)
