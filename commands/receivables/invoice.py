"""What may be asked about invoices."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate, Refused, refuse_unequal
from aggregates.calendar import business_day
from aggregates.orders.order import OrderInvoiced, SalesOrder
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.debtor import Debtor
from aggregates.receivables.invoice import (
    Invoice,
    InvoiceIssued,
    InvoiceLine,
    InvoiceWriteOffUndone,
)
from aggregates.receivables.invoicing import InvoicingSettings
from aggregates.receivables.numbers import InvoiceNumbers
from commands import Amount, Command, Decision, Id, Load, Text, registers
from commands.business import paying
from commands.numbers import Numbered
from commands.order_steps import must_be_signed, waits_for
from commands.receivables.credit import order_entered
from commands.receivables.deliveries import sent_at
from commands.receivables.entries import invoice_entered
from commands.settings import in_force
from commands.taken_back import is_taken_back, refuse_taken_back


class AlreadyInvoiced(Refused):
    """What was delivered is invoiced once."""


class IssueInvoice(Numbered, of=Invoice):
    """Invoice a shipment of an order, whole and once. It is due by the customer's payment terms."""

    numbers = InvoiceNumbers

    order: Id
    shipment: Id

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Invoice, self.id
        yield SalesOrder, self.order

    def follows(self, load: Load) -> datetime | None:
        return sent_at(self.order, self.shipment, load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: InvoiceIssued | None = load.event(Invoice, self.id, "issued")
        if before is not None:
            refuse_unequal(
                ("order", before.order, self.order), ("shipment", before.shipment, self.shipment)
            )
            return
        order: SalesOrder = registers.found(load, SalesOrder, self.order)
        lines = tuple(
            InvoiceLine(sent.line, sent.item, sent.quantity, sent.amount)
            for sent in order.sent(self.shipment)
        )
        if (other := order.invoices.get(self.shipment)) is not None:
            raise AlreadyInvoiced(
                f"Shipment {self.shipment} of order {self.order} is on invoice {other}."
                " Invoice another shipment, or read that invoice.",
                f"订单 {self.order} 的发货单 {self.shipment} 已开票：{other}。"
                "请对其他发货单开票，或查看该发票。",
            )
        debtor, amount = debtor_of(order), sum(line.amount for line in lines)
        due, settings = _due(load, debtor.customer, at)
        what = self.order, self.shipment, debtor, order.known().currency
        issued = InvoiceIssued(*what, lines, amount, due, settings)
        for event in load(Invoice, self.id).issue(issued):
            must_be_signed(load, self.order, "shipping", self.shipment, at)
            yield from self.in_order(event, at, load)
            yield SalesOrder.stream(self.order), OrderInvoiced(self.shipment, self.id)
            yield from invoice_entered(load, self.id)
            yield from order_entered(load, self.order)


class WriteOffInvoice(Command, of=Invoice, when=lambda invoice: invoice.open > 0):
    """Give up what is open of an invoice, or a part of it, and say why."""

    write_off: Id
    amount: Annotated[Amount, Field(gt=0)] | None = Field(
        None, description="All that is open, unless told otherwise."
    )
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before = load.event(Invoice, self.id, f"write-off:{self.write_off}")
        if before is not None:
            amount = before.amount if self.amount is None else self.amount
            refuse_unequal(
                ("amount", before.amount, amount), ("reason", before.reason, self.reason)
            )
            undoing = InvoiceWriteOffUndone.under(self.write_off)
            refuse_taken_back(load, Invoice, self.id, undoing, self.write_off)
            return
        invoice: Invoice = load(Invoice, self.id)
        for event in invoice.write_off(self.write_off, self.amount, self.reason):
            yield self.stream, event
            yield from invoice_entered(load, self.id)


class UndoWriteOff(Command, of=Invoice, when=lambda invoice: bool(invoice.written_off)):
    """Expect again what was written off, since it was wrong or is paid after all."""

    write_off: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        undoing = InvoiceWriteOffUndone.under(self.write_off)
        if is_taken_back(load, Invoice, self.id, undoing, self.reason):
            return
        invoice: Invoice = load(Invoice, self.id)
        for event in invoice.undo_write_off(self.write_off, self.reason):
            yield self.stream, event
            yield from invoice_entered(load, self.id)


class InvoiceShipment(Command):
    """Invoice a shipment, where the company has that done at once.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = SalesOrder

    shipment: Id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        automatic = in_force(load, InvoicingSettings, at).settings.automatic
        if not automatic or self.shipment in order.invoices:
            return
        if waits_for(load, self.id, "shipping", self.shipment, at) is not None:
            return
        issue = IssueInvoice(order=self.id, shipment=self.shipment)
        yield from issue.ask_numbered(load, at)


def debtor_of(order: SalesOrder) -> Debtor:
    drafted = order.known()
    who = drafted.rep, drafted.department, drafted.region
    return Debtor(drafted.customer, drafted.customer_kind, *who)


def _due(load: Load, customer: str, at: datetime) -> tuple[date, str | None]:
    """When an invoice of that moment is due, and by which settings, where no terms are agreed.

    What was agreed with the customer itself counts before what is agreed with who pays for it.
    """
    accounts = (load(CustomerAccount, one) for one in (customer, paying(load, customer)))
    agreed = (one.due_days for one in accounts if one.due_days is not None)
    days, version = next(agreed, None), None
    if days is None:
        found, version = in_force(load, InvoicingSettings, at)
        days = found.due_days
    return business_day(at) + timedelta(days=days), version
