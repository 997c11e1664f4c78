"""Orders that a route leads through are approved by those whom it names, as they were submitted."""

from typing import Any

import pytest
from approving import route
from scenario import World

from aggregates import ReferenceTaken, Unknown
from aggregates.approvals.approval import (
    Approval,
    ApprovalOver,
    NotASigner,
    NotTheAsker,
    OwnDocument,
    StepNotOpen,
)
from aggregates.approvals.approval.events import (
    ApprovalCompleted,
    ApprovalRequested,
    ApprovalSigned,
    ApprovalStepOpened,
)
from aggregates.orders.order import SalesOrder
from aggregates.organisation.department import Department
from aggregates.organisation.position import Position
from commands.approvals.approval import (
    CommentApproval,
    DocumentChanged,
    RefuseApproval,
    SignApproval,
    WithdrawApproval,
)
from commands.approvals.asking import NobodyToSign, NotApproved
from commands.inventory.stock import ReceiveStock
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    Line,
    RedraftOrder,
    RejectOrder,
    SubmitOrder,
)
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.position import TakePosition
from commands.organisation.rep import HireRep
from commands.plain import verbs

LI = {"account": "li"}
WU = {"account": "wu"}
ID = "order:SO-1:1"


def sign(step: int = 1, **more: Any) -> SignApproval:
    return SignApproval(id=ID, step=step, **more)


def order(world: World) -> SalesOrder:
    found: SalesOrder = world.load(SalesOrder, "SO-1")
    return found


def approval(world: World, id: str = ID) -> Approval:
    found: Approval = world.load(Approval, id)
    return found


def test_without_a_route_an_order_is_approved_as_ever(world: World) -> None:
    world.ask(SubmitOrder(id="SO-1"), ApproveOrder(id="SO-1"))
    assert order(world).status == "approved"


def test_an_order_that_a_route_leads_through_waits_for_its_signers(world: World) -> None:
    world.ask(route({"signers": [LI]}))
    submitted, requested, opened = world.ask(SubmitOrder(id="SO-1"))
    assert submitted.approval == ID  # type: ignore[attr-defined]
    assert isinstance(requested, ApprovalRequested)
    assert (requested.maker, requested.route, requested.settings) == (
        "zhao",
        "large",
        "approvals.routes:1",
    )
    assert (requested.amount, requested.currency, requested.owner) == (1000, "CNY", "R-1")
    assert requested.content == order(world).content
    assert opened == ApprovalStepOpened(1, ("account:li",), None, None)


def test_an_order_is_not_approved_by_hand_while_somebody_is_to_sign(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    said = world.refuses(ApproveOrder(id="SO-1"), NotApproved)
    assert "1: account:li" in said
    world.refuses(ApproveOrder(id="SO-1", partial=True), NotApproved)


def test_the_last_signature_completes_the_approval_and_the_order_can_be_approved(
    world: World,
) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    signed, completed = world.acting("li").ask(sign(content=order(world).content))
    assert isinstance(signed, ApprovalSigned)
    assert completed == ApprovalCompleted("order", "SO-1", order(world).content, "li")
    world.ask(ApproveOrder(id="SO-1"))
    assert order(world).status == "approved"


def test_nobody_signs_what_he_submitted(world: World) -> None:
    world.ask(route({"signers": [LI, {"account": "zhao"}], "needs": "one"}), SubmitOrder(id="SO-1"))
    assert approval(world).waiting == {1: ("account:li",)}
    world.refuses(sign(), OwnDocument)


def test_an_order_is_not_submitted_to_nobody_but_oneself(world: World) -> None:
    world.ask(route({"signers": [{"account": "zhao"}]}))
    world.refuses(SubmitOrder(id="SO-1"), NobodyToSign)


def test_only_those_sign_whom_the_route_names(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    world.acting("wu").refuses(sign(), NotASigner)
    world.refuses(RefuseApproval(id=ID, step=1, reason="no"), NotASigner)


def test_signed_twice_counts_once(world: World) -> None:
    world.ask(route({"signers": [LI, WU], "needs": "all"}), SubmitOrder(id="SO-1"))
    world.acting("li").ask(sign())
    assert world.ask(sign()) == ()
    assert approval(world).waiting == {1: ("account:wu",)}
    world.refuses(sign(comment="another"), ReferenceTaken)
    world.acting("wu").ask(sign())
    assert approval(world).status == "completed"


def test_two_accounts_of_one_person_sign_a_step_once(world: World) -> None:
    people(world)
    world.ask(
        OpenAccount(id="li-2", person="R-2"),
        GrantRole(id="li-2", role="finance", everything=True),
        GrantRole(id="li", role="finance", everything=True),
        route({"signers": [{"role": "finance"}, {"role": "finance"}], "needs": "all"}),
        SubmitOrder(id="SO-1"),
    )
    world.acting("li").ask(sign())
    world.acting("li-2").refuses(sign(), ReferenceTaken)
    assert approval(world).status == "waiting"


def test_steps_follow_one_another(world: World) -> None:
    world.ask(route({"signers": [LI]}, {"signers": [WU]}), SubmitOrder(id="SO-1"))
    world.acting("wu").refuses(sign(2), StepNotOpen)
    world.acting("li").ask(sign(1))
    world.refuses(sign(2), NotASigner)
    world.acting("wu").ask(sign(2))
    assert approval(world).status == "completed"


def test_steps_side_by_side_are_signed_in_any_order(world: World) -> None:
    steps = {"signers": [LI]}, {"signers": [WU], "beside": True}, {"signers": [{"account": "sun"}]}
    world.ask(route(*steps), SubmitOrder(id="SO-1"))
    assert approval(world).waiting == {1: ("account:li",), 2: ("account:wu",)}
    world.acting("wu").ask(sign(2))
    world.acting("sun").refuses(sign(3), StepNotOpen)
    world.acting("li").ask(sign(1))
    world.acting("sun").ask(sign(3))
    assert approval(world).status == "completed"


def test_a_role_and_the_head_of_the_owners_department_sign(world: World) -> None:
    people(world)
    world.ask(
        route({"signers": [{"head": True}]}, {"signers": [{"role": "finance"}]}),
        GrantRole(id="wu", role="finance", everything=True),
        SubmitOrder(id="SO-1"),
    )
    assert approval(world).waiting == {1: ("head:east", "head:sales")}
    world.acting("wu").refuses(sign(), NotASigner)
    world.acting("li").ask(sign())
    world.refuses(sign(2), NotASigner)
    world.acting("wu").ask(sign(2))
    assert approval(world).status == "completed"


def people(world: World) -> None:
    """Li heads sales, of which east is a part."""
    department, position = verbs(Department), verbs(Position)
    world.ask(
        department.register(id="sales", name="Sales"),
        department.register(id="east", name="East", parent="sales"),
        position.register(id="head", name="Head", department="sales", heads="yes"),
        HireRep(id="R-2", name="Li", department="sales", region="east"),
        TakePosition(id="R-2", position="head"),
        OpenAccount(id="zhao"),
        OpenAccount(id="li", person="R-2"),
        OpenAccount(id="wu"),
    )


def test_one_who_refuses_rejects_the_order(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    world.acting("li").ask(RefuseApproval(id=ID, step=1, reason="too cheap"))
    assert (order(world).status, order(world).rejected) == ("rejected", "too cheap")
    world.acting("wu").refuses(sign(), ApprovalOver)


def test_whoever_asked_takes_his_order_back(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    back = WithdrawApproval(id=ID, reason="a mistake")
    world.acting("li").refuses(back, NotTheAsker)
    world.acting("zhao").ask(back)
    assert order(world).status == "draft"
    world.acting("li").refuses(sign(), ApprovalOver)


@pytest.mark.parametrize(
    "change",
    [
        RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=11),)),
        CancelOrder(id="SO-1", reason="not wanted"),
        RejectOrder(id="SO-1", reason="no credit"),
    ],
)
@pytest.mark.parametrize("signed", [True, False])
def test_whatever_changes_an_order_voids_its_approval(
    world: World, change: Any, signed: bool
) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    if signed:
        world.acting("li").ask(sign())
    world.acting("zhao").ask(change)
    assert approval(world).status == "voided"
    world.acting("wu").refuses(sign(), ApprovalOver)


def test_a_changed_order_is_signed_anew_in_a_round_of_its_own(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    world.acting("li").ask(sign())
    changed = RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=11),))
    world.acting("zhao").ask(changed, SubmitOrder(id="SO-1"))
    world.refuses(ApproveOrder(id="SO-1"), NotApproved)
    assert approval(world, "order:SO-1:2").waiting == {1: ("account:li",)}


def test_a_signature_is_for_the_content_that_was_read(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    world.acting("li").refuses(sign(content="another"), DocumentChanged)


def test_a_part_of_a_signed_order_is_approved_and_so_is_its_rest(world: World) -> None:
    world.ask(RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=80),)))
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    world.acting("li").ask(sign())
    world.ask(ApproveOrder(id="SO-1", partial=True))
    assert order(world).status == "approved"
    world.ask(
        ReceiveStock(location="WH-1", item="tea", quantity=50, reason="purchase", reference="P-2"),
        ApproveOrder(id="SO-1-rest"),
    )
    assert world.load(SalesOrder, "SO-1-rest").status == "approved"


@pytest.mark.parametrize(
    ("where", "asks"),
    [
        ("amount.gte=1000", True),
        ("amount.gte=1001", False),
        ("amount.gte=1000 and currency=USD", False),
        ("discount_bp.gt=0 or department=east", True),
        ("department.under=east", True),
        ("customer_kind=dealer", False),
    ],
)
def test_a_route_is_for_documents_that_meet_its_condition(
    world: World, where: str, asks: bool
) -> None:
    world.ask(route({"signers": [LI]}, where=where), SubmitOrder(id="SO-1"))
    assert (order(world).needs is not None) is asks


def test_what_is_sold_below_the_list_price_is_a_discount(world: World) -> None:
    world.ask(RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=10, unit_price=90),)))
    world.ask(route({"signers": [LI]}, where="discount_bp.gte=1000"), SubmitOrder(id="SO-1"))
    assert order(world).needs == ID


def test_a_comment_is_kept_once(world: World) -> None:
    world.ask(route({"signers": [LI]}), SubmitOrder(id="SO-1"))
    comment = CommentApproval(id=ID, comment="Is this the usual discount?")
    assert len(world.acting("li").ask(comment)) == 1
    assert world.ask(comment) == ()
    world.refuses(CommentApproval(id="order:SO-1:2", comment="x"), Unknown)
    world.refuses(sign(7), Unknown)


def test_a_later_route_leaves_what_was_submitted_before_as_it_was(world: World) -> None:
    world.ask(SubmitOrder(id="SO-1"), route({"signers": [LI]}), ApproveOrder(id="SO-1"))
    assert order(world).status == "approved"
