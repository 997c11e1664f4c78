"""How a company numbers its customers, where it wants to."""

from typing import Literal

from aggregates.numbers import NumberSettings


class CustomerNumbers(NumberSettings, id="customers.numbers"):
    """Whether customers that are registered without an id are numbered, and how."""

    automatic: bool = False
    prefix: str = "C"
    period: Literal["none", "year", "month", "day"] = "none"
