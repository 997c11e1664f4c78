"""What is invoiced of the trade, and how customers pay: most in time, some in parts, some late."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from commands import Command
from commands.receivables.account import AgreePaymentTerms, SetCreditLimit
from commands.receivables.allocation import AllocateReceipt
from commands.receivables.credit_note import IssueCreditNote
from commands.receivables.invoice import IssueInvoice
from commands.receivables.receipt import ReceivePayment
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import CURRENCY, DEALERS, RETAILERS, Party

Asked = Iterator[Command]
DUE_DAYS = {"dealer": 30, "retailer": 15}
CREDIT = 300_000_000
"""Of each dealer, in fen: three million yuan, which nobody reaches."""


class Money:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books
        self.dice = Random(agenda.days + 2)  # noqa: S311 - apart from the dice of the story

    def plan(self) -> None:
        self.agenda.put(self.agenda.start + timedelta(hours=3), self._terms)

    def _terms(self, at: datetime) -> Asked:
        for party in (*DEALERS, *RETAILERS):
            yield ask(AgreePaymentTerms, at, id=party.id, due_days=DUE_DAYS[party.kind])
        for dealer in DEALERS:
            what = {
                "currency": CURRENCY,
                "limit": CREDIT,
                "reason": "Agreement of the year 年度协议",
            }
            yield ask(SetCreditLimit, at, id=dealer.id, **what)

    def shipped(self, party: Party, order: str, shipment: str, amount: int, at: datetime) -> None:
        """It is invoiced within a day, and paid as this customer pays."""
        if amount == 0:
            return
        invoice = self.books.next("INV")
        what = {"order": order, "shipment": shipment}
        self._put(at, 0.1, 0.9, partial(self._ask, IssueInvoice, {"id": invoice, **what}))
        due, luck = DUE_DAYS[party.kind], self.dice.randrange(100)
        if luck < 8:
            return  # somebody has to remind them
        parts = [amount // 2, amount - amount // 2] if luck < 25 else [amount]
        for number, part in enumerate(parts):
            pays = partial(self._pay, party, invoice, part)
            self._put(at, due * 0.6 + number * 12, due * 1.2 + number * 12, pays)

    def returned(self, order: str, back: str, at: datetime) -> None:
        what = {"id": self.books.next("CN"), "order": order, "return_id": back}
        self._put(at, 0.2, 1.5, partial(self._ask, IssueCreditNote, what))

    def _put(self, at: datetime, least: float, most: float, action: partial[Asked]) -> None:
        self.agenda.put(self.agenda.later(at, least, most, self.dice), action)

    def _ask(self, kind: type[Command], what: dict[str, str], at: datetime) -> Asked:
        yield ask(kind, at, **what)

    def _pay(self, party: Party, invoice: str, amount: int, at: datetime) -> Asked:
        if party.id in self.books.frozen:
            return  # which is why it was frozen
        receipt = self.books.next("RC")
        what = {"customer": party.id, "amount": amount, "currency": CURRENCY}
        yield ask(ReceivePayment, at, id=receipt, **what)
        yield ask(AllocateReceipt, at, id=receipt, allocation="1", invoice=invoice)
