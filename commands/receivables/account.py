"""What may be asked about a customer's account: its terms, its credit limit and its hold."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate
from aggregates.calendar import business_day
from aggregates.customers.customer import Customer
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.account.credit import BelowExposure, CreditLimitSet, ValidBackwards
from commands import Amount, Command, Currency, Day, Decision, Load, Text, Whole, registers
from commands.receivables.credit import not_invoiced, order_entered

DueDays = Annotated[Whole, Field(ge=0, le=365)]


class AskAccount(Command):
    """A request about the account of a customer, who must be registered."""

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield CustomerAccount, self.id
        yield Customer, self.id


class AgreePaymentTerms(AskAccount, of=CustomerAccount):
    """Agree with a customer how many days after their date its invoices are due."""

    due_days: DueDays

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        registers.customer(load, self.id)
        load(Customer, self.id).not_merged()
        for event in load(CustomerAccount, self.id).agree_terms(self.due_days):
            yield self.stream, event


class SetCreditLimit(AskAccount, of=CustomerAccount):
    """Set what a customer may owe at once in a currency, with approved orders not invoiced yet.

    Orders beyond it are refused, or signed by whom the settings say.
    """

    currency: Currency
    limit: Amount
    valid_from: Day | None = Field(None, description="From today on, unless told otherwise.")
    valid_until: Day | None = Field(
        None, description="The last day; after it no order is approved until a limit is set anew."
    )
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        registers.customer(load, self.id)
        load(Customer, self.id).not_merged()
        account: CustomerAccount = load(CustomerAccount, self.id)
        first = self.valid_from or business_day(at)
        if self.valid_until is not None and self.valid_until < first:
            raise ValidBackwards(first, self.valid_until)
        orders = {} if account.limits else not_invoiced(load, self.id)
        exposure = account.exposure(self.currency) + sum(
            order.uninvoiced
            for name, order in orders.items()
            if order.known().currency == self.currency
            and SalesOrder.stream(name) not in account.documents
        )
        if self.limit < exposure:
            raise BelowExposure(self.limit, exposure, self.currency)
        what = self.currency, self.limit, first, self.valid_until
        for event in account.set_limit(CreditLimitSet(*what, exposure, self.reason)):
            yield self.stream, event
        for order in orders:
            yield from order_entered(load, order)


class HoldCredit(AskAccount, of=CustomerAccount, when=lambda account: account.held is None):
    """Stop orders of a customer: none is approved or shipped until the hold is released."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        registers.customer(load, self.id)
        load(Customer, self.id).not_merged()
        for event in load(CustomerAccount, self.id).hold(self.reason):
            yield self.stream, event


class ReleaseCreditHold(Command, of=CustomerAccount, when=lambda account: account.held is not None):
    """Let orders of a customer go on again."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(CustomerAccount, self.id).release_hold(self.reason):
            yield self.stream, event
