"""Agreements: the dealer's owner is reminded before one ends, and it ends after its last day."""

from collections.abc import Iterator
from typing import Any

from aggregates.channel.agreement import AgreementEnded, AgreementSigned
from commands import Command
from commands.channel.agreement import EndAgreement, RemindOfAgreement
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

PURPOSES = [Purpose("renewal", RemindOfAgreement), Purpose("end", EndAgreement)]


def react(recorded: Recorded, event: Any) -> Iterator[Schedule | Cancel]:
    subject = recorded.stream
    if isinstance(event, AgreementEnded):
        yield from (Cancel(purpose.name, subject) for purpose in PURPOSES)
        return
    dealer, _, agreement = recorded.key.partition(":")
    named = {"dealer": dealer, "agreement": agreement}
    yield Schedule("renewal", subject, event.remind_at, RemindOfAgreement(**named))
    yield Schedule("end", subject, event.over_at, EndAgreement(**named))


def idle(command: Command, state: Any) -> bool:
    over = state.status != "signed"
    return over or (isinstance(command, RemindOfAgreement) and state.reminded)


process = Process("agreements", [AgreementSigned, AgreementEnded], react, idle, PURPOSES)
