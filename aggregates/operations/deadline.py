"""What an operator takes off the deadlines of a process is on record: which, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from aggregates import Aggregate, Event, refuse_unequal


class DeadlineCancelled(Event):
    """The process is not to ask what it wanted of the subject for that purpose.

    `scheduled_by` is the position of the event that scheduled it: what a later event schedules
    is another deadline.
    """

    purpose: str
    subject: str
    scheduled_by: int
    reason: str


@dataclass(frozen=True)
class CancelledDeadlines(Aggregate):
    """All that was cancelled of one process; its id is the process's name."""

    kind: ClassVar[str] = "deadline"

    reasons: Mapping[str, str] = field(default_factory=dict)

    def cancel(self, asked: DeadlineCancelled) -> Iterator[DeadlineCancelled]:
        """Asked twice, it is done once."""
        before = self.reasons.get(_name(asked))
        if before is None:
            yield asked
        else:
            refuse_unequal(("reason", before, asked.reason))

    def evolve(self, event: DeadlineCancelled) -> Self:
        return type(self)({**self.reasons, _name(event): event.reason})


def _name(event: DeadlineCancelled) -> str:
    return f"{event.scheduled_by}:{event.purpose}:{event.subject}"
