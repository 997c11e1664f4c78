"""How long an owner has had a customer, and what he has done with it since."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Self

from aggregates.customers.customer.events import PoolDeadlineReminded, PoolDeadlineSet, Trigger


class Tenure(NamedTuple):
    """It begins when the periods of the public pools first run for the owner."""

    since: datetime | None = None
    follow_up: datetime | None = None
    opportunity: datetime | None = None
    deal: datetime | None = None
    pool_at: datetime | None = None  # when the customer goes to a pool, unless more is done
    remind_at: datetime | None = None  # while the owner has not been reminded

    @property
    def last(self) -> Mapping[Trigger, datetime]:
        """When the owner last did what a pool waits for; not before the customer was his."""
        assert self.since is not None, "a tenure has begun"
        done: Mapping[Trigger, datetime | None] = {
            "follow_up": self.follow_up,
            "opportunity": self.opportunity,
            "deal": self.deal,
        }
        return {name: max(self.since, at or self.since) for name, at in done.items()}

    def after(self, activity: str, at: datetime) -> Self:
        """What was done earlier than what is known already changes nothing."""
        if activity == "ownership":
            return type(self)(since=at, deal=self.deal)
        begun = self if self.since is not None else self._replace(since=at)
        if activity == "review":
            return begun
        known: datetime | None = getattr(begun, activity)
        return begun._replace(**{activity: max(known or at, at)})

    def folded(self, event: PoolDeadlineSet | PoolDeadlineReminded) -> Self:
        if isinstance(event, PoolDeadlineReminded):
            return self._replace(remind_at=None)
        after = self.after(event.activity, event.happened_at)
        return after._replace(pool_at=event.pool_at, remind_at=event.remind_at)
