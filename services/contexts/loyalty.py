"""Members, what they buy, and their points."""

from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.member import Member
from aggregates.loyalty.numbers import MemberNumbers
from commands.loyalty import member, purchase
from projections.loyalty import member as member_record
from projections.loyalty import points
from services.contexts import Context
from services.processes.loyalty import point_expiry

loyalty = Context(
    "loyalty",
    kinds=(Member,),
    commands=(member, purchase),
    records=(member_record.record,),
    figures=(points.figure,),
    settings=(EarningSettings, MemberNumbers),
    processes=(point_expiry.process,),
)
