"""In whatever order it is asked: what is open is what was invoiced, less all that settled it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from company import changes
from hypothesis import given
from laws import quick
from orders import a_world, approve, draft, submit
from scenario import NOON, World

from aggregates import Aggregate, Refused
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import Command
from commands.orders.order import ApproveOrder, CancelOrder, LinePart, ReturnOrder, ShipOrder
from commands.receivables.account import SetCreditLimit
from commands.receivables.allocation import AllocateReceipt, UndoAllocation
from commands.receivables.credit_note import IssueCreditNote
from commands.receivables.invoice import IssueInvoice, WriteOffInvoice
from commands.receivables.receipt import BounceReceipt, ReceivePayment, RefundReceipt
from projections.receivables import ledger
from projections.receivables.ageing import BUCKETS, bucket

KINDS: dict[str, type[Aggregate]] = {"invoice": Invoice, "receipt": Receipt}
some = st.sampled_from(["1", "2"])
orders = st.sampled_from(["O1", "O2"])
limits = st.integers(0, 9000)
amounts = st.none() | st.integers(1, 3000)
parts = st.builds(LinePart, line=st.just(1), quantity=st.integers(1, 2)).map(lambda one: (one,))


def build(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return st.builds(kind, **{"id": some, "reason": st.just("x"), **fields})


STEPS = st.one_of(
    st.builds(ShipOrder, id=st.just("O1"), shipment=some, lines=parts),
    st.builds(IssueInvoice, id=some, order=st.just("O1"), shipment=some),
    build(ReturnOrder, id=st.just("O1"), return_id=some, lines=parts),
    st.builds(IssueCreditNote, id=some, order=st.just("O1"), return_id=some),
    build(WriteOffInvoice, write_off=some, amount=amounts),
    st.builds(
        ReceivePayment,
        id=some,
        customer=st.just("C1"),
        amount=st.integers(1, 3000),
        currency=st.just("CNY"),
    ),
    st.builds(AllocateReceipt, id=some, allocation=some, invoice=st.none() | some, amount=amounts),
    build(UndoAllocation, allocation=some),
    build(RefundReceipt, refund=some, amount=amounts),
    build(BounceReceipt),
)


def rows(world: World, kind: str) -> Iterator[Any]:
    for stream, events in world.streams.items():
        if stream.startswith(f"{kind}-"):
            for event in events:
                yield from changes(ledger.view, stream, event)


def total(found: list[Any], measure: str) -> int:
    return sum(getattr(row, measure) for row in found)


def check(world: World) -> None:
    """The ledger's sums, the documents and the customer's account are of one mind."""
    invoices, receipts = list(rows(world, "invoice")), list(rows(world, "receipt"))
    settled = sum(total(invoices, name) for name in ("credited", "written_off", "paid"))
    assert total(invoices, "open") == total(invoices, "invoiced") - settled
    used = sum(total(receipts, name) for name in ("refunded", "bounced", "advance"))
    assert total(receipts, "received") == used + total(invoices, "paid")
    account: CustomerAccount = world.load(CustomerAccount, "C1")
    owed = paid = 0
    for stream in world.streams:
        kind, _, key = stream.partition("-")
        if kind not in KINDS:
            continue
        state: Any = world.load(KINDS[kind], key)
        amount = state.open if kind == "invoice" else -state.left
        kept = account.documents.get(stream)
        assert amount == (kept.amount if kept else 0)
        assert amount >= 0 if kind == "invoice" else amount <= 0
        owed, paid = owed + max(amount, 0), paid + max(-amount, 0)
    assert (owed, paid) == (total(invoices, "open"), total(receipts, "advance"))


@quick
@given(st.lists(STEPS, max_size=25))
def test_what_is_open_is_what_was_invoiced_less_all_that_settled_it(steps: list[Command]) -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve)
    for n, step in enumerate(steps):
        try:
            world.ask(step, at=NOON + timedelta(hours=n))
        except Refused:
            continue
        check(world)


@given(st.integers(-400, 400))
def test_every_day_belongs_to_one_bucket(days: int) -> None:
    found = bucket(days)
    names = list(BUCKETS)
    most = BUCKETS[found]
    assert most is None or days <= most
    before = names.index(found)
    assert before == 0 or days > (BUCKETS[names[before - 1]] or 0)


ORDERS = st.one_of(
    st.builds(ApproveOrder, id=orders, partial=st.booleans()),
    build(CancelOrder, id=orders),
    st.builds(ShipOrder, id=orders, shipment=some, lines=parts),
    build(ReturnOrder, id=orders, return_id=some, lines=parts),
    st.builds(IssueInvoice, id=some, order=orders, shipment=some),
    st.builds(IssueCreditNote, id=some, order=orders, return_id=some),
    build(SetCreditLimit, id=st.just("C1"), currency=st.just("CNY"), limit=limits),
)


@quick
@given(st.lists(STEPS | ORDERS, max_size=30))
def test_what_is_used_of_a_limit_is_the_sum_of_what_it_consists_of(steps: list[Command]) -> None:
    world = a_world("retailer")
    other = draft.model_copy(update={"id": "O2"})
    world.ask(draft, submit, other, submit.model_copy(update={"id": "O2"}))
    for n, step in enumerate(steps):
        try:
            events = world.ask(step, at=NOON + timedelta(hours=n))
        except Refused:
            continue
        account: CustomerAccount = world.load(CustomerAccount, "C1")
        if not account.limits:
            continue
        assert account.exposure("CNY") == parts_of_exposure(world)
        if isinstance(step, ApproveOrder) and not any(event.refusal for event in events):
            limit = account.limits["CNY"][-1].limit
            assert events == () or account.exposure("CNY") <= limit


def parts_of_exposure(world: World) -> int:
    """Orders that no invoice tells of, open invoices and advances, by their own streams."""
    total = 0
    for stream in world.streams:
        kind, _, key = stream.partition("-")
        if kind == "order":
            total += world.load(SalesOrder, key).uninvoiced
        elif kind == "invoice":
            total += world.load(Invoice, key).open
        elif kind == "receipt":
            total -= world.load(Receipt, key).left
    return total
