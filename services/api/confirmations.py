"""What is answered of a command that waits for a second person: where, until when, and for whom."""

from typing import Any

from pydantic import Field

from infra.clock import iso, micros
from infra.requests import Outcome
from infra.states import States
from services.access.confirmers import confirmers
from services.api.schemas import Instant, OutcomeShape, Shape
from services.waiting_outcomes import request_of


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


def address(outcome: Outcome) -> str:
    return f"/requests/{request_of(outcome)}"


def waiting(states: States, outcome: Outcome) -> dict[str, Any]:
    own = request_of(outcome)
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
