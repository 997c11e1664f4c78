"""How a company numbers its quotations."""

from typing import Literal

from aggregates.numbers import NumberSettings


class QuotationNumbers(NumberSettings, id="pricing.quotation_numbers"):
    """How quotations are numbered that are drafted without an id; series may be `apart` for each
    department.
    """

    prefix: str = "QT"
    apart: Literal["no", "department"] = "no"
