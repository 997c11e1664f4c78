"""How a company numbers its targets and its reviews of performance."""

from typing import Literal

from aggregates.numbers import NumberSettings


class TargetNumbers(NumberSettings, id="targets.numbers"):
    """How targets are numbered that are set without an id. Parts are called by what they are of."""

    prefix: str = "TG"
    period: Literal["none", "year", "month", "day"] = "year"


class ReviewNumbers(NumberSettings, id="targets.review_numbers"):
    """How reviews of performance are numbered that are written without an id."""

    prefix: str = "PR"
