"""What customers pay: price lists, discount rules, quotations and contracts."""

from aggregates.pricing.contract import Contract
from aggregates.pricing.contract.events import ContractEnded, ContractSentBack
from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.floors import FloorSettings
from aggregates.pricing.list_price import ListPrice
from aggregates.pricing.numbers import ContractNumbers, QuotationNumbers
from aggregates.pricing.price_list import PriceList
from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.events import QuotationExpired, QuotationSentBack
from aggregates.pricing.quotation_terms import QuotationTerms
from commands.pricing import (
    contract,
    contract_approval,
    list_price,
    quotation,
    quotation_approval,
)
from projections.pricing import contract as contract_record
from projections.pricing import list_price as list_price_record
from projections.pricing import quotation as quotation_record
from services.contexts import Context
from services.notices.declared import Notice, owner
from services.processes.pricing import contract_end, quotation_expiry

pricing = Context(
    "pricing",
    kinds=(ListPrice, Quotation, Contract),
    plain=(PriceList, DiscountRule),
    commands=(list_price, quotation, quotation_approval, contract, contract_approval),
    records=(list_price_record.record, quotation_record.record, contract_record.record),
    processes=(quotation_expiry.process, contract_end.process),
    settings=(FloorSettings, QuotationNumbers, QuotationTerms, ContractNumbers),
    notices=(
        Notice("quotation-back", (QuotationExpired, QuotationSentBack), owner),
        Notice("contract-back", (ContractEnded, ContractSentBack), owner),
    ),
)
