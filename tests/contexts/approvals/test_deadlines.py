"""Those who do not sign in time are reminded, and then somebody else may sign."""

from collections import Counter

import pytest
from approving import route
from shop import Shop

from aggregates.approvals.approval import Approval
from aggregates.approvals.approval.events import ApprovalEscalated, ApprovalReminded
from commands.approvals.approval import SignApproval
from commands.orders.order import DraftOrder, Line, RedraftOrder, SubmitOrder
from infra.requests import Outcome
from services.bootstrap import request

HOUR = 3_600
ID = "order:O1:1"


@pytest.fixture
def slow(shop: Shop) -> Shop:
    """An order that two must sign, after which the boss may sign alone."""
    if not shop.database.sqlite:
        pytest.skip("PostgreSQL has a clock of its own")
    step = {
        "signers": [{"account": "ann"}, {"account": "ben"}],
        "needs": "all",
        "remind_hours": 4,
        "escalate_hours": 8,
        "escalate_to": [{"account": "boss"}],
    }
    lines = (Line(item="I1", quantity=5),)
    shop.ask(
        route(step),
        DraftOrder(id="O1", customer="C1", warehouse="W1", lines=lines),
        SubmitOrder(id="O1"),
    )
    shop.receive("I1", 5)
    shop.drain()
    return shop


def later(shop: Shop, hours: float) -> None:
    shop.clock.sleep(hours * HOUR)
    shop.drain()


def sign(shop: Shop, name: str) -> Outcome:
    return shop.start().execute(request(SignApproval(id=ID, step=1), name))


def happened(shop: Shop) -> Counter[str]:
    kinds = ApprovalReminded, ApprovalEscalated
    return Counter(type(event).__name__ for _, event in shop.said(*kinds))


def test_nobody_is_reminded_or_passed_over_before_the_time(slow: Shop) -> None:
    later(slow, 3.9)
    assert not happened(slow)
    assert sign(slow, "boss").refusal == "NotASigner"


def test_who_has_not_signed_is_reminded_once_and_then_the_boss_signs_alone(slow: Shop) -> None:
    sign(slow, "ann")
    later(slow, 4.1)
    [(_, reminded)] = slow.said(ApprovalReminded)
    assert reminded.candidates == ("account:ben",)
    later(slow, 4)
    assert happened(slow) == {"ApprovalReminded": 1, "ApprovalEscalated": 1}
    approval: Approval = slow.load(Approval, ID)
    assert approval.waiting == {1: ("account:ben", "account:boss")}
    assert sign(slow, "boss").refusal is None
    slow.drain()
    assert slow.status("O1") == "approved"


def test_what_was_signed_or_changed_in_time_is_not_escalated(slow: Shop) -> None:
    slow.ask(RedraftOrder(id="O1", lines=(Line(item="I1", quantity=4),)), SubmitOrder(id="O1"))
    slow.drain()
    for name in ("ann", "ben"):
        slow.start().execute(request(SignApproval(id="order:O1:2", step=1), name))
    later(slow, 20)
    assert not happened(slow)
