"""How a company numbers its tasks."""

from typing import Literal

from aggregates.numbers import NumberSettings


class TaskNumbers(NumberSettings, id="fieldwork.task_numbers"):
    """How tasks are numbered that are created without an id; series may be `apart` for each
    department.
    """

    prefix: str = "TK"
    apart: Literal["no", "department"] = "no"
