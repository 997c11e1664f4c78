"""What keeps the platform itself in order."""

from aggregates.operations.deadline import CancelledDeadlines
from aggregates.operations.exclusion import Exclusion
from aggregates.operations.register import Register
from commands.operations import deadline, exclusion
from services.contexts import Context

operations = Context(
    "operations",
    kinds=(Exclusion, Register, CancelledDeadlines),
    commands=(exclusion, deadline),
)
