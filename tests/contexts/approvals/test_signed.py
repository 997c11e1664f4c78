"""An order goes on by itself after its last signature, and never as it was not signed."""

import threading
from typing import Any

import pytest
from shop import Shop

from aggregates.approvals.approval import Approval
from aggregates.orders.order import OrderApproved, SalesOrder
from commands import Command
from commands.approvals.approval import SignApproval, WithdrawApproval
from commands.orders.order import ApproveOrder, DraftOrder, Line, RedraftOrder, SubmitOrder
from commands.organisation.settings import ChangeSettings
from infra.requests import Outcome
from services.bootstrap import request

SIGNERS = "ann", "ben"
TURNS, MOST_TURNS = 12, 120
"""On a busy machine nobody may be faster than the change for a while."""


@pytest.fixture
def routed(shop: Shop) -> Shop:
    """All orders are signed by two."""
    steps = [{"signers": [{"account": name} for name in SIGNERS], "needs": "all"}]
    routes = [{"name": "all", "document": "order", "steps": steps}]
    shop.ask(ChangeSettings(id="approvals.routes", values={"routes": routes}, reason="four eyes"))
    return shop


def asks(shop: Shop, actor: str, command: Command) -> Outcome:
    return shop.start().execute(request(command, actor))


def submitted(shop: Shop, id: str, quantity: int) -> None:
    lines = (Line(item="I1", quantity=quantity),)
    shop.ask(DraftOrder(id=id, customer="C1", warehouse="W1", lines=lines), SubmitOrder(id=id))


def sign(shop: Shop, id: str, *signers: str) -> None:
    for name in signers:
        outcome = asks(shop, name, SignApproval(id=f"order:{id}:1", step=1))
        assert outcome.refusal is None, outcome.message


def test_the_last_signature_approves_the_order_with_its_goods(routed: Shop) -> None:
    routed.receive("I1", 5)
    submitted(routed, "O1", 5)
    assert routed.ask(ApproveOrder(id="O1")).refusal == "NotApproved"
    sign(routed, "O1", "ann")
    routed.drain()
    assert routed.status("O1") == "submitted"
    sign(routed, "O1", "ben")
    routed.drain()
    assert routed.status("O1") == "approved"
    [(_, approved)] = routed.said(OrderApproved)
    assert approved.approver == "ben"


def test_a_signed_order_that_lacks_goods_waits_for_them(routed: Shop) -> None:
    submitted(routed, "O1", 5)
    sign(routed, "O1", *SIGNERS)
    routed.drain()
    assert (routed.status("O1"), list(routed.refusals())) == ("submitted", ["O1"])
    routed.receive("I1", 5)
    routed.drain()
    assert routed.status("O1") == "approved"


def test_an_order_that_was_changed_while_it_lacked_goods_is_signed_anew(routed: Shop) -> None:
    submitted(routed, "O1", 5)
    sign(routed, "O1", *SIGNERS)
    routed.drain()
    routed.ask(RedraftOrder(id="O1", lines=(Line(item="I1", quantity=6),)), SubmitOrder(id="O1"))
    routed.receive("I1", 10)
    routed.drain()
    assert routed.status("O1") == "submitted"


def test_whatever_happens_at_once_no_order_is_approved_as_it_was_not_signed(routed: Shop) -> None:
    """Two sign, a third changes, submits and withdraws, a fourth approves by hand, all at once."""
    routed.receive("I1", 1_000)
    approved = False
    for turn in range(MOST_TURNS):
        _race(routed, f"O{turn}")
        routed.drain()
        approved |= _approved(routed, f"O{turn}")
        if approved and turn >= TURNS:
            break
    assert approved, "nobody was ever faster than the change"


def _approved(shop: Shop, id: str) -> bool:
    """Whether it was; then as it stands all have signed it."""
    order: SalesOrder = shop.load(SalesOrder, id)
    if order.status != "approved":
        return False
    assert order.needs is not None
    approval: Approval = shop.load(Approval, order.needs)
    assert approval.status == "completed"
    assert approval.known().content == order.content
    assert {one.signer for one in approval.signatures} == set(SIGNERS)
    return True


def _race(shop: Shop, id: str) -> None:
    submitted(shop, id, 5)
    change = RedraftOrder(id=id, lines=(Line(item="I1", quantity=6),))
    back = WithdrawApproval(id=f"order:{id}:1", reason="mistaken")
    asked: dict[str, list[Any]] = {
        **{name: [SignApproval(id=f"order:{id}:{n}", step=1) for n in (1, 2)] for name in SIGNERS},
        "tester": [change, SubmitOrder(id=id), back],
        "boss": [ApproveOrder(id=id)] * 3,
    }
    threads = [
        threading.Thread(target=lambda a=actor, c=commands: [asks(shop, a, one) for one in c])
        for actor, commands in asked.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
