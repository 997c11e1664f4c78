"""Customers, their contacts, and whose they are."""

from aggregates.customers.customer import Customer, CustomerReassigned
from aggregates.customers.numbers import CustomerNumbers
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.share import Share
from commands.customers import customer, portfolio, share
from projections.customers import customer as customer_record
from projections.customers import share as share_record
from services.contexts import Context
from services.notices.declared import Notice, taker

customers = Context(
    "customers",
    kinds=(Customer, Portfolio, Share),
    commands=(customer, portfolio, share),
    records=(customer_record.record, share_record.record),
    settings=(CustomerNumbers,),
    notices=(Notice("customer-handed-over", (CustomerReassigned,), taker("owner")),),
)
