"""What is answered of a command that waits for a second person: where, until when, and for whom."""

from typing import Any

from pydantic import Field

from aggregates.approvals.request import CommandRequest
from infra.clock import iso, micros
from infra.requests import Outcome
from infra.states import States
from services.access.confirmers import confirmers
from services.api.schemas import Instant, OutcomeShape, Shape

STREAMS = CommandRequest.stream("")
"""What the names of the streams of requests begin with."""


class RequestShape(Shape):
    id: str
    address: str = Field(examples=["/requests/RQ-ABCDEFGHIJKL"])
    expires_at: Instant
    right: str = Field(
        description="What whoever confirms it must be granted, besides the right to confirm.",
        examples=["command:orders/approve-order"],
    )
    may_confirm: list[str] = Field(description="Accounts that may confirm it, 20 at most.")


class WaitingShape(OutcomeShape):
    """The command has not taken effect: `id` and `stream` are those of the request."""

    request: RequestShape


def is_waiting(outcome: Outcome) -> bool:
    """Whether it tells of a request that was made, and not of one that was decided."""
    return outcome.stream.startswith(STREAMS) and outcome.version == 1


def address(outcome: Outcome) -> str:
    return f"/requests/{outcome.stream.removeprefix(STREAMS)}"


def waiting(states: States, outcome: Outcome) -> dict[str, Any]:
    own = outcome.stream.removeprefix(STREAMS)
    found = states.ask(lambda load: confirmers(load, own))
    return {
        "request": {
            "id": own,
            "address": address(outcome),
            "expires_at": iso(micros(found.expires_at)),
            "right": found.right,
            "may_confirm": found.accounts,
        }
    }
