"""Request term: a command that nobody has confirmed in time is not confirmed any more."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.approvals.request import (
    ConfirmationRequested,
    RequestConfirmed,
    RequestDeclined,
    RequestWithdrawn,
)
from commands import Command
from commands.approvals.request import ExpireRequest
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = ConfirmationRequested | RequestConfirmed | RequestDeclined | RequestWithdrawn


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    match event:
        case ConfirmationRequested(expires_at=until):
            yield Schedule("expiry", recorded.stream, until, ExpireRequest(id=recorded.key))
        case RequestConfirmed() | RequestDeclined() | RequestWithdrawn():
            yield Cancel("expiry", recorded.stream)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, ExpireRequest) and state.status != "waiting"


process = Process("request_term", get_args(Heard), react, idle, [Purpose("expiry", ExpireRequest)])
