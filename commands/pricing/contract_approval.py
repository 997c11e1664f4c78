"""Contracts as documents that are reviewed before they are signed."""

from aggregates.pricing.contract import Agreed, Contract
from commands.pricing.offer_approvals import OfferApprovals


class ContractApprovals(OfferApprovals, of=Contract):
    """A person goes on after the last signature: both sides have yet to sign."""

    def offered(self, state: Contract) -> Agreed:
        return state.agreed
