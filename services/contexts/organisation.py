"""Who works where, for whom what counts, and who may do what."""

from aggregates.organisation.account import Account
from aggregates.organisation.department import Department
from aggregates.organisation.letterhead import Letterhead
from aggregates.organisation.position import Position
from aggregates.organisation.region import Region
from aggregates.organisation.rep import Rep
from aggregates.organisation.role import Role
from aggregates.organisation.series import NumberSeries
from aggregates.organisation.settings import CompanySettings
from aggregates.organisation.sharing_rule import SharingRule
from commands.organisation import account, assignment, position, rep, settings
from projections.organisation import account as account_record
from projections.organisation import rep as rep_record
from projections.organisation import settings as settings_record
from services.contexts import Context
from services.processes.organisation import planned_assignments

organisation = Context(
    "organisation",
    kinds=(Rep, Account, CompanySettings, NumberSeries),
    plain=(Department, Region, Position, Role, SharingRule),
    commands=(rep, position, assignment, account, settings),
    records=(rep_record.record, account_record.record, settings_record.record),
    processes=(planned_assignments.process,),
    settings=(Letterhead,),
)
