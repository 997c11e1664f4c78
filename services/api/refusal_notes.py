"""Refusals of rights are noted: what was asked, by whom, from where."""

from starlette.types import Scope

from infra.access_log import AccessLog
from services.api.client_address import ClientAddresses
from services.api.problems import Problem

NOTED_ELSEWHERE = frozenset({"wrong-password"})


class RefusalNotes:
    def __init__(self, log: AccessLog, addresses: ClientAddresses) -> None:
        self.log, self.addresses = log, addresses

    def note(self, scope: Scope, problem: Problem) -> None:
        """Keep it, where rights are why; equal ones of one account within a minute are counted."""
        denied = problem.status_code == 403 and problem.slug not in NOTED_ELSEWHERE
        if problem.is_noted or not (denied or problem.hides):
            return
        action = problem.facts.get("action")
        detail = {
            "method": scope["method"],
            "path": scope["path"],
            "problem": problem.slug,
            **({"action": action} if action else {}),
        }
        actor: str | None = scope.get("actor")
        self.log.note(
            "refused",
            actor,
            detail,
            about=[problem.hides] if problem.hides else (),
            address=self.addresses.address(scope, dict(scope["headers"])),
            folded_by=("refused", actor, problem.slug, action),
        )
