"""What keeps the platform itself in order."""

from aggregates.operations.exclusion import Exclusion
from aggregates.operations.register import Register
from commands.operations import exclusion
from services.contexts import Context

operations = Context("operations", kinds=(Exclusion, Register), commands=(exclusion,))
