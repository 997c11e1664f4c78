"""What customers pay: price lists, discount rules and quotations."""

from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.floors import FloorSettings
from aggregates.pricing.list_price import ListPrice
from aggregates.pricing.numbers import QuotationNumbers
from aggregates.pricing.price_list import PriceList
from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.events import QuotationExpired, QuotationSentBack
from aggregates.pricing.quotation_terms import QuotationTerms
from commands.pricing import list_price, quotation, quotation_approval
from projections.pricing import list_price as list_price_record
from projections.pricing import quotation as quotation_record
from services.contexts import Context
from services.notices.declared import Notice, owner
from services.processes.pricing import quotation_expiry

pricing = Context(
    "pricing",
    kinds=(ListPrice, Quotation),
    plain=(PriceList, DiscountRule),
    commands=(list_price, quotation, quotation_approval),
    records=(list_price_record.record, quotation_record.record),
    processes=(quotation_expiry.process,),
    settings=(FloorSettings, QuotationNumbers, QuotationTerms),
    notices=(Notice("quotation-back", (QuotationExpired, QuotationSentBack), owner),),
)
