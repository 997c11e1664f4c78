"""How a company numbers its orders, and claims against them."""

from typing import Literal

from aggregates.numbers import NumberSettings


class OrderNumbers(NumberSettings, id="orders.numbers"):
    """How orders are numbered that are drafted without an id; series may be `apart` for each
    warehouse or department.
    """

    prefix: str = "SO"
    apart: Literal["no", "warehouse", "department"] = "no"


class ClaimNumbers(NumberSettings, id="orders.claim_numbers"):
    """How claims are numbered that are filed without an id; series may be `apart` for each
    department.
    """

    prefix: str = "CL"
    apart: Literal["no", "department"] = "no"
