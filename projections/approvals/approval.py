"""Approvals: what waits for whom, since when and until when, and who has signed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.approvals.approval import Approval
from aggregates.approvals.approval.events import (
    ApprovalCommented,
    ApprovalCompleted,
    ApprovalEscalated,
    ApprovalReassigned,
    ApprovalRefused,
    ApprovalReminded,
    ApprovalRequested,
    ApprovalSigned,
    ApprovalStepOpened,
    ApprovalVoided,
    ApprovalWithdrawn,
)
from aggregates.approvals.approval.steps import ApprovalStep
from infra.clock import iso, micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    INDEXED,
    INSTANT,
    MONEY,
    SIGNERS,
    names,
    taking,
)
from projections.engine.scopes import BY_OWNER

Status = Literal["waiting", "completed", "refused", "withdrawn", "voided"]


class OpenStep(TypedDict):
    """A step that waits for one of the candidates."""

    step: int
    candidates: list[str]
    since: str
    remind_at: str | None
    escalate_at: str | None


class Signature(TypedDict):
    step: int
    signer: str
    in_place_of: str | None
    comment: str | None
    signed_at: str


class Reassignment(TypedDict):
    step: int
    instead_of: str
    signer: str
    reason: str
    reassigned_at: str


class Comment(TypedDict):
    author: str
    comment: str
    commented_at: str


class Row(NamedTuple):
    """`waiting` is whoever may sign now, `signed` whoever has; `due_at` is the next deadline."""

    document_kind: Annotated[str, INDEXED] = ""
    document: Annotated[str, INDEXED] = ""
    status: Annotated[Status, INDEXED] = "waiting"
    waiting: Annotated[str, SIGNERS] = ""
    signed: Annotated[str, SIGNERS] = ""
    waiting_since: Annotated[int | None, INSTANT] = None
    due_at: Annotated[int | None, INSTANT, INDEXED] = None
    maker: Annotated[str, names("account")] = ""
    amount: Annotated[int | None, MONEY] = None
    currency: str | None = None
    customer: Annotated[str | None, names("customer")] = None
    owner: Annotated[str | None, names("rep")] = None
    department: Annotated[str | None, names("department")] = None
    region: Annotated[str | None, names("region")] = None
    route: str = ""
    content: str = ""
    reason: str | None = None
    open_steps: tuple[OpenStep, ...] = ()
    signatures: tuple[Signature, ...] = ()
    comments: tuple[Comment, ...] = ()
    reassignments: tuple[Reassignment, ...] = ()
    steps: tuple[ApprovalStep, ...] = ()
    requested_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    at = iso(recorded.occurred_at)
    match event:
        case ApprovalRequested():
            return taking(row, event)._replace(requested_at=recorded.occurred_at)
        case ApprovalStepOpened():
            opened: OpenStep = {
                "step": event.step,
                "candidates": list(event.candidates),
                "since": at,
                "remind_at": _text(event.remind_at),
                "escalate_at": _text(event.escalate_at),
            }
            return _open(row, (*row.open_steps, opened))
        case ApprovalSigned():
            signature: Signature = {
                "step": event.step,
                "signer": event.signer,
                "in_place_of": event.in_place_of,
                "comment": event.comment,
                "signed_at": at,
            }
            signatures = (*row.signatures, signature)
            signed = _joined(f"account:{one['signer']}" for one in signatures)
            row = row._replace(signatures=signatures, signed=signed)
            return _waiting(row, event.step, event.candidates)
        case ApprovalEscalated(step, _, candidates):
            return _waiting(_passed(row, step, "escalate_at"), step, candidates)
        case ApprovalReassigned(step, instead_of, signer):
            given: Reassignment = {
                "step": step,
                "instead_of": instead_of,
                "signer": signer,
                "reason": event.reason,
                "reassigned_at": at,
            }
            row = row._replace(reassignments=(*row.reassignments, given))
            return _waiting(row, step, event.candidates) if event.candidates else row
        case ApprovalReminded(step):
            return _passed(row, step, "remind_at")
        case ApprovalCommented():
            comment = Comment(author=event.author, comment=event.comment, commented_at=at)
            return row._replace(comments=(*row.comments, comment))
        case ApprovalCompleted():
            return _over(row, "completed")
        case ApprovalRefused(reason=reason):
            return _over(row, "refused", reason)
        case ApprovalWithdrawn(reason):
            return _over(row, "withdrawn", reason)
        case ApprovalVoided(reason):
            return _over(row, "voided", reason)
    raise TypeError(f"{type(event).__name__} is no event of an approval")


def _waiting(row: Row, step: int, candidates: tuple[str, ...]) -> Row:
    """The step waits for these; for none of them, when it is complete."""
    every = (
        OpenStep(**{**one, "candidates": list(candidates)}) if one["step"] == step else one
        for one in row.open_steps
    )
    return _open(row, tuple(one for one in every if one["candidates"]))


def _passed(row: Row, step: int, deadline: Literal["remind_at", "escalate_at"]) -> Row:
    """The step without a deadline that has come."""
    every = row.open_steps
    return _open(row, tuple({**o, deadline: None} if o["step"] == step else o for o in every))  # type: ignore[misc]


def _open(row: Row, steps: tuple[OpenStep, ...]) -> Row:
    deadlines = (at for one in steps for at in (one["remind_at"], one["escalate_at"]))
    times = [at for at in deadlines if at is not None]
    return row._replace(
        open_steps=steps,
        waiting=_joined(name for one in steps for name in one["candidates"]),
        waiting_since=min((_micros(one["since"]) for one in steps), default=None),
        due_at=min(map(_micros, times), default=None),
    )


def _over(row: Row, status: Status, reason: str | None = None) -> Row:
    return _open(row._replace(status=status, reason=reason), ())


def _joined(every: Iterable[str]) -> str:
    return " ".join(f"{one};" for one in dict.fromkeys(every))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else iso(micros(moment))


def _micros(text: str) -> int:
    return micros(datetime.fromisoformat(text))


scope = {**BY_OWNER, "dealer": "customer"}
record = Record("approvals", Approval, Row, fold, scope=scope)
