"""What goods cost the demo company: each purchase at its own price, months that are closed on the
sixth, and now and then an invoice that says otherwise when the month is closed already.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from aggregates.calendar import business_day
from commands import Command
from commands.inventory.stock_corrections import CorrectReceiptCost
from commands.valuation.stock_period import CloseStockPeriod
from services.demo.agenda import DemoAgenda, ask
from services.demo.catalogue import Good

DAY_OF_CLOSE = 6
INVOICED_AFTER = 25
ONE_OF = 12
"""Of so many purchases one is invoiced otherwise."""


class DemoCosts:
    def __init__(self, agenda: DemoAgenda) -> None:
        self.agenda = agenda

    def plan(self) -> None:
        for day in range(DAY_OF_CLOSE, self.agenda.days):
            morning = self.agenda.start + timedelta(days=day, hours=2)
            if business_day(morning).day == DAY_OF_CLOSE:
                self.agenda.put(morning, self._close)

    def _close(self, at: datetime) -> Iterator[Command]:
        last = business_day(at) - timedelta(days=DAY_OF_CLOSE)
        yield ask(CloseStockPeriod, at, month=f"{last:%Y-%m}")


def price(good: Good, number: str) -> int:
    """What a case cost in that purchase."""
    return good.cost * good.in_case * (95 + crc32(number.encode()) % 11) // 100


def invoiced(
    agenda: DemoAgenda, house: str, good: Good, cases: int, number: str, came: datetime
) -> None:
    """Some invoices come late and are dearer."""
    if crc32(number.encode()) % ONE_OF:
        return
    cost = cases * price(good, number) * 103 // 100
    due = came + timedelta(days=INVOICED_AFTER)
    agenda.put(due, partial(_correct, house, good.id, number, cost))


def _correct(house: str, item: str, number: str, cost: int, at: datetime) -> Iterator[Command]:
    what = {"reference": number, "cost": cost, "reason": "供应商发票金额不同"}
    yield ask(CorrectReceiptCost, at, location=house, item=item, **what)
