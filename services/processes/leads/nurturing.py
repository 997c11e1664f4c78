"""Nurturing: a lead that was put off comes back on its day."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.leads.lead.events import (
    LeadConverted,
    LeadDisqualified,
    LeadNurtured,
    LeadQualified,
    LeadResumed,
)
from commands import Command
from commands.leads.lead import ResumeNurturedLead
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = LeadNurtured | LeadResumed | LeadQualified | LeadDisqualified | LeadConverted


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    if isinstance(event, LeadNurtured):
        back = ResumeNurturedLead(id=recorded.key)
        yield Schedule("resume", recorded.stream, event.resume_at, back)
    else:
        yield Cancel("resume", recorded.stream)


def idle(_: Command, state: Any) -> bool:
    return state.nurtured is None


process = Process(
    "nurturing", get_args(Heard), react, idle, [Purpose("resume", ResumeNurturedLead)]
)
