"""Customers, their contacts, and whose they are."""

from aggregates.customers.caseload import Caseload
from aggregates.customers.customer import (
    Customer,
    CustomerPooled,
    CustomerReassigned,
    PoolDeadlineReminded,
)
from aggregates.customers.customer.own_fields import OwnFieldSettings
from aggregates.customers.customer_class import ClassSettings
from aggregates.customers.customer_key import CustomerKey, UniquenessSettings
from aggregates.customers.handover import Handover
from aggregates.customers.interaction import Interaction
from aggregates.customers.numbers import CustomerNumbers
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.public_pool import PoolSettings
from aggregates.customers.share import Share
from commands import handover
from commands.customers import (
    customer,
    interaction,
    merge,
    network,
    pool,
    portfolio,
    share,
)
from projections.customers import customer as customer_record
from projections.customers import handover as handover_record
from projections.customers import interaction as interaction_record
from projections.customers import purchases
from projections.customers import share as share_record
from services.contexts import Context
from services.notices.declared import Notice, person_in, taker
from services.processes.customers import next_contacts, public_pools

customers = Context(
    "customers",
    kinds=(Customer, Portfolio, Share, Caseload, Interaction, CustomerKey, Handover),
    commands=(customer, merge, handover, network, portfolio, share, pool, interaction),
    records=(
        customer_record.record,
        share_record.record,
        interaction_record.record,
        handover_record.record,
    ),
    figures=(purchases.figure, purchases.cycles),
    processes=(public_pools.process, next_contacts.process),
    settings=(CustomerNumbers, PoolSettings, ClassSettings, OwnFieldSettings, UniquenessSettings),
    notices=(
        Notice("customer-handed-over", (CustomerReassigned,), taker("owner")),
        Notice("customer-about-to-be-pooled", (PoolDeadlineReminded,), person_in("owner")),
        Notice("customer-pooled", (CustomerPooled,), person_in("from_owner")),
    ),
)
