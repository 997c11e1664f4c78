"""Sales orders: drafted, approved with their stock, shipped and returned."""

from aggregates.orders.backlog import Backlog
from aggregates.orders.order import SalesOrder
from commands.orders import backlog, order
from services.contexts import Context
from services.processes.orders import backorders

orders = Context(
    "orders",
    kinds=(SalesOrder, Backlog),
    commands=(order, backlog),
    processes=(backorders.process,),
)
