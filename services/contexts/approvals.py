"""What takes effect only once somebody has agreed to it."""

from collections.abc import Iterator

from aggregates.approvals.approval import Approval
from aggregates.approvals.request import (
    CommandRequest,
    ConfirmationRequested,
    RequestConfirmed,
    RequestDeclined,
    RequestExpired,
)
from aggregates.approvals.routes import ApprovalRoutes
from aggregates.approvals.second_person import SecondPersonSettings
from commands.approvals import approval, request
from commands.authorisation import action_of
from projections.approvals import approval as approval_record
from projections.approvals import request as request_record
from services.contexts import Context
from services.notices.declared import Notice, NoticedEvent, Recipient, holders
from services.processes.approvals import request_term, signed

CONFIRMING = action_of(request.ConfirmRequest)
DECIDED = RequestConfirmed, RequestDeclined, RequestExpired


def _maker(noticed: NoticedEvent) -> Iterator[Recipient]:
    state: CommandRequest = noticed.load(CommandRequest, noticed.recorded.key)
    if state.maker is not None:
        yield Recipient("account", state.maker.account)


approvals = Context(
    "approvals",
    kinds=(CommandRequest, Approval),
    commands=(request, approval),
    records=(request_record.record, approval_record.record),
    processes=(request_term.process, signed.process),
    settings=(SecondPersonSettings, ApprovalRoutes),
    notices=(
        Notice("request-to-confirm", (ConfirmationRequested,), holders(CONFIRMING)),
        Notice("request-decided", DECIDED, _maker),
    ),
)
