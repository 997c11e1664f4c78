"""Who works where, and for whom what counts."""

from aggregates.organisation.rep import Rep
from commands.organisation import rep
from projections.organisation import rep as rep_record
from services.contexts import Context

organisation = Context("organisation", kinds=(Rep,), commands=(rep,), records=(rep_record.record,))
