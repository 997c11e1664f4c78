"""Months of stock are closed one after another; the last one may be opened again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self

from aggregates import Aggregate, Event, Refused, refuse_unequal
from aggregates.calendar import day_start, month_after

COMPANY = "company"
MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])")


def end_of(month: str) -> datetime:
    """The first instant of the month after, by the company's clock."""
    if MONTH.fullmatch(month) is None:
        raise NoSuchMonth(
            f"{month} is no month. Write it as 2026-11.",
            f"{month} 不是月份。请按 2026-11 的格式填写。",
        )
    after = month_after(month)
    return day_start(date(int(after[:4]), int(after[5:]), 1))


class StockPeriodClosed(Event):
    """What is told from now on of before `until` counts from then on."""

    month: str
    until: datetime


class StockPeriodReopened(Event):
    month: str
    reason: str


StockPeriodEvent = StockPeriodClosed | StockPeriodReopened


class NoSuchMonth(Refused):
    """A month is named by its year and number."""


class MonthNotOver(Refused):
    """What is closed is over."""


class NotNextMonth(Refused):
    """Months are closed in their order."""


class NotLastClosed(Refused):
    """Months are opened again in the opposite order."""


@dataclass(frozen=True)
class StockPeriods(Aggregate):
    """Those of the whole company."""

    kind: ClassVar[str] = "stock_period"

    closed: tuple[str, ...] = ()
    reopened: StockPeriodReopened | None = None

    def close(self, month: str, now: datetime) -> Iterator[StockPeriodEvent]:
        if month in self.closed:
            return
        until = end_of(month)
        if until > now:
            raise MonthNotOver(
                f"{month} is not over. Close it after its last day.",
                f"{month} 尚未结束。请在月末之后结账。",
            )
        if self.closed and month != (following := month_after(self.closed[-1])):
            raise NotNextMonth(
                f"{self.closed[-1]} is the last month that is closed. Close {following} next.",
                f"最后结账的月份是 {self.closed[-1]}。请先结 {following}。",
            )
        yield StockPeriodClosed(month, until)

    def reopen(self, month: str, reason: str) -> Iterator[StockPeriodEvent]:
        if self.closed and self.closed[-1] == month:
            yield StockPeriodReopened(month, reason)
        elif self.reopened is not None and self.reopened.month == month not in self.closed:
            refuse_unequal(("reason", self.reopened.reason, reason))
        else:
            last = self.closed[-1] if self.closed else "-"
            raise NotLastClosed(
                f"Only the last month that is closed is opened again: {last}.",
                f"只能反结账最后结账的月份：{last}。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: StockPeriodEvent) -> Self:
        match event:
            case StockPeriodClosed(month):
                return replace(self, closed=(*self.closed, month))
            case StockPeriodReopened():
                return replace(self, closed=self.closed[:-1], reopened=event)
