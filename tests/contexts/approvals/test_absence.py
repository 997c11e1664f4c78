"""Who is away names who signs in the meantime; what he owns stays his."""

from datetime import datetime, timedelta
from typing import Any

from scenario import NOON, World

from aggregates import Unknown
from aggregates.approvals.absence import Absence, NoPeriod, StandsInForHimself
from aggregates.approvals.approval import Approval, OwnDocument
from aggregates.approvals.approval.events import ApprovalSigned
from aggregates.approvals.approval.participant import SignsOnce
from commands.approvals.absence import AnnounceAbsence, EndAbsence, NotOnesOwn, UnfitStandIn
from commands.approvals.approval import NotTheStandIn, RefuseApproval, SignApproval
from commands.approvals.identities import may_sign_as
from commands.organisation.account import GrantRole, OpenAccount

DAY = timedelta(days=1)
ID = "order:SO-1:1"


def away(id: str, stand_in: str, since: datetime = NOON, days: int = 2) -> AnnounceAbsence:
    return AnnounceAbsence(id=id, stand_in=stand_in, since=since, until=since + days * DAY)


def sign(**more: Any) -> SignApproval:
    return SignApproval(id=ID, step=1, **more)


def test_whoever_stands_in_signs_in_place_of_who_is_away(submitted: World) -> None:
    submitted.acting("li").ask(away("li", "wu"))
    signed, *_ = submitted.acting("wu").ask(sign(in_place_of="li"))
    assert isinstance(signed, ApprovalSigned)
    assert (signed.signer, signed.in_place_of) == ("wu", "li")
    approval: Approval = submitted.load(Approval, ID)
    assert approval.status == "completed"


def test_nobody_stands_in_before_the_absence_or_after_it(submitted: World) -> None:
    submitted.acting("wu").refuses(sign(in_place_of="li"), NotTheStandIn)
    submitted.acting("li").ask(away("li", "wu", NOON + DAY))
    submitted.acting("wu").refuses(sign(in_place_of="li"), NotTheStandIn)
    submitted.acting("li").ask(away("li", "wu"), EndAbsence(id="li"))
    submitted.acting("wu").refuses(sign(in_place_of="li"), NotTheStandIn)


def test_what_is_announced_later_takes_the_place_of_what_was_before(submitted: World) -> None:
    submitted.acting("li").ask(away("li", "wu"), away("li", "sun"))
    submitted.acting("wu").refuses(sign(in_place_of="li"), NotTheStandIn)
    assert submitted.load(Absence, "wu").stands_in_for == {}
    assert may_sign_as(submitted.load, "sun") == ("account:sun", "account:li")


def test_whoever_made_a_document_signs_it_in_nobodys_place_and_nobody_in_his(
    submitted: World,
) -> None:
    submitted.acting("li").ask(away("li", "zhao"))
    submitted.acting("zhao").refuses(sign(in_place_of="li"), OwnDocument)
    submitted.acting("zhao").ask(away("zhao", "wu"))
    no = RefuseApproval(id=ID, step=1, reason="no", in_place_of="zhao")
    submitted.acting("wu").refuses(no, OwnDocument)


def test_signed_for_oneself_and_in_place_of_another_is_signed_once(submitted: World) -> None:
    submitted.acting("li").ask(sign())
    submitted.acting("wu").ask(away("wu", "li"))
    submitted.acting("li").refuses(sign(in_place_of="wu"), SignsOnce)


def test_an_absence_ends_after_it_began_and_in_time_to_come(submitted: World) -> None:
    submitted.acting("li").refuses(away("li", "wu", days=0), NoPeriod)
    submitted.acting("li").refuses(away("li", "wu", NOON - 9 * DAY), NoPeriod)
    submitted.acting("li").refuses(away("li", "li"), StandsInForHimself)
    submitted.acting("li").refuses(EndAbsence(id="li"), Unknown)


def test_everybody_announces_his_own_absence(submitted: World) -> None:
    for account in ("owner", "li", "wu"):
        submitted.ask(OpenAccount(id=account))
    submitted.acting("wu").refuses(away("li", "wu"), NotOnesOwn)
    submitted.acting("li").refuses(away("li", "nobody"), UnfitStandIn)
    submitted.acting("li").refuses(away("li", "wu"), UnfitStandIn)
    submitted.ask(GrantRole(id="wu", role="sales-manager", everything=True))
    submitted.acting("owner").ask(away("li", "wu"))
