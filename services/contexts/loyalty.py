"""Members, what they buy, and their points."""

from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.member import Member
from aggregates.loyalty.member_lead import MemberLead
from aggregates.loyalty.numbers import MemberLeadNumbers, MemberNumbers
from commands.loyalty import deposit, member, member_lead, purchase
from projections.loyalty import deposits, enrolment, points
from projections.loyalty import member as member_record
from projections.loyalty import member_lead as member_lead_record
from services.contexts import Context
from services.processes.loyalty import point_expiry

loyalty = Context(
    "loyalty",
    kinds=(Member, MemberLead),
    commands=(member, purchase, deposit, member_lead),
    records=(member_record.record, member_lead_record.record),
    figures=(points.figure, deposits.figure, enrolment.figure),
    settings=(EarningSettings, MemberNumbers, MemberLeadNumbers),
    processes=(point_expiry.process,),
)
