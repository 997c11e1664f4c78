"""Signed: what all have signed that had to goes on by itself."""

from collections.abc import Iterator
from typing import Any

from aggregates.approvals.approval.events import ApprovalCompleted
from commands import Command
from commands.approvals.documents import ApprovableDocument
from commands.fields import is_id
from infra.events import Recorded
from services.processes import Process


def react(_: Recorded, event: ApprovalCompleted) -> Iterator[Command]:
    document = ApprovableDocument.known[event.document_kind]
    approver = event.approver if is_id(event.approver) else None
    asked = document.next_command(event.document, event.content, approver)
    if asked is not None:
        yield asked


def idle(command: Command, state: Any) -> bool:
    return ApprovableDocument.known[command.aggregate.kind].settled(state)


process = Process("signed", [ApprovalCompleted], react, idle)
