"""What may be asked about months of stock."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from aggregates.valuation.stock_period import COMPANY, StockPeriodEvent, StockPeriods
from commands import Command, Text


class PeriodCommand(Command):
    id: ClassVar[Any] = property(lambda _: COMPANY)  # type: ignore[misc]

    month: Text = Field(description="Such as 2026-11.")


class CloseStockPeriod(PeriodCommand, of=StockPeriods):
    """Close a month of stock: its values stay as they are. What is told later of that month changes
    the first month that is open, by a line of adjustment.
    """

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    def decide(self, state: StockPeriods, at: datetime) -> Iterator[StockPeriodEvent]:
        return state.close(self.month, at)


class ReopenStockPeriod(PeriodCommand, of=StockPeriods, when=lambda periods: bool(periods.closed)):
    """Open the month that was closed last again; what was told of it late counts at its own time
    from then on.
    """

    reason: Text

    def decide(self, state: StockPeriods, at: datetime) -> Iterator[StockPeriodEvent]:
        return state.reopen(self.month, self.reason)
