"""The cold store of the demo company: drinks in lots that expire, one of them held back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from commands import Command
from commands.inventory.lot import QuarantineLot, ReleaseLot
from commands.inventory.stock import IssueStock, ReceiveStock
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import Good

HOUSE = "WH-COLD"
CAME = 20
"""Days before the end."""
DRINKS = ("豆奶", "椰子汁")
LOTS = (("2601A", 120, 200), ("2511C", 60, 25), ("2510B", 40, 9), ("2509D", 12, -4))
"""Of each drink: its number, how many cases there are, and the days after the end that it keeps."""


class DemoLots:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        if self.agenda.days <= CAME:  # there was nothing to put in it yet
            return
        for days, action in ((CAME, self._come), (9, self._check), (3, self._taste)):
            self.agenda.put(self.agenda.end - timedelta(days=days, hours=-3), action)

    def _come(self, at: datetime) -> Iterator[Command]:
        for good in self._drinks():
            for lot, cases, days in LOTS:
                last = (self.agenda.end + timedelta(days=days)).date()
                what = {"quantity": cases, "unit": good.case, "reference": f"COLD-{lot}"}
                lots = {"lot": lot, "expires_on": last}
                yield ask(ReceiveStock, at, location=HOUSE, item=good.id, **what, **lots)

    def _check(self, at: datetime) -> Iterator[Command]:
        """Two lots are held back; one of them is found to be good."""
        first, second = ({"item": good.id, "lot": "2511C"} for good in self._drinks())
        yield ask(QuarantineLot, at, **first, reason="胀包抽检 Swollen packs, sampled")
        yield ask(QuarantineLot, at, **second, reason="标签复核 Label checked again")
        yield ask(ReleaseLot, at, **second, reason="标签合格 The label is right")

    def _taste(self, at: datetime) -> Iterator[Command]:
        for good in self._drinks():
            what: dict[str, Any] = {"quantity": 6, "reason": "sample", "reference": "COLD-TASTE"}
            yield ask(IssueStock, at, location=HOUSE, item=good.id, **what)

    def _drinks(self) -> list[Good]:
        return [good for good in self.books.goods if good.name.startswith(DRINKS)]
