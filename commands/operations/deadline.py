"""What may be asked about what processes are to ask later."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates.operations.deadline import CancelledDeadlines, DeadlineCancelled
from commands import Alone, Command, Id, Text
from commands.operations.exclusion import At

Subject = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]


class CancelDeadline(Command, of=CancelledDeadlines):
    """Keep a process from asking what is pending; the id is the process's name.

    `GET /deadlines` lists what is pending. What another event schedules later is asked again.
    """

    alone: ClassVar[Alone | None] = "operation"

    purpose: Id = Field(description="What the deadline is for.")
    subject: Subject = Field(description="What it is about.")
    scheduled_by: At = Field(description="The position of the event that scheduled it.")
    reason: Text

    def decide(self, state: CancelledDeadlines, at: datetime) -> Iterator[DeadlineCancelled]:
        asked = DeadlineCancelled(self.purpose, self.subject, self.scheduled_by, self.reason)
        return state.cancel(asked)
