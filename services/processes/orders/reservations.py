"""Reservations: goods that are held for an order are let go when it is not shipped in time."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.orders.order import OrderApproved, OrderCancelled, OrderShipped
from commands import Command
from commands.orders.order import LapseReservation
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = OrderApproved | OrderShipped | OrderCancelled


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    order = recorded.stream
    match event:
        case OrderApproved(hold_until=until) if until is not None:
            yield Schedule("lapse", order, until, LapseReservation(id=recorded.key))
        case OrderShipped() | OrderCancelled():
            yield Cancel("lapse", order)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, LapseReservation) and state.status != "approved"


process = Process(
    "reservations", get_args(Heard), react, idle, [Purpose("lapse", LapseReservation)]
)
