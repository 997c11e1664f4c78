"""How a company numbers its orders."""

from typing import Literal

from aggregates.numbers import NumberSettings


class OrderNumbers(NumberSettings, id="orders.numbers"):
    """How orders are numbered that are drafted without an id; series may be `apart` for each
    warehouse or department.
    """

    prefix: str = "SO"
    apart: Literal["no", "warehouse", "department"] = "no"
