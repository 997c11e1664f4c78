"""How a company numbers its quotations and contracts."""

from typing import Literal

from aggregates.numbers import NumberSettings


class QuotationNumbers(NumberSettings, id="pricing.quotation_numbers"):
    """How quotations are numbered that are drafted without an id; series may be `apart` for each
    department.
    """

    prefix: str = "QT"
    apart: Literal["no", "department"] = "no"


class ContractNumbers(NumberSettings, id="pricing.contract_numbers"):
    """How contracts are numbered that are made or drafted without an id; series may be `apart` for
    each department.
    """

    prefix: str = "CT"
    apart: Literal["no", "department"] = "no"
