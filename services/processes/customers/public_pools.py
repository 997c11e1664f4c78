"""Public pools: owners are reminded of what they leave alone, and lose it when its time is over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, get_args

from aggregates.customers.customer import CustomerPooled, CustomerWithdrawn, PoolDeadlineSet
from aggregates.customers.portfolio import OpportunityDelisted, OpportunityListed
from aggregates.orders.order import OrderShipped
from commands import Command
from commands.customers.pool import NoteActivity, PoolCustomer, RemindOfPool
from infra.clock import instant
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = (
    PoolDeadlineSet
    | CustomerPooled
    | CustomerWithdrawn
    | OpportunityListed
    | OpportunityDelisted
    | OrderShipped
)


def react(recorded: Recorded, event: Heard) -> Iterator[Command | Schedule | Cancel]:
    customer = recorded.stream
    match event:
        case PoolDeadlineSet(remind_at=remind_at, pool_at=pool_at):
            yield _scheduled("reminder", customer, remind_at, RemindOfPool(id=recorded.key))
            yield _scheduled("pool", customer, pool_at, PoolCustomer(id=recorded.key))
        case CustomerPooled() | CustomerWithdrawn():
            yield Cancel("reminder", customer)
            yield Cancel("pool", customer)
        case OpportunityListed() | OpportunityDelisted():
            yield _activity(recorded, recorded.key, "opportunity")
        case OrderShipped(customer=customer):
            yield _activity(recorded, customer, "deal")


def _scheduled(
    purpose: str, subject: str, at: datetime | None, command: Command
) -> Schedule | Cancel:
    return Cancel(purpose, subject) if at is None else Schedule(purpose, subject, at, command)


def _activity(
    recorded: Recorded, customer: str, activity: Literal["opportunity", "deal"]
) -> NoteActivity:
    happened_at = instant(recorded.occurred_at)
    return NoteActivity(id=customer, activity=activity, happened_at=happened_at)


def idle(command: Command, state: Any) -> bool:
    """Whether the periods of the pools do not run for the customer."""
    match command:
        case NoteActivity():
            return state.tenure.since is None
        case RemindOfPool():
            return state.tenure.remind_at is None
        case _:
            return state.tenure.pool_at is None


process = Process(
    "public_pools",
    get_args(Heard),
    react,
    idle,
    [Purpose("reminder", RemindOfPool), Purpose("pool", PoolCustomer)],
)
