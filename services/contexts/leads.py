"""Leads: needs that were found on the way, until they become business or come to nothing."""

from aggregates.leads.assignment import LeadAssignmentSettings
from aggregates.leads.collision import Collision, CollisionFound
from aggregates.leads.conversion import ConversionSettings
from aggregates.leads.desk import LeadDesk
from aggregates.leads.lead import Lead
from aggregates.leads.lead.events import LeadAssigned, LeadResumed
from aggregates.leads.numbers import LeadNumbers
from commands.leads import collision, conversion, lead
from projections.leads import collision as collision_record
from projections.leads import lead as lead_record
from services.contexts import Context
from services.notices.declared import Notice, owner, person_in, taker
from services.processes.leads import nurturing

leads = Context(
    "leads",
    kinds=(Lead, LeadDesk, Collision),
    commands=(lead, conversion, collision),
    records=(lead_record.record, collision_record.record),
    processes=(nurturing.process,),
    settings=(LeadAssignmentSettings, ConversionSettings, LeadNumbers),
    notices=(
        Notice("lead-assigned", (LeadAssigned,), taker("owner")),
        Notice("lead-back", (LeadResumed,), owner),
        Notice("collision-found", (CollisionFound,), person_in("owner")),
    ),
)
