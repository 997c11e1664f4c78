"""Which months of stock are closed."""

from typing import Any, NamedTuple

from aggregates.valuation.stock_period import (
    StockPeriodClosed,
    StockPeriodReopened,
    StockPeriods,
)
from infra.events import Recorded
from projections.engine.record import Record


class Row(NamedTuple):
    """`closed_until` is the last month that is closed; `reopened_for` why one was opened again."""

    closed_until: str | None = None
    months: tuple[str, ...] = ()
    reopened_for: str | None = None


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case StockPeriodClosed(month):
            return Row(month, (*row.months, month))
        case StockPeriodReopened(_, reason):
            months = row.months[:-1]
            return Row(months[-1] if months else None, months, reason)
    raise TypeError(f"{type(event).__name__} is no event of months of stock")


record = Record("stock_periods", StockPeriods, Row, fold, scope={})
