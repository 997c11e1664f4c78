"""What keeps the platform itself in order."""

from aggregates.operations.deadline import CancelledDeadlines
from aggregates.operations.exclusion import Exclusion
from aggregates.operations.register import Register
from commands.operations import deadline, exclusion
from services.contexts import Context
from services.notices.declared import REFUSED, Notice, holders

operations = Context(
    "operations",
    kinds=(Exclusion, Register, CancelledDeadlines),
    commands=(exclusion, deadline),
    notices=(Notice(REFUSED, (), holders("operate:parked")),),
)
