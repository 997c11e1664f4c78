"""How a company numbers its tasks and appointments."""

from typing import Literal

from aggregates.numbers import NumberSettings


class TaskNumbers(NumberSettings, id="fieldwork.task_numbers"):
    """How tasks are numbered that are created without an id; series may be `apart` for each
    department.
    """

    prefix: str = "TK"
    apart: Literal["no", "department"] = "no"


class AppointmentNumbers(NumberSettings, id="fieldwork.appointment_numbers"):
    """How appointments are numbered that are planned without an id; series may be `apart` for each
    department.
    """

    prefix: str = "AP"
    apart: Literal["no", "department"] = "no"
