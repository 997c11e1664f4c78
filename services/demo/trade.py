"""Orders from draft to shipment and return; what a dealer is sent arrives some days later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from aggregates.orders.lines import OrderLine, part, priced
from commands import Command
from commands.inventory.stock import ReceiveTransfer
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    DraftOrder,
    RejectOrder,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import DEALERS, PEOPLE, RETAILERS, WAREHOUSES, Good, Party
from services.demo.money import Money

DISCOUNTS = (0, 0, 0, 200, 300, 500)
RETURNS = ("Damaged in transit", "Short shelf life", "Ordered by mistake")


@dataclass
class Deal:
    """An order as the story remembers it."""

    id: str
    party: Party
    cases: list[tuple[Good, int]]
    opportunity: str | None = None
    open: list[int] = field(default_factory=list)
    shipments: int = 0
    sold: list[OrderLine] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """By the piece."""
        return [(good.id, many * good.in_case) for good, many in self.cases]

    @property
    def house(self) -> str:
        return WAREHOUSES[self.party.region]


class Trade:
    def __init__(self, agenda: DemoAgenda, books: Books, money: Money) -> None:
        self.agenda, self.books, self.money = agenda, books, money

    def plan(self) -> None:
        dice = self.agenda.dice
        for party, pace in [*((d, 6) for d in DEALERS), *((r, 14) for r in RETAILERS)]:
            day = 1 if party.kind == "dealer" else dice.randrange(1, pace)
            while day < self.agenda.days:
                self.agenda.put(self.agenda.moment(day), partial(self.order, party, None))
                day += dice.randrange(pace // 2, pace * 3 // 2)

    def order(self, party: Party, opportunity: str | None, at: datetime) -> Iterator[Command]:
        deal = self.draft(party, opportunity)
        if deal is not None:
            yield from self.submit(deal, at)

    def draft(self, party: Party, opportunity: str | None = None) -> Deal | None:
        if party.id in self.books.frozen:
            return None
        dice = self.agenda.dice
        most = (8, 70) if party.kind == "dealer" else (4, 14)
        goods = dice.sample(self.books.goods, dice.randrange(2, most[0]))
        cases = [(good, dice.randrange(most[1] // 5, most[1])) for good in goods]
        if opportunity or self.agenda.chance(4):  # a large one may ask for more than there is
            cases[0] = (cases[0][0], cases[0][1] * 6)
        deal = Deal(self.books.next("SO"), party, cases, opportunity)
        deal.open = [quantity for _, quantity in deal.lines]
        return deal

    def submit(self, deal: Deal, at: datetime) -> Iterator[Command]:
        dice = self.agenda.dice
        discount = dice.choice(DISCOUNTS) if deal.party.kind == "dealer" else 0
        lines = [
            {"item": good.id, "quantity": many, "unit": good.case, "discount_bp": discount}
            for good, many in deal.cases
        ]
        what = {"customer": deal.party.id, "warehouse": deal.house, "lines": lines}
        deal.sold = [
            priced(n, item, quantity, self.books.prices[item], discount, None)
            for n, (item, quantity) in enumerate(deal.lines, 1)
        ]
        yield ask(DraftOrder, at, id=deal.id, **what, opportunity=deal.opportunity)
        if self.agenda.chance(97):
            yield ask(SubmitOrder, at, id=deal.id)
            self.agenda.put(self.agenda.later(at, 0.05, 0.6), partial(self._approve, deal, 0))

    def _approve(self, deal: Deal, tries: int, at: datetime) -> Iterator[Command]:
        """What is short is tried again when goods have come, and given up the third time."""
        if deal.party.id in self.books.frozen:
            return
        if tries == 2 and self._short(deal):
            yield ask(RejectOrder, at, id=deal.id, reason="Not enough stock in time")
            return
        boss = next(p.id for p in PEOPLE if p.region == deal.party.region and "manager" in p.title)
        yield ask(ApproveOrder, at, id=deal.id, approver=boss)
        if self._short(deal):
            self.agenda.put(self.agenda.later(at, 3, 6), partial(self._approve, deal, tries + 1))
            return
        self._reserve(deal, 1)
        end = self._cancel if self.agenda.chance(3) else self._ship
        self.agenda.put(self.agenda.later(at, 0.5, 2), partial(end, deal))

    def _short(self, deal: Deal) -> bool:
        wanted = Counter[str]()
        for item, quantity in deal.lines:
            wanted[item] += quantity
        return any(self.books.available(deal.house, i) < q for i, q in wanted.items())

    def _reserve(self, deal: Deal, sign: int) -> None:
        for (item, _), quantity in zip(deal.lines, deal.open, strict=True):
            self.books.reserved[deal.house, item] += sign * quantity

    def _cancel(self, deal: Deal, at: datetime) -> Iterator[Command]:
        self._reserve(deal, -1)
        yield ask(CancelOrder, at, id=deal.id, reason="The customer changed plans")

    def _ship(self, deal: Deal, at: datetime) -> Iterator[Command]:
        """All that is open, or the half of it now and the rest later; nothing to who is frozen."""
        if deal.party.id in self.books.frozen:
            return
        whole = deal.shipments > 0 or self.agenda.chance(80)
        parts = [
            q if whole else (q // good.in_case + 1) // 2 * good.in_case
            for q, (good, _) in zip(deal.open, deal.cases, strict=True)
        ]
        deal.shipments += 1
        shipment = f"{deal.id}-{deal.shipments}"
        lines = [{"line": n, "quantity": q} for n, q in enumerate(parts, 1) if q]
        yield ask(ShipOrder, at, id=deal.id, shipment=shipment, lines=lines)
        sent = zip(deal.sold, deal.open, parts, strict=True)
        amount = sum(part(line, line.quantity - left, n).amount for line, left, n in sent)
        self.money.shipped(deal.party, deal.id, shipment, amount, at)
        for number, quantity in enumerate(parts):
            place = deal.house, deal.lines[number][0]
            self.books.on_hand[place] -= quantity
            self.books.reserved[place] -= quantity
            deal.open[number] -= quantity
        if any(deal.open):
            self.agenda.put(self.agenda.later(at, 2, 5), partial(self._ship, deal))
        if deal.party.kind == "dealer":
            arrives = partial(self._arrive, deal, shipment, parts)
            self.agenda.put(self.agenda.later(at, 1, 4), arrives)
        if self.agenda.chance(5):
            back = partial(self._return, deal, shipment, parts)
            self.agenda.put(self.agenda.later(at, 5, 15), back)

    def _arrive(
        self, deal: Deal, shipment: str, parts: list[int], at: datetime
    ) -> Iterator[Command]:
        for (item, _), quantity in zip(deal.lines, parts, strict=True):
            lost = 1 if quantity > 5 and self.agenda.chance(3) else 0
            self.books.on_hand[deal.party.id, item] += quantity - lost
            what = {"transfer": shipment, "quantity": quantity - lost, "lost": lost}
            if quantity:
                yield ask(ReceiveTransfer, at, location=deal.party.id, item=item, **what)

    def _return(
        self, deal: Deal, shipment: str, parts: list[int], at: datetime
    ) -> Iterator[Command]:
        number = self.agenda.dice.randrange(len(parts))
        item, quantity = deal.lines[number][0], max(parts[number] // 4, 1)
        if parts[number] == 0:
            return
        if deal.party.kind == "dealer":
            if self.books.available(deal.party.id, item) < quantity:
                return
            self.books.on_hand[deal.party.id, item] -= quantity
        self.books.on_hand[deal.house, item] += quantity
        lines = [{"line": number + 1, "quantity": quantity}]
        why = self.agenda.dice.choice(RETURNS)
        yield ask(ReturnOrder, at, id=deal.id, return_id=f"{shipment}-R", lines=lines, reason=why)
        self.money.returned(deal.id, f"{shipment}-R", at)
