"""What may be asked about who fills which position."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from aggregates import Refused
from aggregates.organisation.position import Position
from aggregates.organisation.rep import Rep, RepEvent
from commands import Command, Decision, Id, Load, Text, registers
from commands.fields import Truth
from commands.naming import that_name


class PositionIsFilled(Refused):
    """One person at a time fills a position."""


class TakePosition(Command, of=Rep, when=lambda rep: rep.left is None):
    """Let a person fill a vacant position, beside others or as the main one.

    The first is the main one. Who takes a main position works from then on in its department and,
    where it has one, its region. `occurred_at` says from which day.
    """

    position: Id
    main: Truth = Field(False, description="Whether it is the person's main position from now on.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        position: Position = registers.found(load, Position, self.position)
        place, rep = position.current(), load(Rep, self.id)
        for event in rep.take_position(self.position, main=self.main):
            position.used(self.position)
            refuse_filled(load, self.position, self.id)
            yield self.stream, event
            if event.main:
                region = place.region or rep.region
                for moved in load(Rep, self.id).move(place.department, region):
                    yield self.stream, moved


class LeavePosition(Command, of=Rep, when=lambda rep: bool(rep.positions)):
    """Let a person give up a position, which is vacant then; who leaves gives up all.

    `occurred_at` says from which day.
    """

    position: Id
    reason: Text

    def decide(self, state: Rep, at: datetime) -> Iterator[RepEvent]:
        return state.leave_position(self.position, self.reason)


def holder(load: Load, position: str) -> str | None:
    """Who fills a position."""
    named = that_name(load, Position, position, Rep)
    return next((rep for rep in named if position in load(Rep, rep).positions), None)


def refuse_filled(load: Load, position: str, id: str) -> None:
    """Refuse a position that somebody else fills."""
    name = holder(load, position)
    if name is not None and name != id:
        raise PositionIsFilled(
            f"{position} is filled by {name}. Let {name} give it up first, or name another"
            " position.",
            f"岗位 {position} 由 {name} 担任。请先让 {name} 卸任，或指定其他岗位。",
        )
