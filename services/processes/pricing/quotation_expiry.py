"""Quotation expiry: what nobody has answered by its last day is offered no longer."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.pricing.quotation.events import (
    QuotationAccepted,
    QuotationCancelled,
    QuotationRefused,
    QuotationRevised,
    QuotationSent,
)
from commands import Command
from commands.pricing.quotation import ExpireQuotation
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = QuotationSent | QuotationRevised | QuotationAccepted | QuotationRefused | QuotationCancelled


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    quotation = recorded.stream
    if isinstance(event, QuotationSent):
        asked = ExpireQuotation(id=recorded.key)
        yield Schedule("expiry", quotation, event.expires_at, asked)
    else:
        yield Cancel("expiry", quotation)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, ExpireQuotation) and state.status != "sent"


process = Process(
    "quotation_expiry", get_args(Heard), react, idle, [Purpose("expiry", ExpireQuotation)]
)
