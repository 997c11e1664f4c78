"""What may be asked about the statements by which a dealer and the company agree on a month."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates.calendar import business_day, month_after
from aggregates.channel.partner import MonthClosed, Partner
from aggregates.channel.statement import (
    Statement,
    StatementEntry,
    StatementEvent,
    StatementLineEntered,
    StatementNotReady,
)
from aggregates.marks import MONEY
from commands import Alone, Currency, Day, Decision, Id, Load, Text, Whole, registers
from commands.channel.of_dealer import DealerCommand


class StatementCommand(DealerCommand):
    own: ClassVar[str] = "statement"

    statement: Id = Field(description="The currency and the month, such as CNY-2026-03.")


class EnterStatementLine(StatementCommand, of=Statement):
    """Enter a delivery, an invoice or a payment in a dealer's statement of its month.

    What comes after the statement was sent is entered in the first month that is still open.
    """

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True
    alone: ClassVar[Alone | None] = "process"

    line: Text
    entry: StatementEntry
    document: Text
    day: Day
    currency: Currency
    quantity: Whole = 0
    goods: Annotated[Whole, MONEY] = 0
    amount: Annotated[Whole, MONEY] = 0

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        partner: Partner = load(Partner, self.dealer)
        month, under = self._month(), StatementLineEntered.under(self.line)
        while True:
            own = f"{self.dealer}:{month}"
            if load.event(Statement, own, under) is not None:
                return
            if load(Statement, own).sent is None and month > partner.closed.get(self.currency, ""):
                break
            month = month[:4] + month_after(month[4:])
        what = self.quantity, self.goods, self.amount
        told = self.line, self.entry, self.document, self.day, self.currency
        registers.customer(load, self.dealer)
        for event in load(Statement, own).enter(StatementLineEntered(*told, *what)):
            opening = self.currency, partner.closing.get(self.currency, 0)
            for begun in load(Statement, own).open(*opening):
                yield Statement.stream(own), begun
            yield Statement.stream(own), event
            for opened in partner.open_month(month):
                yield Partner.stream(self.dealer), opened

    def _month(self) -> str:
        month = f"{self.currency}-{self.day:%Y-%m}"
        if self.statement != month:
            raise StatementNotReady(
                f"{self.day} in {self.currency} is of {month}. Write that as the statement.",
                f"{self.day} 的 {self.currency} 属于 {month}。请将其填写为对账单。",
            )
        return month


class SendStatement(StatementCommand, of=Statement, when=lambda state: state.sendable):
    """Send a dealer the statement of a month that is over; earlier months go first."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        partner: Partner = load(Partner, self.dealer)
        state: Statement = load(Statement, self.id)
        currency = self.statement[:3]
        if state.sent is None:
            self._check(partner, business_day(at))
        for event in state.send(currency, partner.closing.get(currency, 0)):
            yield self.stream, event
            closed = MonthClosed(self.statement, currency, event.closing)  # type: ignore[union-attr]
            yield Partner.stream(self.dealer), closed
            for month in load(Partner, self.dealer).open_months:
                own = f"{self.dealer}:{month}"
                if month[:3] == currency:
                    for opened in load(Statement, own).open(currency, closed.closing):
                        yield Statement.stream(own), opened

    def _check(self, partner: Partner, today: date) -> None:
        open_ones = [one for one in partner.open_months if one[:3] == self.statement[:3]]
        if self.statement not in open_ones:
            raise StatementNotReady(
                f"There is nothing to send for {self.statement}. Open:"
                f" {', '.join(open_ones) or 'none'}.",
                f"{self.statement} 没有可发送的内容。待发送：{'、'.join(open_ones) or '无'}。",
            )
        if self.statement != (first := min(open_ones)):
            raise StatementNotReady(
                f"{first} comes first. Send its statement before that of {self.statement}.",
                f"请先发送 {first} 的对账单，再发送 {self.statement} 的。",
            )
        if f"{today:%Y-%m}" <= self.statement[4:]:
            raise StatementNotReady(
                f"{self.statement} is not over. Send its statement next month.",
                f"{self.statement} 尚未结束。请在下个月发送。",
            )


class ConfirmStatement(StatementCommand, of=Statement, when=lambda state: state.confirmable):
    """Say for the dealer that a statement is right."""

    def decide(self, state: Statement, at: datetime) -> Iterator[StatementEvent]:
        return state.confirm()


class DisputeStatementLine(StatementCommand, of=Statement, when=lambda state: state.disputable):
    """Say for the dealer what is wrong with a line."""

    line: Text
    reason: Text

    def decide(self, state: Statement, at: datetime) -> Iterator[StatementEvent]:
        return state.dispute(self.line, self.reason)


class SettleStatementLine(StatementCommand, of=Statement, when=lambda state: bool(state.disputed)):
    """Say what came of a disputed line; what was wrong is put right by documents of its own."""

    line: Text
    outcome: Text

    def decide(self, state: Statement, at: datetime) -> Iterator[StatementEvent]:
        return state.settle(self.line, self.outcome)
