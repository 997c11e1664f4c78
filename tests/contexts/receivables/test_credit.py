"""Whatever raises what a customer owes goes through one limit, and whatever lowers it is seen."""

from datetime import date, timedelta

from orders import ONE_EACH, a_world, approve, cancel, draft, give_back, ship, submit
from scenario import NOON, World

from aggregates.calendar import business_day
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.account.credit import (
    BelowExposure,
    CreditOnHold,
    OrderCreditRefused,
    ValidBackwards,
)
from aggregates.receivables.invoice import Invoice
from commands.approvals.approval import SignApproval
from commands.approvals.asking import NotApproved
from commands.inventory.stock import ReceiveStock
from commands.orders.backlog import JoinBacklog, ServeBacklog
from commands.orders.order import ApproveOrder as Approve
from commands.orders.order import DraftOrder, LapseReservation, Line, RedraftOrder, ShipOrder
from commands.organisation.settings import ChangeSettings
from commands.receivables.account import HoldCredit, ReleaseCreditHold, SetCreditLimit
from commands.receivables.allocation import AllocateReceipt
from commands.receivables.credit_note import IssueCreditNote
from commands.receivables.invoice import IssueInvoice, WriteOffInvoice
from commands.receivables.receipt import BounceReceipt, ReceivePayment

WHOLE = 3000 + 649
FULL = WHOLE + 2000
limit = SetCreditLimit(id="C1", currency="CNY", limit=FULL, reason="a good year")
second = DraftOrder(id="O2", customer="C1", warehouse="W1", lines=(Line(item="I1", quantity=3),))
submit_second = submit.model_copy(update={"id": "O2"})
approve_second = approve.model_copy(update={"id": "O2"})
issue = IssueInvoice(id="V1", order="O1", shipment="S1")
pay = ReceivePayment(id="P1", customer="C1", amount=WHOLE, currency="CNY")


def limited() -> World:
    world = a_world("retailer")
    world.ask(limit, draft, submit)
    return world


def exposure(world: World) -> int:
    """What is used of the limit: the sum of what it consists of, each as its own stream has it."""
    account: CustomerAccount = world.load(CustomerAccount, "C1")
    for document, kept in account.documents.items():
        kind, _, name = document.partition("-")
        if kind == "order":
            assert kept.amount == world.load(SalesOrder, name).uninvoiced
        if kind == "invoice":
            assert kept.amount == world.load(Invoice, name).open
    return account.exposure("CNY")


def test_the_limit_that_began_last_counts_in_whatever_order_they_are_told() -> None:
    world = limited()
    day = business_day(NOON)

    def told(amount: int, first: int, last: int | None) -> SetCreditLimit:
        until = None if last is None else day + timedelta(days=last)
        days = {"valid_from": day + timedelta(days=first), "valid_until": until}
        return limit.model_copy(update={"limit": amount, **days})

    account: CustomerAccount = world.load(CustomerAccount, "C1")
    assert account.limit("CNY", day) == FULL
    world.ask(told(FULL + 1, -60, -30), told(FULL + 2, 30, 40), told(FULL + 3, -10, -1))
    account = world.load(CustomerAccount, "C1")
    of_days = {-70: None, -60: FULL + 1, -20: 0, -5: FULL + 3, 0: FULL, 29: FULL, 35: FULL + 2}
    for ahead, amount in of_days.items():
        assert account.limit("CNY", day + timedelta(days=ahead)) == amount, ahead
    assert account.limit("CNY", day + timedelta(days=50)) == 0
    world.ask(limit.model_copy(update={"limit": FULL + 9}))
    assert world.load(CustomerAccount, "C1").limit("CNY", day) == FULL + 9


def test_without_a_limit_nothing_is_kept_and_nothing_refused() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship)
    assert "customer_account-C1" not in world.streams


def test_an_order_takes_of_the_limit_when_it_is_approved_and_keeps_it_until_it_is_paid() -> None:
    world = limited()
    assert exposure(world) == 0
    for step in (approve, ship, issue):
        world.ask(step)
        assert exposure(world) == WHOLE
    world.ask(pay)
    assert exposure(world) == 0
    world.ask(AllocateReceipt(id="P1", allocation="A1"))
    assert exposure(world) == 0
    world.ask(BounceReceipt(id="P1", reason="no cover"))
    assert exposure(world) == WHOLE
    world.ask(WriteOffInvoice(id="V1", write_off="W1", reason="bankrupt"))
    assert exposure(world) == 0


def test_an_order_beyond_the_limit_is_refused_with_the_figures_that_were_seen() -> None:
    world = limited()
    world.ask(approve, second, submit_second)
    refused = OrderCreditRefused("O2", "CNY", FULL, WHOLE, 3000)
    assert world.ask(approve_second) == (refused,)
    assert world.load(SalesOrder, "O2").status == "submitted"
    en, zh = refused.said()
    for figure in ("CNY 56.49", "CNY 36.49", "CNY 30.00", "CNY 10.00"):
        assert figure in en
        assert figure in zh
    world.ask(RedraftOrder(id="O2", lines=(Line(item="I1", quantity=2),)), submit_second)
    world.ask(approve_second)
    assert exposure(world) == FULL


def test_what_is_cancelled_is_released() -> None:
    world = limited()
    world.ask(approve, cancel, second, submit_second, approve_second)
    assert exposure(world) == 3000


def test_what_is_cancelled_after_a_part_was_shipped_is_released_but_for_that_part() -> None:
    world = limited()
    world.ask(approve, ShipOrder(id="O1", shipment="S1", lines=ONE_EACH), cancel)
    assert exposure(world) == 1324


def test_what_lapses_is_released_and_is_asked_for_anew() -> None:
    world = limited()
    until = NOON + timedelta(hours=1)
    world.ask(Approve(id="O1", hold_until=until))
    assert exposure(world) == WHOLE
    world.ask(LapseReservation(id="O1"), at=until)
    assert exposure(world) == 0
    world.ask(second, submit_second, approve_second)
    assert isinstance(world.ask(approve)[0], OrderCreditRefused)


def test_what_comes_back_is_released_at_once_and_not_once_more_by_its_credit_note() -> None:
    world = limited()
    world.ask(approve, ship, issue, give_back)
    left = exposure(world)
    assert left in (WHOLE - 1324, WHOLE - 1325)
    world.ask(IssueCreditNote(id="N1", order="O1", return_id="R1"))
    assert exposure(world) == WHOLE - 1325


def test_a_partial_approval_takes_what_it_approves() -> None:
    world = a_world("retailer", tea=1)
    world.ask(limit, draft, submit, Approve(id="O1", partial=True))
    assert exposure(world) == 1000 + 649


def test_a_limit_counts_what_was_ordered_before_there_was_one() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve)
    below = limit.model_copy(update={"limit": WHOLE - 1})
    assert "CNY 36.49 of credit are used already" in world.refuses(below, BelowExposure)
    world.ask(limit)
    assert exposure(world) == WHOLE
    assert world.load(CustomerAccount, "C1").documents.keys() == {"order-O1"}


def test_after_the_last_day_of_a_limit_no_order_is_approved() -> None:
    world = a_world("retailer")
    yesterday = date(2026, 3, 1)
    ended = {"valid_from": date(2026, 1, 1), "valid_until": yesterday}
    world.ask(limit.model_copy(update=ended), draft, submit)
    assert isinstance(world.ask(approve)[0], OrderCreditRefused)
    world.ask(limit, approve)
    backwards = ended | {"valid_until": date(2025, 12, 31)}
    world.refuses(limit.model_copy(update=backwards), ValidBackwards)


def test_a_hold_stops_approvals_and_shipments_until_it_is_released() -> None:
    world = limited()
    world.ask(approve, second, HoldCredit(id="C1", reason="three months late"))
    assert "three months late" in world.refuses(ship, CreditOnHold)
    world.ask(submit_second)
    world.refuses(approve_second, CreditOnHold)
    world.ask(ReleaseCreditHold(id="C1", reason="paid"), ship)
    assert exposure(world) == WHOLE


def test_an_order_beyond_the_limit_goes_on_once_its_approver_has_signed() -> None:
    beyond = {"name": "credit", "document": "order", "where": "over_credit_limit.gte=1"}
    steps = [{"signers": [{"account": "cfo"}]}]
    routes = {"routes": [{**beyond, "steps": steps}]}
    world = a_world("retailer")
    world.ask(
        limit.model_copy(update={"limit": WHOLE}),
        ChangeSettings(id="approvals.routes", values=routes, reason="x"),
        ChangeSettings(id="receivables.credit", values={"over_limit": "signed"}, reason="x"),
        draft,
        submit,
    )
    world.ask(approve, second, submit_second)
    assert world.load(SalesOrder, "O2").needs == "order:O2:1"
    world.refuses(approve_second, NotApproved)
    world.acting("cfo").ask(SignApproval(id="order:O2:1", step=1))
    world.ask(approve_second)
    assert exposure(world) == WHOLE + 3000


def test_an_order_that_waited_for_its_goods_is_not_approved_beyond_the_limit() -> None:
    world = a_world("retailer", tea=3)
    world.ask(limit, draft, submit, second, submit_second, approve, approve_second)
    serve = ServeBacklog(location="W1", item="I1")
    world.ask(JoinBacklog(order="O2", location="W1", item="I1", quantity=3, **waiting(world)))
    more = {"quantity": 9, "reason": "purchase", "reference": "P9"}
    world.ask(ReceiveStock(location="W1", item="I1", **more), serve)
    assert world.load(SalesOrder, "O2").status == "submitted"
    assert exposure(world) == WHOLE


def test_an_order_that_waited_for_its_goods_counts_once_it_has_them() -> None:
    world = a_world("retailer", tea=0)
    world.ask(limit, second, submit_second, approve_second)
    world.ask(JoinBacklog(order="O2", location="W1", item="I1", quantity=3, **waiting(world)))
    more = {"quantity": 9, "reason": "purchase", "reference": "P9"}
    serve = ServeBacklog(location="W1", item="I1")
    world.ask(ReceiveStock(location="W1", item="I1", **more), serve)
    assert exposure(world) == world.load(SalesOrder, "O2").uninvoiced == 3_000


def waiting(world: World) -> dict[str, str]:
    return {"content": world.load(SalesOrder, "O2").content, "approver": "boss"}
