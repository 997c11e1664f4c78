"""What takes effect only once somebody has agreed to it."""

from collections.abc import Collection, Iterator

from aggregates.approvals.absence import Absence
from aggregates.approvals.approval import Approval
from aggregates.approvals.approval.events import (
    ApprovalCompleted,
    ApprovalEscalated,
    ApprovalReassigned,
    ApprovalReminded,
    ApprovalStepOpened,
)
from aggregates.approvals.request import (
    CommandRequest,
    ConfirmationRequested,
    RequestConfirmed,
    RequestDeclined,
    RequestExpired,
)
from aggregates.approvals.routes import ApprovalRoutes
from aggregates.approvals.second_person import SecondPersonSettings
from aggregates.operations.register import Register
from aggregates.signatory import Signatory
from commands.approvals import absence, approval, request
from commands.approvals.identities import may_sign_as, signatory
from commands.authorisation import ACCOUNTS, action_of
from projections.approvals import absence as absence_record
from projections.approvals import approval as approval_record
from projections.approvals import request as request_record
from services.access.waiting_requests import waiting_for
from services.contexts import Context
from services.lists.own_condition import OwnCondition
from services.notices.declared import Notice, NoticedEvent, Recipient, holders
from services.processes.approvals import deadlines, request_term, signed

CONFIRMING = action_of(request.ConfirmRequest)
DECIDED = RequestConfirmed, RequestDeclined, RequestExpired
REASSIGNING = action_of(approval.ReassignApproval)
TO_SIGN = ApprovalStepOpened, ApprovalReminded, ApprovalEscalated, ApprovalReassigned


def _maker(noticed: NoticedEvent) -> Iterator[Recipient]:
    state: CommandRequest = noticed.load(CommandRequest, noticed.recorded.key)
    if state.maker is not None:
        yield Recipient("account", state.maker.account)


def _signers(noticed: NoticedEvent) -> Iterator[Recipient]:
    """Whoever may sign the step that was opened, or to whom it was escalated or given."""
    event = noticed.event
    wanted = event.candidates
    if type(event) is ApprovalEscalated:
        wanted = event.escalated_to
    elif type(event) is ApprovalReassigned and wanted:
        wanted = (f"account:{event.signer}",)
    for account in _able(noticed, wanted):
        yield Recipient("account", account)


def _nobody(noticed: NoticedEvent) -> Iterator[Recipient]:
    """Whoever may have others sign, where nobody can: all have left, or nobody has the role, or
    only whoever asks could.
    """
    asked = noticed.load(Approval, noticed.recorded.key).known()
    maker = Signatory(asked.maker, asked.maker_person)
    able = _able(noticed, noticed.event.candidates)
    if all(signatory(noticed.load, one).same(maker) for one in able):
        yield from holders(REASSIGNING)(noticed)


def _able(noticed: NoticedEvent, wanted: Collection[str]) -> Iterator[str]:
    register: Register = noticed.load(Register, ACCOUNTS)
    for account in register.ids.values():
        if not set(wanted).isdisjoint(may_sign_as(noticed.load, account)):
            yield account


def _asker(noticed: NoticedEvent) -> Iterator[Recipient]:
    state: Approval = noticed.load(Approval, noticed.recorded.key)
    if state.requested is not None:
        yield Recipient("account", state.requested.maker)


approvals = Context(
    "approvals",
    kinds=(CommandRequest, Approval, Absence),
    commands=(request, approval, absence),
    records=(request_record.record, approval_record.record, absence_record.record),
    processes=(request_term.process, signed.process, deadlines.process),
    settings=(SecondPersonSettings, ApprovalRoutes),
    own_conditions=(
        OwnCondition(
            request_record.record,
            "waiting",
            "`me`: those that wait, and that you may confirm.",
            {"en": "waiting for you", "zh-CN": "待您确认"},
            waiting_for,
        ),
    ),
    notices=(
        Notice("request-to-confirm", (ConfirmationRequested,), holders(CONFIRMING)),
        Notice("request-decided", DECIDED, _maker),
        Notice("approval-to-sign", TO_SIGN, _signers),
        Notice("approval-stuck", (ApprovalStepOpened, ApprovalReminded), _nobody),
        Notice("approval-given", (ApprovalCompleted,), _asker),
    ),
)
