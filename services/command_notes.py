"""Commands that the log of access keeps: those refused by rights, and those that change rights."""

from collections.abc import Sequence
from typing import Any

from aggregates.organisation.account import Account
from aggregates.organisation.role import Role
from commands.authorisation import Forbidden, OutOfScope
from infra.access_log import AccessLog
from infra.requests import Answer, Outcome, Request

OF_RIGHTS = Account.stream(""), Role.stream("")
"""What the names of the streams of accounts and roles begin with."""
REFUSALS = frozenset({Forbidden.__name__, OutOfScope.__name__})


class CommandNotes:
    """Hears of every command that this process commits, whoever asks it and in which way."""

    def __init__(self, log: AccessLog) -> None:
        self.log = log

    def heard(self, requests: Sequence[Request], answers: Sequence[Answer]) -> None:
        for request, answer in zip(requests, answers, strict=True):
            if not isinstance(answer, Outcome):
                continue
            if answer.refusal is not None:
                if answer.refusal in REFUSALS:
                    self._refused(request, answer.refusal)
            elif not answer.repeated and (changed := _of_rights(answer)):
                self._changed(request, answer, changed)

    def _refused(self, request: Request, rule: str) -> None:
        command: Any = request.command
        detail = {"command": command.slug(), "refusal": rule, "command_id": request.key}
        same = "command-refused", request.actor, command.slug(), rule
        self.log.note(
            "command-refused", request.actor, detail, about=[command.stream], folded_by=same
        )

    def _changed(self, request: Request, outcome: Outcome, changed: list[str]) -> None:
        command: Any = request.command
        detail = {
            "command": command.slug(),
            "fields": command.model_dump(mode="json", exclude_defaults=True),
            "command_id": request.key,
            "position": outcome.position,
        }
        self.log.note("rights-changed", request.actor, detail, about=changed)


def _of_rights(outcome: Outcome) -> list[str]:
    """The accounts and roles that changed, be it because a second person confirmed it."""
    every = [event.stream for event in outcome.events if event.stream.startswith(OF_RIGHTS)]
    return list(dict.fromkeys(every))
