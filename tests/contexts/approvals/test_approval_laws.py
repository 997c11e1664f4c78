"""Whoever asks whatever in whatever order: an order is approved as all have signed it, or not."""

from collections.abc import Sequence

import hypothesis.strategies as st
import pytest
from approving import drafted_order, route
from hypothesis import given
from laws import asked, quick
from mutants.bugs import bug
from mutants.plant import Mutant
from scenario import World

from aggregates import Refused
from aggregates.approvals.approval import Approval
from aggregates.orders.order import SalesOrder
from commands import Command
from commands.approvals.absence import AnnounceAbsence, EndAbsence
from commands.approvals.approval import RefuseApproval, SignApproval, WithdrawApproval
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    Line,
    RedraftOrder,
    RejectOrder,
    SubmitOrder,
)
from commands.organisation.account import GrantRole, OpenAccount

SIGNERS = "ann", "ben"
BOTH = {"signers": [{"role": "finance"}] * 2, "needs": "all"}
LAST = {"signers": [{"account": "boss"}, {"account": "zhao"}]}
ORDER = {"id": st.just("SO-1")}
accounts = st.sampled_from(["zhao", "boss", *SIGNERS])
approvals = {"id": st.sampled_from([f"order:SO-1:{n}" for n in (1, 1, 2, 3)])}
signed = asked(
    SignApproval,
    **approvals,
    step=st.integers(1, 2),
    content=st.none(),
    comment=st.none(),
    in_place_of=st.none() | accounts,
)
lines = st.builds(lambda n: (Line(item="tea", quantity=n),), st.integers(9, 11))
commands = st.one_of(
    *[signed] * 6,
    *[asked(SubmitOrder, **ORDER)] * 3,
    *[st.builds(ApproveOrder, **ORDER, partial=st.booleans())] * 2,
    asked(RedraftOrder, **ORDER, lines=lines),
    asked(CancelOrder, **ORDER, reason=st.just("x")),
    asked(RejectOrder, **ORDER, reason=st.just("x")),
    asked(WithdrawApproval, **approvals, reason=st.just("x")),
    st.builds(RefuseApproval, **approvals, step=st.integers(1, 2), reason=st.just("x")),
    st.builds(
        AnnounceAbsence,
        id=accounts,
        stand_in=accounts,
        since=st.just("2026-03-01T00:00:00Z"),
        until=st.just("2026-04-01T00:00:00Z"),
    ),
    asked(EndAbsence, id=accounts),
)
stories = st.lists(st.tuples(accounts, commands), min_size=4, max_size=24)
Story = Sequence[tuple[str, Command]]


def law(world: World) -> None:
    """Of an approved order, three others than its maker have signed what it says, each once."""
    order: SalesOrder = world.load(SalesOrder, "SO-1")
    if order.status != "approved":
        return
    assert order.needs is not None, "approved without a route"
    approval: Approval = world.load(Approval, order.needs)
    assert approval.status == "completed", "approved before all have signed"
    assert approval.known().content == order.to_be_approved, "another content was signed"
    every = [(one.step, one.signer) for one in approval.signatures]
    assert len(every) == len(set(every)) == 3, "signed twice"
    assert approval.known().maker not in {signer for _, signer in every}, "signed by its maker"


def told(story: Story) -> None:
    world = drafted_order()
    world.ask(route(BOTH, LAST))
    for name in ("zhao", "boss", *SIGNERS):
        world.ask(OpenAccount(id=name))
    for name in ("zhao", *SIGNERS):
        world.ask(GrantRole(id=name, role="finance", everything=True))
    for actor, command in story:
        try:
            world.acting(actor).ask(command)
        except Refused:
            continue
        law(world)


@quick
@given(stories)
def test_an_order_is_approved_as_it_was_signed_by_all_or_not_at_all(story: Story) -> None:
    told(story)


SUBMIT, APPROVE = SubmitOrder(id="SO-1"), ApproveOrder(id="SO-1")
CHANGE = RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=11),))


def sign(step: int = 1, number: int = 1) -> SignApproval:
    return SignApproval(id=f"order:SO-1:{number}", step=step)


BY_ALL = ("zhao", SUBMIT), ("ann", sign()), ("ben", sign()), ("boss", sign(2))
PLANTED = (
    (
        bug(
            "Signed twice by one person counts twice",
            "aggregates.approvals.approval:Approval._signed",
            "(n for n in of_step if who.own.same(Signatory(n.signer, n.person)))",
            "iter(())",
        ),
        (*BY_ALL[:2], ("ann", sign()), ("boss", sign(2)), ("boss", APPROVE)),
    ),
    (
        bug(
            "Who submitted it signs it",
            "aggregates.approvals.approval:Approval._may_sign",
            "if who.stands_for(_maker(asked)):",
            "if who is None:",
        ),
        (BY_ALL[0], ("zhao", sign()), *BY_ALL[2:], ("boss", APPROVE)),
    ),
    (
        bug(
            "What was changed after it was signed is submitted without its route",
            "commands.orders.order:SubmitOrder.across",
            'if order.status == "draft" else None',
            "if order.lines[0].quantity == 10 else None",
        ),
        (*BY_ALL, ("zhao", CHANGE), ("zhao", SUBMIT), ("boss", APPROVE)),
    ),
    (
        bug(
            "An order is approved without its last step",
            "aggregates.approvals.approval:Approval._go_on",
            "if any(step.stage == stage + 1 for step in requested.steps):",
            "if not requested.steps:",
        ),
        (*BY_ALL[:3], ("boss", APPROVE)),
    ),
)


@pytest.mark.parametrize(("planted", "story"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(planted: Mutant, story: Story) -> None:
    """The story is told without the bug as well, and then the law holds."""
    told(story)
    with planted.planted(), pytest.raises(AssertionError):
        told(story)
