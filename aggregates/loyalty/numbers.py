"""How a company numbers its members, where it wants to."""

from typing import Annotated, Literal

from aggregates.marks import between
from aggregates.numbers import NumberSettings


class MemberNumbers(NumberSettings, id="loyalty.numbers"):
    """Whether members that are enrolled without an id are numbered, and how."""

    automatic: bool = False
    prefix: str = "M"
    period: Literal["none", "year", "month", "day"] = "none"
    digits: Annotated[int, between(3, 12)] = 8


class MemberLeadNumbers(NumberSettings, id="loyalty.lead_numbers"):
    """How member leads are numbered that are captured without an id."""

    prefix: str = "ML"
