"""How a company numbers its opportunities."""

from typing import Literal

from aggregates.numbers import NumberSettings


class OpportunityNumbers(NumberSettings, id="opportunities.numbers"):
    """How opportunities are numbered that are opened without an id; series may be `apart` for each
    department.
    """

    prefix: str = "OP"
    apart: Literal["no", "department"] = "no"
