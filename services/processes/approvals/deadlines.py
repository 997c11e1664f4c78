"""Deadlines of steps: those who have not signed are reminded, and then somebody else may sign."""

from collections.abc import Iterator
from typing import Any

from aggregates.approvals.approval.events import ApprovalSigned, ApprovalStepOpened
from commands import Command
from commands.approvals.approval import EscalateApproval, RemindSigners
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = ApprovalStepOpened | ApprovalSigned
REMIND, ESCALATE = "remind", "escalate"


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    subject, about = f"{recorded.stream}:{event.step}", {"id": recorded.key, "step": event.step}
    match event:
        case ApprovalStepOpened(remind_at=remind_at, escalate_at=escalate_at):
            if remind_at is not None:
                yield Schedule(REMIND, subject, remind_at, RemindSigners.model_validate(about))
            if escalate_at is not None:
                escalate = EscalateApproval.model_validate(about)
                yield Schedule(ESCALATE, subject, escalate_at, escalate)
        case ApprovalSigned(candidates=()):
            yield Cancel(REMIND, subject)
            yield Cancel(ESCALATE, subject)


def idle(command: Command, state: Any) -> bool:
    assert isinstance(command, RemindSigners | EscalateApproval)
    return not state.waits_at(command.step)


PURPOSES = Purpose(REMIND, RemindSigners), Purpose(ESCALATE, EscalateApproval)
process = Process("approval_deadlines", [ApprovalStepOpened, ApprovalSigned], react, idle, PURPOSES)
