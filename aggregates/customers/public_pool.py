"""Public pools: after how long without work a customer leaves its owner, and who may claim it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from aggregates import Refused
from aggregates.calendar import days_later
from aggregates.marks import DayCount, between, names
from aggregates.settings import SettingsModel, named_twice

DAYS = between(1, 3_650)
Trigger = Literal["follow_up", "opportunity", "deal"]


class BadPool(Refused):
    """A pool has a name of its own, and says after how long customers go there."""


class PoolDeadline(NamedTuple):
    """When a customer goes to a pool, and for want of what: `days` after it was last done."""

    pool: str
    trigger: Trigger
    since: datetime
    days: int
    pool_at: datetime
    remind_at: datetime | None


class Grade(NamedTuple):
    """By what of a customer its period is chosen."""

    importance: str | None
    customer_class: str | None = None


@dataclass(frozen=True)
class PoolPeriod:
    """For customers of that importance and that class, or for all that no earlier period is for:
    the days that they may be without a follow-up, a new opportunity, or a deal, each where it is
    given.
    """

    importance: Literal["A", "B", "C"] | None = None
    follow_up_days: Annotated[DayCount | None, DAYS] = None
    opportunity_days: Annotated[DayCount | None, DAYS] = None
    deal_days: Annotated[DayCount | None, DAYS] = None
    customer_class: str | None = None

    def takes(self, grade: Grade) -> bool:
        return self.importance in (None, grade.importance) and (
            self.customer_class in (None, grade.customer_class)
        )

    @property
    def days(self) -> Mapping[Trigger, int | None]:
        return {
            "follow_up": self.follow_up_days,
            "opportunity": self.opportunity_days,
            "deal": self.deal_days,
        }


@dataclass(frozen=True)
class PublicPool:
    """Customers of a department and a region, with all that lie below them, go to this pool.

    Their owner is told `remind_days` ahead. It may spare customers that have been supplied once
    (`spare_dealt`), or as long as an opportunity with them is open (`spare_open_opportunities`).
    Who may see and claim its customers is said by sharing rules that name it.
    """

    name: str
    periods: tuple[PoolPeriod, ...]
    department: Annotated[str | None, names("department")] = None
    region: Annotated[str | None, names("region")] = None
    remind_days: Annotated[DayCount | None, between(1, 90)] = 7
    spare_dealt: bool = False
    spare_open_opportunities: bool = False

    def takes(self, departments: Collection[str], regions: Collection[str]) -> bool:
        """Whether it is for customers that lie in these, of which some are above others."""
        return (self.department is None or self.department in departments) and (
            self.region is None or self.region in regions
        )

    def deadline(
        self,
        grade: Grade,
        last: Mapping[Trigger, datetime],
        now: datetime,
        *,
        notice: bool,
    ) -> PoolDeadline | None:
        """The first of its deadlines. With `notice` the owner is told before, even if it has
        passed already.
        """
        found = min(self._deadlines(grade, last), key=lambda one: one.pool_at, default=None)
        if found is None or self.remind_days is None:
            return found
        if notice:
            earliest = days_later(now, self.remind_days)
            found = found._replace(pool_at=max(found.pool_at, earliest))
        remind_at = days_later(found.pool_at, -self.remind_days)
        return found._replace(remind_at=max(remind_at, now))

    def _deadlines(
        self,
        grade: Grade,
        last: Mapping[Trigger, datetime],
    ) -> Iterator[PoolDeadline]:
        for period in self.periods:
            if period.takes(grade):
                for trigger, days in period.days.items():
                    if days is not None:
                        at = days_later(last[trigger], days)
                        yield PoolDeadline(self.name, trigger, last[trigger], days, at, None)
                return


class PoolSettings(SettingsModel, id="customers.pools"):
    """A customer goes to the first of `pools` that is for its department and region; without one
    it stays. Nobody has more than `cap` customers by claiming, or claims more than `claims` within
    `claim_days`; who had a customer last may not claim it for `bar_days`.
    """

    pools: tuple[PublicPool, ...] = ()
    cap: Annotated[int | None, between(1, 100_000)] = None
    claims: Annotated[int | None, between(1, 10_000)] = None
    claim_days: Annotated[DayCount, between(1, 365)] = 1
    bar_days: Annotated[DayCount | None, DAYS] = None

    def check(self) -> None:
        every = [pool.name for pool in self.pools]
        if twice := named_twice(every):
            raise BadPool(
                f"{every.count(twice)} pools are called {twice}. Give each a name of its own.",
                f"有 {every.count(twice)} 个公海名为 {twice}。请为每个公海单独命名。",
            )
        for pool in self.pools:
            if not any(any(period.days.values()) for period in pool.periods):
                raise BadPool(
                    f"Pool {pool.name} has no period. Say after how many days without a follow-up,"
                    " an opportunity or a deal customers go there.",
                    f"公海 {pool.name} 没有周期。"
                    "请填写多少天未跟进、无商机或无成交后客户进入公海。",
                )

    def pool(self, departments: Collection[str], regions: Collection[str]) -> PublicPool | None:
        """The pool of customers that lie in these."""
        return next((one for one in self.pools if one.takes(departments, regions)), None)
