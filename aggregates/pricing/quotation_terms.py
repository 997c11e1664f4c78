"""What a company says on each of its quotations besides the offer itself."""

from dataclasses import dataclass
from typing import Annotated

from aggregates.line_pricing import WHOLE
from aggregates.marks import BasisPoints, between
from aggregates.settings import SettingsModel


@dataclass(frozen=True)
class QuotationTerm:
    """One of the terms; `text_zh` is what a quotation in Chinese says in its place."""

    text: str
    text_zh: str | None = None


class QuotationTerms(SettingsModel, id="pricing.quotation_terms"):
    """The terms that stand below a quotation, and the rate of the tax that its prices include;
    without a rate nothing is said of tax.
    """

    terms: tuple[QuotationTerm, ...] = ()
    tax_bp: Annotated[BasisPoints | None, between(0, WHOLE)] = None
