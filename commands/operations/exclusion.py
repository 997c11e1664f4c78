"""What may be asked about the events that a view is to leave out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates.operations.exclusion import Exclusion, ExclusionEvent
from commands import Alone, Command, Text, Whole

MOST = 10_000
"""Positions that one command names."""
StreamName = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
At = Annotated[Whole, Field(ge=1, le=2**62)]
Positions = Annotated[tuple[At, ...], Field(min_length=1, max_length=MOST)]


class SkipParked(Command, of=Exclusion):
    """Leave parked events out of a view; the id is the view's name."""

    alone: ClassVar[Alone | None] = "operation"

    parked: StreamName = Field(description="The stream that is parked.")
    positions: Positions
    reason: Text

    def decide(self, state: Exclusion, at: datetime) -> Iterator[ExclusionEvent]:
        return state.skip(self.parked, self.positions, self.reason)


class RestoreSkipped(Command, of=Exclusion):
    """Take events that were skipped into a view again; the id is the view's name."""

    alone: ClassVar[Alone | None] = "operation"

    skipped: StreamName = Field(description="The stream that the events are of.")
    positions: Positions
    reason: Text

    def decide(self, state: Exclusion, at: datetime) -> Iterator[ExclusionEvent]:
        return state.restore(self.skipped, self.positions, self.reason)
