"""What takes effect only once somebody has agreed to it."""

from aggregates.approvals.approval import Approval
from aggregates.approvals.request import CommandRequest
from aggregates.approvals.routes import ApprovalRoutes
from aggregates.approvals.second_person import SecondPersonSettings
from commands.approvals import approval, request
from projections.approvals import approval as approval_record
from projections.approvals import request as request_record
from services.contexts import Context
from services.processes.approvals import request_term, signed

approvals = Context(
    "approvals",
    kinds=(CommandRequest, Approval),
    commands=(request, approval),
    records=(request_record.record, approval_record.record),
    processes=(request_term.process, signed.process),
    settings=(SecondPersonSettings, ApprovalRoutes),
)
