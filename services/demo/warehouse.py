"""How the warehouses fill: opening stock, purchases when stock runs low, transfers, counts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from commands import Command
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    TransferStock,
)
from services.demo import costs
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import Good

HOUSES = {"WH-SH": 600, "WH-GZ": 320}
"""How many cases each warehouse likes to hold of an item."""
REASONS = ("Damaged carton", "Found behind the rack", "Picked for tasting")


class DemoWarehouse:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        agenda = self.agenda
        agenda.put(agenda.start + timedelta(minutes=5), self._open)
        for day in range(3, agenda.days):
            for house in HOUSES:
                if day % 4 == 0:
                    agenda.put(agenda.moment(day), partial(self._buy, house))
                if day % 30 == 25:
                    agenda.put(agenda.moment(day), partial(self._count, house))
                if day % 9 == 5:
                    agenda.put(agenda.moment(day), partial(self._adjust, house))
            if day % 10 == 6 or day == agenda.days - 1:
                agenda.put(agenda.moment(day), self._transfer)

    def _open(self, at: datetime) -> Iterator[Command]:
        for house, level in HOUSES.items():
            for good in self.books.goods:
                cases = level * self.agenda.dice.randrange(60, 110) // 100
                yield self._receive(house, good, cases, "opening", "OPENING", at)

    def _receive(
        self, house: str, good: Good, cases: int, reason: str, reference: str, at: datetime
    ) -> Command:
        self.books.on_hand[house, good.id] += cases * good.in_case
        what = {"quantity": cases, "unit": good.case, "reason": reason, "reference": reference}
        unit_cost = costs.price(good, reference)
        return ask(ReceiveStock, at, location=house, item=good.id, unit_cost=unit_cost, **what)

    def _buy(self, house: str, at: datetime) -> Iterator[Command]:
        """Order what runs low; it comes some days later."""
        level = HOUSES[house]
        for good in self.books.goods:
            place = house, good.id
            if self.books.cases(house, good) + self.books.expected[place] < level // 2:
                cases = level * self.agenda.dice.randrange(40, 80) // 100 // 10 * 10
                self.books.expected[place] += cases
                due = self.agenda.later(at, 3, 9)
                number = self.books.next("PO")
                self.agenda.put(due, partial(self._come, house, good, cases, number))
        yield from ()

    def _come(
        self, house: str, good: Good, cases: int, number: str, at: datetime
    ) -> Iterator[Command]:
        self.books.expected[house, good.id] -= cases
        yield self._receive(house, good, cases, "purchase", number, at)
        costs.invoiced(self.agenda, house, good, cases, number, at)

    def _transfer(self, at: datetime) -> Iterator[Command]:
        """Shanghai helps Guangzhou out with what it has most of."""
        source, target = HOUSES
        goods = sorted(self.books.goods, key=lambda g: -self.books.cases(source, g))
        number = self.books.next("TR")
        for good in goods[:4]:
            cases = self.books.cases(source, good) // 5
            if cases < 10:
                continue
            quantity = cases * good.in_case
            self.books.on_hand[source, good.id] -= quantity
            what = {"transfer": number, "item": good.id, "quantity": cases, "unit": good.case}
            yield ask(TransferStock, at, from_location=source, to_location=target, **what)
            due = self.agenda.later(at, 2, 4)
            self.agenda.put(due, partial(self._land, target, good.id, number, quantity))

    def _land(
        self, house: str, item: str, number: str, quantity: int, at: datetime
    ) -> Iterator[Command]:
        lost = 1 if self.agenda.chance(10) else 0
        self.books.on_hand[house, item] += quantity - lost
        what = {"transfer": number, "quantity": quantity - lost, "lost": lost}
        yield ask(ReceiveTransfer, at, location=house, item=item, **what)

    def _count(self, house: str, at: datetime) -> Iterator[Command]:
        number = self.books.next("CNT")
        for good in self.agenda.dice.sample(self.books.goods, 12):
            place = house, good.id
            off = self.agenda.dice.choice((0, 0, 0, 0, -3, -1, 1, 2))
            self.books.on_hand[place] = max(self.books.on_hand[place] + off, 0)
            what = {"counted": self.books.on_hand[place], "reference": number}
            yield ask(CountStock, at, location=house, item=good.id, **what)

    def _adjust(self, house: str, at: datetime) -> Iterator[Command]:
        good = self.agenda.dice.choice(self.books.goods)
        if self.books.cases(house, good) < 10:
            return
        number, what = self.books.next("ADJ"), {"location": house, "item": good.id}
        if self.agenda.chance(30):
            self.books.on_hand[house, good.id] -= 2
            sample = {"quantity": 2, "reason": "sample", "reference": number}
            yield ask(IssueStock, at, **what, **sample)
            return
        reason = self.agenda.dice.choice(REASONS)
        off = 1 if reason.startswith("Found") else -2
        self.books.on_hand[house, good.id] += off
        yield ask(AdjustStock, at, **what, quantity=off, reason=reason, reference=number)
