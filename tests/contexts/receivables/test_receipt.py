"""A payment settles invoices up to its amount; what it does not settle is an advance."""

from orders import a_world, approve, draft, give_back, ship, submit
from scenario import World

from aggregates import ReferenceTaken, TakenBack, Unknown
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.invoice import BeyondOpen, Invoice, WrittenOff
from aggregates.receivables.receipt import BeyondReceipt, BouncedPayment, PaidBack, Receipt
from commands.customers.customer import FreezeCustomer, RegisterCustomer
from commands.orders.order import DraftOrder, Line
from commands.receivables.account import AgreePaymentTerms
from commands.receivables.allocation import (
    AllocateReceipt,
    NothingOpen,
    OtherCustomer,
    UndoAllocation,
)
from commands.receivables.credit_note import IssueCreditNote
from commands.receivables.invoice import IssueInvoice, UndoWriteOff, WriteOffInvoice
from commands.receivables.receipt import BounceReceipt, ReceivePayment, RefundReceipt, UndoRefund

WHOLE = 3000 + 649
issue = IssueInvoice(id="V1", order="O1", shipment="S1")
pay = ReceivePayment(
    id="P1", customer="C1", amount=5000, currency="CNY", way="cheque", reference="N-7"
)
settle = AllocateReceipt(id="P1", allocation="A1")
undo = UndoAllocation(id="P1", allocation="A1", reason="the wrong invoice")


def invoiced() -> World:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship, issue)
    return world


def open_amount(world: World, id: str = "V1") -> int:
    invoice: Invoice = world.load(Invoice, id)
    return invoice.open


def advance(world: World, id: str = "P1") -> int:
    """What is left of a payment, as its customer's account has it, too."""
    receipt: Receipt = world.load(Receipt, id)
    account: CustomerAccount = world.load(CustomerAccount, "C1")
    kept = account.documents.get(f"receipt-{id}")
    assert receipt.left == (-kept.amount if kept else 0)
    return receipt.left


def test_a_payment_is_an_advance_until_it_settles_something() -> None:
    world = invoiced()
    world.ask(pay)
    assert (advance(world), open_amount(world)) == (5000, WHOLE)
    world.ask(settle)
    assert (advance(world), open_amount(world)) == (5000 - WHOLE, 0)
    assert world.ask(pay) == world.ask(settle) == ()
    another = settle.model_copy(update={"allocation": "A2"})
    assert "Leave it as an advance" in world.refuses(another, NothingOpen)


def test_what_is_due_first_is_settled_first() -> None:
    world = invoiced()
    second = DraftOrder(
        id="O2", customer="C1", warehouse="W1", lines=(Line(item="I1", quantity=1),)
    )
    following = (one.model_copy(update={"id": "O2"}) for one in (submit, approve))
    shipped = ship.model_copy(update={"id": "O2", "shipment": "S2"})
    world.ask(second, *following, shipped, AgreePaymentTerms(id="C1", due_days=7))
    world.ask(IssueInvoice(id="V2", order="O2", shipment="S2"), pay)
    world.ask(settle.model_copy(update={"amount": 1500}))
    assert (open_amount(world, "V2"), open_amount(world)) == (0, WHOLE - 500)


def test_no_more_is_allocated_than_was_received_or_is_open() -> None:
    world = invoiced()
    world.ask(pay.model_copy(update={"amount": 3000}))
    more = AllocateReceipt(id="P1", allocation="A1", invoice="V1", amount=3001)
    assert "CNY 30.00 of the payment is left, not CNY 30.01" in world.refuses(more, BeyondReceipt)
    world.ask(ReceivePayment(id="P2", customer="C1", amount=9000, currency="CNY"))
    beyond = AllocateReceipt(id="P2", allocation="A1", invoice="V1", amount=WHOLE + 1)
    assert "CNY 36.49 of the invoice is open" in world.refuses(beyond, BeyondOpen)
    world.ask(settle)
    assert (advance(world), open_amount(world)) == (0, 649)
    world.refuses(AllocateReceipt(id="P1", allocation="A2", invoice="V1"), BeyondReceipt)


def test_an_allocation_that_is_undone_leaves_everything_as_it_was() -> None:
    world = invoiced()
    world.ask(pay, settle, undo)
    assert (advance(world), open_amount(world)) == (5000, WHOLE)
    assert world.ask(undo) == ()
    assert "another number" in world.refuses(settle, TakenBack)
    world.refuses(undo.model_copy(update={"allocation": "A9"}), Unknown)


def test_a_payment_that_bounced_settles_nothing_any_more() -> None:
    world = invoiced()
    bounce = BounceReceipt(id="P1", reason="no cover")
    world.ask(pay, settle, bounce)
    assert (advance(world), open_amount(world)) == (0, WHOLE)
    assert world.ask(bounce) == ()
    world.refuses(settle.model_copy(update={"allocation": "A2"}), BouncedPayment)
    world.refuses(RefundReceipt(id="P1", refund="F1", amount=1, reason="x"), BouncedPayment)


def test_what_settles_nothing_can_be_paid_back_and_then_did_not_bounce() -> None:
    world = invoiced()
    world.ask(pay, settle)
    back = RefundReceipt(id="P1", refund="F1", reason="paid twice")
    world.ask(back)
    assert world.ask(back) == ()
    assert (advance(world), open_amount(world)) == (0, 0)
    world.refuses(RefundReceipt(id="P1", refund="F2", amount=1, reason="again"), BeyondReceipt)
    bounce = BounceReceipt(id="P1", reason="no cover")
    assert "undo-refund" in world.refuses(bounce, PaidBack)
    mistaken = UndoRefund(id="P1", refund="F1", reason="another customer's")
    world.ask(mistaken)
    assert (advance(world), world.ask(mistaken)) == (5000 - WHOLE, ())
    world.refuses(back, TakenBack)
    world.refuses(mistaken.model_copy(update={"refund": "F9"}), Unknown)
    world.ask(bounce)
    assert (advance(world), open_amount(world)) == (0, WHOLE)


def test_a_reference_of_a_customer_stands_for_one_payment_of_each_way() -> None:
    world = invoiced()
    world.ask(pay)
    said = world.refuses(pay.model_copy(update={"id": "P2"}), ReferenceTaken)
    assert "receipt P1" in said
    world.ask(pay.model_copy(update={"id": "P2", "way": "bank_transfer"}))


def test_a_cheque_that_bounced_or_was_mistyped_is_taken_again_under_its_own_reference() -> None:
    world = invoiced()
    for number in ("P1", "P2", "P3"):
        told = pay.model_copy(update={"id": number})
        world.ask(told, BounceReceipt(id=number, reason="five hundred too much"))
        assert world.ask(told) == ()
    world.ask(pay.model_copy(update={"id": "P4", "amount": 4500}))
    said = world.refuses(pay.model_copy(update={"id": "P5"}), ReferenceTaken)
    assert "receipt P4" in said


def test_what_comes_back_after_it_was_paid_for_is_an_advance_again() -> None:
    world = invoiced()
    world.ask(pay, settle, give_back, IssueCreditNote(id="N1", order="O1", return_id="R1"))
    assert (advance(world), open_amount(world)) == (5000 - WHOLE + 1325, 0)
    assert world.load(Invoice, "V1").payments == {"P1:A1": WHOLE - 1325}


def test_what_was_written_off_is_not_credited_as_well() -> None:
    world = invoiced()
    world.ask(WriteOffInvoice(id="V1", write_off="W1", reason="bankrupt"), give_back)
    note = IssueCreditNote(id="N1", order="O1", return_id="R1")
    assert "undo-write-off" in world.refuses(note, WrittenOff)
    world.ask(UndoWriteOff(id="V1", write_off="W1", reason="the goods are back"), note)
    assert open_amount(world) == WHOLE - 1325


def test_a_debt_that_was_written_off_and_is_paid_after_all_is_expected_again_once() -> None:
    world = invoiced()
    given_up = WriteOffInvoice(id="V1", write_off="W1", amount=649, reason="bankrupt")
    expected = UndoWriteOff(id="V1", write_off="W1", reason="the liquidator pays")
    world.refuses(expected, Unknown)
    world.ask(given_up, expected)
    assert (open_amount(world), world.ask(expected)) == (WHOLE, ())
    world.refuses(given_up, TakenBack)
    world.ask(pay, settle)
    assert (open_amount(world), advance(world)) == (0, 5000 - WHOLE)


def test_a_payment_settles_invoices_of_who_paid_in_the_currency_that_was_paid() -> None:
    world = invoiced()
    world.ask(RegisterCustomer(id="C2", name="Inn", customer_kind="retailer", owner="li"))
    world.ask(ReceivePayment(id="P2", customer="C2", amount=9, currency="CNY"))
    world.ask(ReceivePayment(id="P3", customer="C1", amount=9, currency="USD"))
    for receipt in ("P2", "P3"):
        other = AllocateReceipt(id=receipt, allocation="A1", invoice="V1")
        world.refuses(other, OtherCustomer)
        world.refuses(AllocateReceipt(id=receipt, allocation="A1"), NothingOpen)


def test_a_frozen_customer_may_pay() -> None:
    world = invoiced()
    world.ask(FreezeCustomer(id="C1", reason="unpaid"), pay, settle)
    assert open_amount(world) == 0
