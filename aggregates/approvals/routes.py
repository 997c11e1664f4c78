"""Which documents a company has approved, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates import Refused
from aggregates.approvals import facts
from aggregates.marks import between, names
from aggregates.settings import SettingsModel, named_twice
from aggregates.unclear import Unclear

HOURS = between(1, 24 * 365)


class BadRoute(Refused):
    """A route leads from somebody who asks to somebody who can sign."""


@dataclass(frozen=True)
class RouteSigner:
    """An account, whoever has a role, or whoever heads the department of the document's owner or
    one above it: one of the three.
    """

    account: Annotated[str | None, names("account")] = None
    role: Annotated[str | None, names("role")] = None
    head: bool = False


@dataclass(frozen=True)
class RouteStep:
    """`one` of the signers is enough, or `all` must sign. Steps follow one another, but for one
    that is `beside` the step before it. After `remind_hours` those who have not signed are
    reminded; after `escalate_hours` one of `escalate_to` may sign alone.
    """

    signers: tuple[RouteSigner, ...]
    needs: Literal["one", "all"] = "one"
    beside: bool = False
    remind_hours: Annotated[int | None, HOURS] = None
    escalate_hours: Annotated[int | None, HOURS] = None
    escalate_to: tuple[RouteSigner, ...] = ()


@dataclass(frozen=True)
class Route:
    """For documents of a kind that meet a condition, written as lists are asked:
    `amount.gte=1000000 and currency=CNY`. Without steps they need no approval.
    """

    name: str
    document: str
    where: str | None = None
    steps: tuple[RouteStep, ...] = ()


class ApprovalRoutes(SettingsModel, id="approvals.routes"):
    """The first of `routes` whose condition a document meets says who signs it; one that meets
    none needs no approval.
    """

    routes: tuple[Route, ...] = ()

    def check(self) -> None:
        for route in self.routes:
            _check_document(route)
            for number, step in enumerate(route.steps, 1):
                _check_step(route, number, step)
        every = [route.name for route in self.routes]
        if twice := named_twice(every):
            raise BadRoute(
                f"{every.count(twice)} routes are called {twice}. Give each a name of its own.",
                f"有 {every.count(twice)} 条审批路线名为 {twice}。请为每条路线单独命名。",
            )

    def route(self, document: str, told: facts.Facts) -> Route | None:
        """The route of a document with these facts."""
        of_kind = (route for route in self.routes if route.document == document)
        return next((one for one in of_kind if facts.fits(document, one.where, told)), None)


def _check_document(route: Route) -> None:
    if route.document not in facts.KINDS:
        every = ", ".join(sorted(facts.KINDS))
        raise BadRoute(
            f"Route {route.name}: {route.document} is no kind of document. Choose one of {every}.",
            f"审批路线 {route.name}：没有单据类型 {route.document}。可用的有 {every}。",
        )
    if route.where is not None:
        try:
            facts.condition(route.document, route.where)
        except Unclear as error:
            raise BadRoute(
                f"Route {route.name}: {error}", f"审批路线 {route.name}：{error.zh}"
            ) from error


def _check_step(route: Route, number: int, step: RouteStep) -> None:
    if not step.signers or not _clear(step.signers) or not _clear(step.escalate_to):
        raise _bad_step(
            *(route, number),
            "each signer is one of an account, a role and the head, and there is at least one",
            "每位签批人须为账号、角色或部门负责人之一，且至少有一位",
        )
    if step.beside and number == 1:
        raise _bad_step(
            *(route, number),
            "nothing comes before it that it could be beside",
            "之前没有可并行的步骤",
        )
    if (step.escalate_hours is None) != (not step.escalate_to):
        raise _bad_step(
            *(route, number),
            "escalate_hours and escalate_to are given together, or neither",
            "escalate_hours 与 escalate_to 须同时填写或都不填写",
        )


def _clear(signers: Iterable[RouteSigner]) -> bool:
    return all(
        sum((one.account is not None, one.role is not None, one.head)) == 1 for one in signers
    )


def _bad_step(route: Route, number: int, en: str, zh: str) -> BadRoute:
    return BadRoute(
        f"Step {number} of route {route.name}: {en}. Correct the step.",
        f"审批路线 {route.name} 的第 {number} 步：{zh}。请更正该步骤。",
    )
