"""What dealers sell on: to members, who earn points and spend them, and to everybody else."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from aggregates.loyalty.purchases import worth
from commands import Command
from commands.inventory.stock import CountStock, SellOut
from commands.loyalty.member import EnrolMember, RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import RecordPurchase
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import CURRENCY, DEALERS, GOODS, Party

MEMBERS = 150
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗"
GIFTS = ((1_500, "Shopping bag 购物袋"), (4_000, "Tea set 茶具"), (9_000, "Rice cooker 电饭煲"))
CASH_BACK = 2_000
IN_CASE = {good.id: good.in_case for good in GOODS}


class Members:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        agenda, dice = self.agenda, self.agenda.dice
        for number in range(1, MEMBERS + 1):
            day = dice.randrange(2, max(agenda.days * 2 // 3, 3))
            enrol = partial(self._enrol, f"m-{number:04d}", dice.choice(DEALERS))
            agenda.put(agenda.moment(day, hours=12), enrol)
        for dealer in DEALERS:
            for day in range(8, agenda.days):
                if (day + DEALERS.index(dealer)) % 5 == 0:
                    agenda.put(agenda.moment(day, hours=12), partial(self._sell, dealer))
                if day % 40 == 35:
                    agenda.put(agenda.moment(day), partial(self._count, dealer))

    def _enrol(self, member: str, dealer: Party, at: datetime) -> Iterator[Command]:
        dice = self.agenda.dice
        name = f"{dice.choice(SURNAMES)}{dice.choice(('女士', '先生'))}"
        phone = f"100-0001-{member[-4:]}"
        yield ask(EnrolMember, at, id=member, name=name, phone=phone, dealer=dealer.id)
        self.agenda.put(self.agenda.later(at, 0, 1), partial(self._buy, member, dealer))

    def _buy(self, member: str, dealer: Party, at: datetime) -> Iterator[Command]:
        again = partial(self._buy, member, dealer)
        self.agenda.put(self.agenda.later(at, 1, 9), again)
        shelf = self.books.shelf(dealer)
        if not shelf:
            return
        dice = self.agenda.dice
        lines, total = [], 0
        for item in dice.sample(shelf, min(dice.randrange(1, 4), len(shelf))):
            quantity = dice.randrange(1, 3) * IN_CASE[item]
            self.books.on_hand[dealer.id, item] -= quantity
            amount = self._price(item, quantity)
            total += amount
            lines.append({"item": item, "quantity": quantity, "amount": amount})
        self.books.points[member] += worth(total, CURRENCY)
        what = {"purchase": self.books.next("RC"), "dealer": dealer.id, "currency": CURRENCY}
        yield ask(RecordPurchase, at, id=member, **what, lines=lines)
        if self.agenda.chance(9):
            self.agenda.put(self.agenda.later(at, 0.1, 3), partial(self._redeem, member))

    def _price(self, item: str, quantity: int) -> int:
        """A fifth more than the dealer pays, to the full tenth of a yuan."""
        return self.books.prices[item] * quantity * 12 // 100 * 10

    def _redeem(self, member: str, at: datetime) -> Iterator[Command]:
        """Most ask for what they have; some ask for more, and are refused."""
        dice, balance = self.agenda.dice, self.books.points[member]
        within = [gift for gift in GIFTS if gift[0] <= balance]
        points, gift = dice.choice(within) if within else GIFTS[0]
        number = self.books.next("RD")
        if balance >= CASH_BACK and self.agenda.chance(30):
            what = {"form": "cash_back", "points": CASH_BACK, "amount": CASH_BACK}
            self.books.points[member] -= CASH_BACK
            yield ask(RedeemPoints, at, id=member, redemption=number, **what, currency=CURRENCY)
            return
        yield ask(
            RedeemPoints, at, id=member, redemption=number, form="gift", points=points, reward=gift
        )
        if within:
            self.books.points[member] -= points
            if self.agenda.chance(6):
                back = partial(self._give_back, member, number, points)
                self.agenda.put(self.agenda.later(at, 1, 4), back)

    def _give_back(self, member: str, number: str, points: int, at: datetime) -> Iterator[Command]:
        self.books.points[member] += points
        yield ask(ReverseRedemption, at, id=member, redemption=number)

    def _sell(self, dealer: Party, at: datetime) -> Iterator[Command]:
        """The dealer's report of what shops without a card bought."""
        shelf, sale = self.books.shelf(dealer), self.books.next("SELL")
        for item in self.agenda.dice.sample(shelf, min(6, len(shelf))):
            most = self.books.on_hand[dealer.id, item] * 7 // 10
            quantity = self.agenda.dice.randrange(1, most + 1)
            self.books.on_hand[dealer.id, item] -= quantity
            what = {"sale": sale, "quantity": quantity, "amount": self._price(item, quantity)}
            yield ask(SellOut, at, location=dealer.id, item=item, **what, currency=CURRENCY)

    def _count(self, dealer: Party, at: datetime) -> Iterator[Command]:
        number = self.books.next("CNT")
        for item in self.books.shelf(dealer)[:4]:
            counted = self.books.on_hand[dealer.id, item] - self.agenda.dice.choice((0, 0, 1))
            self.books.on_hand[dealer.id, item] = counted
            what = {"counted": counted, "reference": number, "holder": "dealer"}
            yield ask(CountStock, at, location=dealer.id, item=item, **what)
