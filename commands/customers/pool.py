"""What may be asked about public pools: customers go there by themselves, and are claimed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from aggregates import Aggregate, Refused, refuse_unequal
from aggregates.calendar import days_later
from aggregates.customers.caseload import Caseload
from aggregates.customers.customer import (
    ClaimRefused,
    Customer,
    CustomerClaimed,
    CustomerPooled,
    PoolCause,
    PoolDeadlineReminded,
    PoolStay,
)
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.public_pool import PoolDeadline, PoolSettings
from commands import Command, Decision, Id, Instant, Load, Text
from commands.authorisation import person_of
from commands.business import attribution
from commands.customers import caseload
from commands.customers.pool_deadline import deadline, kept, pool_of
from commands.customers.portfolio import deals_moved
from commands.customers.share import ended
from commands.settings import in_force


class NoPool(Refused):
    """A customer is released into a pool that is for its department and region."""


class NobodyClaims(Refused):
    """A customer is claimed by a person, for himself."""


def _claimable(customer: Customer) -> bool:
    return customer.pooled is not None and customer.frozen is None


class ClaimCustomer(Command, of=Customer, when=_claimable):
    """Take a customer out of a public pool, with its owner's open opportunities.

    It is refused where the claimer has as many customers as the settings customers.pools allow,
    or claimed as many within their days, or had the customer last, not long ago.
    """

    owner: Id | None = Field(
        None,
        description="Who claims it: the person of the account. Said only by accounts that are no"
        " person's.",
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        owner = self._claimer(load)
        stay = customer.claimable(owner)
        if stay is None:
            return
        who = attribution(load, owner)
        settings, version = in_force(load, PoolSettings, at)
        limited = settings.cap is not None or settings.claims is not None
        yield from caseload.counted(load, owner) if limited else ()
        refused = refusal(load, stay, owner, at)
        if refused is not None:
            yield self.stream, refused
            return
        held = len(load(Caseload, owner).cases) + 1 if limited else None
        yield (
            self.stream,
            CustomerClaimed(stay.pool, stay.from_owner, *who, held, settings.cap, version),
        )
        yield from caseload.moved(load, self.id, "", owner, at)
        yield from deals_moved(load, self.id, stay.from_owner, who)
        yield from kept(load, self.id, "ownership", at, at)

    def _claimer(self, load: Load) -> str:
        person = person_of(load, load.actor)
        if person is None and self.owner is None:
            raise NobodyClaims(
                "The account is no person's: say in owner who claims the customer.",
                "该账号不属于任何员工：请在 owner 中填写领取人。",
            )
        if person is not None and self.owner not in (None, person):
            raise NobodyClaims(
                f"{person} claims for {person} alone, not for {self.owner}. Leave owner out, or"
                " have the customer reassigned.",
                f"{person} 只能为 {person} 领取，不能为 {self.owner} 领取。"
                "请不要填写 owner，或改为申请重新分配。",
            )
        return person or self.owner or ""


def _kept(customer: Customer) -> bool:
    return customer.pooled is None and customer.merged is None


class ReleaseCustomer(Command, of=Customer, when=_kept):
    """Give a customer up: it goes to the public pool of its department and region."""

    by_share: ClassVar[bool] = False

    reason: Text

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        if not super().possible(load, id, at):
            return False
        return pool_of(load, load(Customer, id), at) is not None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        customer.known()
        if customer.pooled is not None:
            refuse_unequal(("reason", customer.pooled.reason, self.reason))
            return
        pool = pool_of(load, customer, at)
        if pool is None:
            place = f"{customer.department}, {customer.region}"
            raise NoPool(
                f"No public pool is for {place}. Settle one in customers.pools, or reassign the"
                " customer.",
                f"没有适用于 {place} 的公海。请在 customers.pools 设置中添加，或重新分配该客户。",
            )
        why: Any = {"cause": "released", "reason": self.reason}
        yield from left(load, self.id, pool.name, at, **why)


class ReviewPoolDeadline(Command, of=Customer, when=_kept):
    """Set anew when a customer goes to a public pool, by the settings of now.

    For customers that were there before the settings: nothing else has to be done with them for
    the periods to run. Their owner is reminded first, however long ago they were last worked with.
    """

    by_share: ClassVar[bool] = False

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        load(Customer, self.id).known()
        return kept(load, self.id, "review", at, at)


class RemindOfPool(Command):
    """Remind the owner of a customer that it is about to go to a public pool.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Customer

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        found = due(load, self.id, at)
        if found is not None and customer.tenure.pool_at is not None:
            told = found.pool, found.trigger, customer.tenure.pool_at
            for event in customer.remind_of_pool(PoolDeadlineReminded(customer.owner, *told), at):
                yield self.stream, event


class PoolCustomer(Command):
    """Move a customer to a public pool whose owner has not worked with it for too long.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Customer

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.id)
        if customer.tenure.pool_at is None or customer.tenure.pool_at > at:
            return
        found = due(load, self.id, at)
        if found is None or found.pool_at > at:
            yield from kept(load, self.id, "review", at, at)
            return
        why: Any = {"cause": found.trigger, "since": found.since, "days": found.days}
        yield from left(load, self.id, found.pool, at, **why)


class NoteActivity(Command):
    """Note that something was done with a customer, so that it stays with its owner.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Customer

    activity: Literal["opportunity", "deal"]
    happened_at: Instant

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        return kept(load, self.id, self.activity, self.happened_at, at)


def due(load: Load, id: str, at: datetime) -> PoolDeadline | None:
    """When a customer goes to a pool, by the settings of now."""
    customer: Customer = load(Customer, id)
    pool = pool_of(load, customer, at)
    return None if pool is None else deadline(load, pool, id, customer.tenure, at)


def refusal(load: Load, stay: PoolStay, owner: str, at: datetime) -> ClaimRefused | None:
    """Why somebody may not claim a customer now."""
    settings, version = in_force(load, PoolSettings, at)
    if settings.bar_days is not None and owner == stay.from_owner:
        until = days_later(stay.since, settings.bar_days)
        if at < until:
            barred = None, None, settings.bar_days, until
            return ClaimRefused(stay.pool, owner, "previous_owner", *barred, version)
    caseload_now: Caseload = load(Caseload, owner)
    if settings.claims is not None:
        count = caseload_now.claims_since(days_later(at, -settings.claim_days))
        if count >= settings.claims:
            figures = count, settings.claims, settings.claim_days, None
            return ClaimRefused(stay.pool, owner, "rate", *figures, version)
    return over_cap(load, stay, owner, at)


def over_cap(load: Load, stay: PoolStay, owner: str, at: datetime) -> ClaimRefused | None:
    """Why somebody cannot have one customer more."""
    settings, version = in_force(load, PoolSettings, at)
    held = len(load(Caseload, owner).cases)
    if settings.cap is None or held < settings.cap:
        return None
    return ClaimRefused(stay.pool, owner, "cap", held, settings.cap, None, None, version)


def left(
    load: Load,
    id: str,
    pool: str,
    at: datetime,
    *,
    cause: PoolCause,
    since: datetime | None = None,
    days: int | None = None,
    reason: str | None = None,
) -> Iterator[Decision]:
    """A customer leaves its owner, and is shared by hand with nobody any longer."""
    customer: Customer = load(Customer, id)
    place = customer.department, customer.region
    pooled = CustomerPooled(
        *(*customer.whose, *place, pool),
        cause=cause,
        since=since,
        days=days,
        reason=reason,
        pooled_at=at,
        settings=in_force(load, PoolSettings, at).version,
    )
    for event in customer.pool(pooled):
        yield Customer.stream(id), event
        yield from caseload.moved(load, id, pooled.from_owner, "")
        for share in load(Portfolio, id).shares:
            yield from ended(load, id, share, f"public pool {pool}")
