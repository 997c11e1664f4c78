"""Price lists, a discount rule and quotations, for whoever tries the demo."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from aggregates.calendar import business_day
from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.price_list import PriceList
from commands import Command
from commands.plain import verbs
from commands.pricing.list_price import SetListPrice
from commands.pricing.quotation import (
    AcceptQuotation,
    DraftQuotation,
    OrderQuotation,
    ReviseQuotation,
    SendQuotation,
)
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import DEALERS, WAREHOUSES, Party

DAY = timedelta(days=1)
DEALER_LIST = "dealers"


class DemoPrices:
    """All of it is asked for on the last day: older documents keep their prices."""

    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books
        self.dice = Random(agenda.days + 1)  # noqa: S311 - apart from the dice of the story

    def plan(self) -> None:
        start = self.agenda.end - DAY / 3
        self.agenda.put(start, self._lists)
        for number, dealer in enumerate(DEALERS, 1):
            quote = partial(self._quotation, dealer, number)
            self.agenda.put(start + timedelta(minutes=number), quote)

    def _lists(self, at: datetime) -> Iterator[Command]:
        yield ask(
            verbs(PriceList).register,
            at,
            id=DEALER_LIST,
            name="Dealers 经销商价格表",
            currency="CNY",
            priority=10,
            customer_kind="dealer",
        )
        for good in self.books.goods:
            breaks = [
                {"quantity": 1, "unit_price": good.price * 95 // 100},
                {"quantity": 50 * good.in_case, "unit_price": good.price * 90 // 100},
            ]
            floor = good.price * 85 // 100
            what = {"price_list": DEALER_LIST, "product": good.id, "breaks": breaks}
            yield ask(SetListPrice, at, **what, floor=floor)
        yield ask(
            verbs(DiscountRule).register,
            at,
            id="quarter-end",
            name="End of the quarter 季末优惠",
            priority=5,
            stacking="stackable",
            discount_bp=200,
            min_quantity=400,
        )

    def _quotation(self, dealer: Party, number: int, at: datetime) -> Iterator[Command]:
        """Of three one was revised, one was accepted and ordered, and one is sent."""
        if dealer.id in self.books.frozen:
            return
        quotation = self.books.next("QT")
        until = business_day(at + 14 * DAY)
        what = {"customer": dealer.id, "warehouse": WAREHOUSES[dealer.region], "valid_until": until}
        yield ask(DraftQuotation, at, id=quotation, lines=self._lines(), **what)
        yield ask(SendQuotation, at, id=quotation)
        if number % 3 == 1:
            yield ask(ReviseQuotation, at, id=quotation, lines=self._lines())
            yield ask(SendQuotation, at, id=quotation)
        if number % 3 == 2:
            yield ask(AcceptQuotation, at, id=quotation, revision=1)
            yield ask(OrderQuotation, at, id=quotation, revision=1, order=self.books.next("SO"))

    def _lines(self) -> list[dict[str, object]]:
        goods = self.dice.sample(self.books.goods, 3)
        return [
            {"item": good.id, "quantity": self.dice.randrange(5, 80), "unit": good.case}
            for good in goods
        ]
