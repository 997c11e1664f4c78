"""What happens to an approval."""

from datetime import datetime
from typing import Annotated

from aggregates import Event
from aggregates.approvals.approval.steps import ApprovalStep
from aggregates.marks import Money, names


class ApprovalRequested(Event):
    """`content` is the digest of what is to be approved, `settings` the version of the routes.

    Department, region, owner and customer are those of the document.
    """

    document_kind: str
    document: str
    content: str
    maker: str
    maker_person: Annotated[str | None, names("rep")]
    route: str
    steps: tuple[ApprovalStep, ...]
    amount: Money | None
    currency: str | None
    department: str | None
    region: str | None
    owner: str | None
    customer: str | None
    settings: str | None = None


class ApprovalStepOpened(Event):
    """From now on one of the candidates may sign; `step` counts from 1."""

    step: int
    candidates: tuple[str, ...]
    remind_at: datetime | None
    escalate_at: datetime | None


class ApprovalSigned(Event):
    """`place` is that of the signer in the step, none where it was escalated to him.

    `candidates` are those that may sign the step after it. `in_place_of` is the account of an
    absent person whom the signer stands in for.
    """

    step: int
    signer: str
    person: Annotated[str | None, names("rep")]
    in_place_of: str | None
    comment: str | None
    place: int | None
    candidates: tuple[str, ...]


class ApprovalCompleted(Event):
    """Whatever the document waits for may happen; `approver` signed last."""

    document_kind: str
    document: str
    content: str
    approver: str


class ApprovalRefused(Event):
    """One who could have signed refuses; the document is refused with it."""

    step: int
    signer: str
    person: Annotated[str | None, names("rep")]
    in_place_of: str | None
    reason: str


class ApprovalCommented(Event):
    author: str
    comment: str


class ApprovalWithdrawn(Event):
    """Whoever asked for it takes the document back."""

    reason: str


class ApprovalVoided(Event):
    """The document was changed, or wants no approval any more."""

    reason: str


class ApprovalReminded(Event):
    step: int
    candidates: tuple[str, ...]


class ApprovalEscalated(Event):
    """One of `escalated_to` may sign the step alone."""

    step: int
    escalated_to: tuple[str, ...]
    candidates: tuple[str, ...]


class ApprovalReassigned(Event):
    """The account `signer` signs a step from now on, which `instead_of` was to sign.

    `candidates` are those that may sign the step now, none where it is not open yet.
    """

    step: int
    instead_of: str
    signer: Annotated[str, names("account")]
    reason: str
    candidates: tuple[str, ...]


ApprovalEvent = (
    ApprovalRequested
    | ApprovalStepOpened
    | ApprovalSigned
    | ApprovalCompleted
    | ApprovalRefused
    | ApprovalCommented
    | ApprovalWithdrawn
    | ApprovalVoided
    | ApprovalReminded
    | ApprovalEscalated
    | ApprovalReassigned
)
