"""What customers pay: price lists, discount rules and quotations."""

from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.floors import FloorSettings
from aggregates.pricing.list_price import ListPrice
from aggregates.pricing.price_list import PriceList
from commands.pricing import list_price
from projections.pricing import list_price as list_price_record
from services.contexts import Context

pricing = Context(
    "pricing",
    kinds=(ListPrice,),
    plain=(PriceList, DiscountRule),
    commands=(list_price,),
    settings=(FloorSettings,),
    records=(list_price_record.record,),
)
