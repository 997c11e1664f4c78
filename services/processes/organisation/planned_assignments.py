"""Planned assignments: what was planned for a person begins with its business day."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.calendar import day_start
from aggregates.organisation.rep.assignments import AssignmentPlanned, PlannedAssignmentCancelled
from commands import Command
from commands.organisation.assignment import BeginAssignment
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = AssignmentPlanned | PlannedAssignmentCancelled


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    subject = f"{recorded.stream}:{event.from_day}"
    match event:
        case AssignmentPlanned(from_day):
            at = day_start(from_day)
            asked = BeginAssignment(
                id=recorded.key, from_day=from_day, occurred_at=at, dates="flag"
            )
            yield Schedule("beginning", subject, at, asked)
        case PlannedAssignmentCancelled():
            yield Cancel("beginning", subject)


def idle(command: Command, state: Any) -> bool:
    if not isinstance(command, BeginAssignment):
        return False
    return command.from_day not in state.assignments.planned


process = Process(
    "planned_assignments", get_args(Heard), react, idle, [Purpose("beginning", BeginAssignment)]
)
