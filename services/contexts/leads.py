"""Leads: needs that were found on the way, until they become business or come to nothing."""

from aggregates.leads.assignment import LeadAssignmentSettings
from aggregates.leads.desk import LeadDesk
from aggregates.leads.lead import Lead
from aggregates.leads.lead.events import LeadAssigned, LeadResumed
from aggregates.leads.numbers import LeadNumbers
from commands.leads import lead
from projections.leads import lead as lead_record
from services.contexts import Context
from services.notices.declared import Notice, owner, taker
from services.processes.leads import nurturing

leads = Context(
    "leads",
    kinds=(Lead, LeadDesk),
    commands=(lead,),
    records=(lead_record.record,),
    processes=(nurturing.process,),
    settings=(LeadAssignmentSettings, LeadNumbers),
    notices=(
        Notice("lead-assigned", (LeadAssigned,), taker("owner")),
        Notice("lead-back", (LeadResumed,), owner),
    ),
)
