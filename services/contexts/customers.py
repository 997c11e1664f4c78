"""Customers, their contacts, and whose they are."""

from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import Portfolio
from commands.customers import customer, portfolio
from projections.customers import customer as customer_record
from services.contexts import Context

customers = Context(
    "customers",
    kinds=(Customer, Portfolio),
    commands=(customer, portfolio),
    records=(customer_record.record,),
)
