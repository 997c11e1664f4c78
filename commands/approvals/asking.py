"""Asking for an approval: the route of a document becomes the steps that it has to take."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import NamedTuple

from aggregates import Refused
from aggregates.approvals.approval import OPEN, Approval
from aggregates.approvals.approval.events import ApprovalRequested
from aggregates.approvals.approval.steps import ApprovalStep, Signer
from aggregates.approvals.facts import Facts
from aggregates.approvals.routes import ApprovalRoutes, Route, RouteSigner, RouteStep
from aggregates.organisation.account import Account
from aggregates.words import in_chinese
from commands import Decision, Load
from commands.approvals.documents import ApprovableDocument, DocumentContent
from commands.approvals.identities import ACCOUNT, ROLE, heads, of
from commands.authorisation import may_act, person_of
from commands.settings import in_force


class NobodyToSign(Refused):
    """A document is not submitted to nobody."""


class NotApproved(Refused):
    """What a route leads through is done when all have signed."""


class RequiredApproval(NamedTuple):
    """The approval that a document needs, and what happens when it is asked for."""

    id: str
    requested: ApprovalRequested

    def decisions(self, at: datetime) -> Iterator[Decision]:
        for event in Approval().request(self.requested, at):
            yield Approval.stream(self.id), event


class RouteInForce(NamedTuple):
    """A route that has steps, and the version of the settings that it is of."""

    route: Route
    version: str | None


def route_of(load: Load, kind: str, told: Facts, at: datetime) -> RouteInForce | None:
    """The route that a document with these facts is led through, if there is one."""
    routes, version = in_force(load, ApprovalRoutes, at)
    route = routes.route(kind, told)
    return None if route is None or not route.steps else RouteInForce(route, version)


def needed(load: Load, kind: str, id: str, at: datetime) -> RequiredApproval | None:
    """The approval that the routes in force ask for; None where they ask for none."""
    if not in_force(load, ApprovalRoutes, at).settings.routes:
        return None
    content = ApprovableDocument.known[kind].content(load, id)
    led = route_of(load, kind, content.facts, at)
    if led is None:
        return None
    rounds = (Approval.id_of(kind, id, number) for number in count(1))
    name = next(one for one in rounds if load(Approval, one).requested is None)
    requested = ApprovalRequested(
        document_kind=kind,
        document=id,
        content=content.digest,
        maker=load.actor,
        maker_person=person_of(load, load.actor),
        route=led.route.name,
        steps=tuple(_steps(load, led.route, content)),
        amount=content.amount,
        currency=content.currency,
        department=content.department,
        region=content.region,
        owner=content.owner,
        customer=content.customer,
        settings=led.version,
    )
    return RequiredApproval(name, requested)


def voided(load: Load, approval: str | None, reason: str) -> Iterator[Decision]:
    """End the approval of a document that is another now, or wants none any more."""
    if approval is not None:
        for event in load(Approval, approval).void(reason):
            yield Approval.stream(approval), event


def must_be_approved(load: Load, approval: str | None, content: str) -> None:
    """Refuse to go on with a content that not all have signed."""
    if approval is None:
        return
    state: Approval = load(Approval, approval)
    if state.status == "completed" and state.known().content == content:
        return
    if state.status not in OPEN or state.known().content != content:
        raise NotApproved(
            f"Approval {approval} is {state.status} and was asked for another content, or counts"
            " no more. Submit the document again.",
            f"审批 {approval} 的状态是“{in_chinese(state.status)}”，其内容已变更或不再有效。"
            "请重新提交单据。",
        )
    every = "; ".join(f"{step}: {', '.join(names)}" for step, names in state.waiting.items())
    raise NotApproved(
        f"Approval {approval} still waits for signatures, by step: {every}. Have them sign with"
        " sign-approval; it goes on by itself after the last one.",
        f"审批 {approval} 仍在等待签批，各步骤：{every}。"
        "请由其使用 sign-approval 签批；最后一人签批后将自动继续。",
    )


def _steps(load: Load, route: Route, content: DocumentContent) -> Iterator[ApprovalStep]:
    stage = 0
    for number, step in enumerate(route.steps, 1):
        stage += not step.beside
        yield _step(load, route, number, stage, content)


def _step(
    load: Load, route: Route, number: int, stage: int, content: DocumentContent
) -> ApprovalStep:
    """A step with its candidates; its maker's own signature is asked for nowhere."""
    asked: RouteStep = route.steps[number - 1]
    signers = [_candidates(load, one, content) for one in asked.signers]
    others = [one for one in signers if one]
    escalated = tuple(
        dict.fromkeys(n for one in asked.escalate_to for n in _candidates(load, one, content))
    )
    gone = [one.account for one in asked.signers if _gone(load, one)]
    if gone and (asked.needs == "all" or not others):
        raise NobodyToSign(
            f"Step {number} of route {route.name} needs {', '.join(map(str, gone))}, whose account"
            " is closed, or who has left. Have the route changed, or the account reopened.",
            f"审批路线 {route.name} 的第 {number} 步需要 {'、'.join(map(str, gone))} 签批，"
            "但其账号已关闭或其人已离职。请更改审批路线，或重新启用账号。",
        )
    if not others:
        raise NobodyToSign(
            f"Step {number} of route {route.name} names nobody but {load.actor}, who submits the"
            " document. Let somebody else submit it, or have the route changed.",
            f"审批路线 {route.name} 的第 {number} 步除提交人 {load.actor} 外无人可签批。"
            "请由其他人提交，或更改审批路线。",
        )
    hours = asked.remind_hours, asked.escalate_hours
    return ApprovalStep(stage, asked.needs, tuple(map(Signer, others)), *hours, escalated)


def _candidates(load: Load, one: RouteSigner, content: DocumentContent) -> tuple[str, ...]:
    if one.head:
        return heads(load, content.department)
    if one.role is not None:
        return (of(ROLE, one.role),)
    assert one.account is not None, "the routes were checked"
    return () if one.account == load.actor or _gone(load, one) else (of(ACCOUNT, one.account),)


def _gone(load: Load, one: RouteSigner) -> bool:
    """Whether the account that a route names can sign nothing any more."""
    if one.account is None:
        return False
    account: Account = load(Account, one.account)
    return account.opened is not None and not may_act(load, one.account)
