"""When a customer goes to a public pool: set anew after whatever is done with it."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.customers.customer import Customer, PoolDeadlineSet, Tenure
from aggregates.customers.customer.events import Activity
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.public_pool import Grade, PoolDeadline, PoolSettings, PublicPool
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from commands import Decision, Load
from commands.plain import upwards
from commands.settings import in_force


def kept(
    load: Load, id: str, activity: Activity, happened_at: datetime, at: datetime
) -> Iterator[Decision]:
    """Something was done with a customer: it stays with its owner for longer.

    The periods of an owner run from when the platform hears of him: nothing that is entered late
    sends a customer to a pool at once.
    """
    customer: Customer = load(Customer, id)
    now = max(at, load.now)
    pool = pool_of(load, customer, now)
    if pool is None and customer.tenure.pool_at is None:
        return
    since = now if activity == "ownership" else happened_at
    tenure, found = customer.tenure.after(activity, since), None
    if pool is not None:
        found = deadline(load, pool, id, tenure, now, notice=activity == "review")
    event = PoolDeadlineSet(
        activity,
        since,
        pool=found and found.pool,
        trigger=found and found.trigger,
        days=found and found.days,
        remind_at=found and found.remind_at,
        pool_at=found and found.pool_at,
        settings=in_force(load, PoolSettings, now).version,
    )
    for each in customer.set_pool_deadline(event):
        yield Customer.stream(id), each


def pool_of(load: Load, customer: Customer, at: datetime) -> PublicPool | None:
    """The pool that a customer would go to, by the settings of an instant."""
    settings = in_force(load, PoolSettings, at).settings
    if not settings.pools:
        return None
    departments = upwards(load, Department, "parent", customer.department or None)
    regions = upwards(load, Region, "parent", customer.region or None)
    return settings.pool(frozenset(departments), frozenset(regions))


def deadline(
    load: Load, pool: PublicPool, id: str, tenure: Tenure, now: datetime, *, notice: bool = False
) -> PoolDeadline | None:
    """When a customer goes to a pool, unless the pool spares it."""
    customer: Customer = load(Customer, id)
    if pool.spare_dealt and tenure.deal is not None:
        return None
    if pool.spare_open_opportunities and load(Portfolio, id).open:
        return None
    grade = Grade(customer.importance, customer.customer_class)
    return pool.deadline(grade, tenure.last, now, notice=notice)
