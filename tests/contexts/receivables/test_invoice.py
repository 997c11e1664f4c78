"""What was delivered is invoiced once, and what came back is credited once."""

from datetime import date, timedelta

from orders import ONE_EACH, a_world, approve, draft, give_back, ship, submit
from scenario import NOON, World

from aggregates import OutOfOrder, ReferenceTaken, Unknown
from aggregates.orders.order import OrderLossCredited, SalesOrder
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.invoice import BeyondInvoice, BeyondOpen, Invoice
from commands.inventory.stock import ReceiveTransfer
from commands.orders.order import CreditLoss, LinePart, ReturnOrder, ShipOrder
from commands.organisation.settings import ChangeSettings
from commands.receivables.account import AgreePaymentTerms
from commands.receivables.credit_note import (
    AlreadyCredited,
    CreditReturn,
    IssueCreditNote,
    ReturnOrLoss,
)
from commands.receivables.invoice import (
    AlreadyInvoiced,
    InvoiceShipment,
    IssueInvoice,
    WriteOffInvoice,
)

issue = IssueInvoice(id="V1", order="O1", shipment="S1")
credit = IssueCreditNote(id="N1", order="O1", return_id="R1")
WHOLE = 3000 + 649
AT_ONCE = {"automatic": True}


def shipped(kind: str = "retailer") -> World:
    world = a_world(kind)
    world.ask(draft, submit, approve, ship)
    return world


def invoiced() -> World:
    world = shipped()
    world.ask(issue)
    return world


def open_amount(world: World, id: str = "V1") -> int:
    invoice: Invoice = world.load(Invoice, id)
    account: CustomerAccount = world.load(CustomerAccount, "C1")
    kept = account.documents.get(f"invoice-{id}")
    assert invoice.open == (kept.amount if kept else 0)
    return invoice.open


def test_an_invoice_is_of_one_delivery_and_due_by_the_settings() -> None:
    world = invoiced()
    state = world.load(Invoice, "V1")
    assert state.known().due == date(2026, 4, 1)
    assert [(one.item, one.quantity, one.amount) for one in state.left] == [
        ("I1", 3, 3000),
        ("I2", 2, 649),
    ]
    assert open_amount(world) == WHOLE
    due = OpenAmount("CNY", date(2026, 4, 1), WHOLE)
    assert world.load(CustomerAccount, "C1").documents == {"invoice-V1": due}


def test_what_was_delivered_is_invoiced_at_most_once() -> None:
    world = invoiced()
    assert world.ask(issue) == ()
    said = world.refuses(issue.model_copy(update={"id": "V2"}), AlreadyInvoiced)
    assert "is on invoice V1" in said
    world.refuses(IssueInvoice(id="V2", order="O1", shipment="S9"), Unknown)
    world.refuses(IssueInvoice(id="V1", order="O1", shipment="S9"), ReferenceTaken)


def test_terms_that_are_agreed_with_a_customer_go_before_the_settings() -> None:
    world = shipped()
    world.ask(AgreePaymentTerms(id="C1", due_days=7), issue)
    assert world.load(Invoice, "V1").known().due == date(2026, 3, 9)
    assert world.load(Invoice, "V1").known().settings is None


def test_an_invoice_is_not_dated_before_its_goods_left() -> None:
    world = shipped()
    world.refuses(issue, OutOfOrder, at=NOON - timedelta(days=1))


def test_a_return_is_credited_once_against_the_lines_that_were_invoiced() -> None:
    world = invoiced()
    world.ask(give_back, credit)
    assert open_amount(world) == WHOLE - 1000 - 325
    assert world.ask(credit) == ()
    said = world.refuses(credit.model_copy(update={"id": "N2"}), AlreadyCredited)
    assert "is on credit note N1" in said
    assert [line.quantity for line in world.load(Invoice, "V1").left] == [2, 1]


def test_all_that_comes_back_leaves_nothing_open_to_the_last_fen() -> None:
    world = invoiced()
    left = (LinePart(line=1, quantity=2), LinePart(line=2, quantity=1))
    rest = ReturnOrder(id="O1", return_id="R2", lines=left, reason="damaged")
    world.ask(give_back, credit, rest)
    world.ask(IssueCreditNote(id="N2", order="O1", return_id="R2"))
    assert open_amount(world) == 0
    assert world.load(CustomerAccount, "C1").documents == {}


def test_nothing_is_credited_that_was_never_invoiced() -> None:
    world = shipped()
    world.ask(give_back)
    assert "Invoice their shipment first" in world.refuses(credit, BeyondInvoice)
    world.ask(issue, credit)
    assert open_amount(world) == WHOLE - 1000 - 325


def test_a_loss_is_credited_where_its_shipment_was_invoiced() -> None:
    world = a_world("retailer")
    second = ShipOrder(id="O1", shipment="S2")
    world.ask(draft, submit, approve, ShipOrder(id="O1", shipment="S1", lines=ONE_EACH), second)
    world.ask(issue, IssueInvoice(id="V2", order="O1", shipment="S2"))
    world.ask(CreditLoss(id="O1", loss="L1", shipment="S2", lines=(LinePart(line=1, quantity=1),)))
    world.ask(IssueCreditNote(id="N1", order="O1", loss="L1"))
    assert world.load(Invoice, "V1").creditable(1) == 1
    assert world.load(Invoice, "V2").creditable(1) == 1


def test_what_a_dealer_finds_lost_on_arrival_is_credited_by_its_own_number() -> None:
    world = shipped("dealer")
    world.ask(issue, ChangeSettings(id="receivables.invoicing", values=AT_ONCE, reason="x"))
    what = {"transfer": "S1", "quantity": 2, "lost": 1, "receipt": "A"}
    events = world.ask(ReceiveTransfer(location="C1", item="I1", **what))
    (lost,) = (event for event in events if isinstance(event, OrderLossCredited))
    world.ask(CreditReturn(id="O1", loss=lost.loss))
    assert world.load(Invoice, "V1").creditable(1) == 2
    again = IssueCreditNote(id="N9", order="O1", loss=lost.loss)
    world.refuses(again, AlreadyCredited)


def test_a_credit_note_is_for_one_return_or_one_loss() -> None:
    world = invoiced()
    world.refuses(IssueCreditNote(id="N1", order="O1"), ReturnOrLoss)
    world.refuses(IssueCreditNote(id="N1", order="O1", return_id="R1", loss="L1"), ReturnOrLoss)
    world.refuses(credit, Unknown)


def test_no_more_is_written_off_than_is_open() -> None:
    world = invoiced()
    part = WriteOffInvoice(id="V1", write_off="W1", amount=649, reason="bankrupt")
    world.ask(part)
    assert open_amount(world) == 3000
    assert world.ask(part) == ()
    more = WriteOffInvoice(id="V1", write_off="W2", amount=3001, reason="bankrupt")
    assert "CNY 30.00 of the invoice is open, not CNY 30.01" in world.refuses(more, BeyondOpen)
    world.ask(WriteOffInvoice(id="V1", write_off="W2", reason="bankrupt"))
    assert open_amount(world) == 0


def test_a_company_may_have_deliveries_invoiced_and_returns_credited_at_once() -> None:
    world = shipped()
    world.ask(give_back)
    by_process = InvoiceShipment(id="O1", shipment="S1"), CreditReturn(id="O1", return_id="R1")
    for asked in by_process:
        assert world.ask(asked) == ()
    world.ask(ChangeSettings(id="receivables.invoicing", values=AT_ONCE, reason="x"))
    world.ask(*by_process)
    (number,) = world.load(SalesOrder, "O1").invoices.values()
    assert number == "INV-202603-00001"
    assert open_amount(world, number) == WHOLE - 1000 - 325
    for asked in by_process:
        assert world.ask(asked) == ()
