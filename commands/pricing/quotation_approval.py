"""Quotations as documents that are approved before they are sent."""

from aggregates.pricing.quotation import Quotation, Revision
from commands import Command
from commands.pricing.offer_approvals import OfferApprovals


class QuotationApprovals(OfferApprovals, of=Quotation):
    """It is sent after the last signature."""

    def offered(self, state: Quotation) -> Revision:
        return state.current

    def next_command(self, id: str, content: str, approver: str | None) -> Command:
        asked = {"id": id, "content": content}
        return Command.known["send-quotation"].model_validate(asked)  # whose module needs this one
