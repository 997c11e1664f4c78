"""What an order that was drawn on a contract has of it, as it is divided, shipped and cancelled."""

from collections.abc import Iterator, Mapping

from aggregates.orders.order import SalesOrder
from aggregates.pricing.contract import Contract
from commands import Decision, Load


def kept_on_contract(load: Load, id: str) -> Iterator[Decision]:
    """Let the contract have again what the order wants no more."""
    order: SalesOrder = load(SalesOrder, id)
    if (name := order.known().contract) is not None:
        for event in load(Contract, name).keep(id, order.wanted):
            yield Contract.stream(name), event


def divided_on_contract(
    load: Load, id: str, rest: str, kept: Mapping[int, int]
) -> Iterator[Decision]:
    """Tell the contract what of an order is another now."""
    if (name := load(SalesOrder, id).known().contract) is not None:
        for event in load(Contract, name).divide(id, rest, kept):
            yield Contract.stream(name), event
