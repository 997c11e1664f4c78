"""What takes effect only once somebody has agreed to it."""

from aggregates.approvals.request import CommandRequest
from aggregates.approvals.second_person import SecondPersonSettings
from commands.approvals import request
from projections.approvals import request as request_record
from services.contexts import Context
from services.processes.approvals import request_term

approvals = Context(
    "approvals",
    kinds=(CommandRequest,),
    commands=(request,),
    records=(request_record.record,),
    processes=(request_term.process,),
    settings=(SecondPersonSettings,),
)
