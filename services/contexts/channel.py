"""The sales network: what is agreed with dealers, and what they tell of where goods went."""

from aggregates.channel.agreeing import AgreementSettings
from aggregates.channel.agreement import Agreement, AgreementRenewalDue
from aggregates.channel.ordering import DealerOrderSettings
from aggregates.channel.partner import Partner
from commands.channel import agreement
from projections.channel import agreement as agreement_record
from services.contexts import Context
from services.notices.declared import Notice, person_in
from services.processes.channel import agreements

channel = Context(
    "channel",
    kinds=(Agreement, Partner),
    commands=(agreement,),
    records=(agreement_record.record,),
    processes=(agreements.process,),
    settings=(AgreementSettings, DealerOrderSettings),
    notices=(Notice("agreement-renewal-due", (AgreementRenewalDue,), person_in("owner")),),
)
