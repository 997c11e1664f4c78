"""Until when an approval waits for goods, and until when it holds them."""

from datetime import datetime
from typing import NamedTuple

from aggregates.orders.order.refusals import AlreadyOver


class ApprovalTerms(NamedTuple):
    """How long an approved order waits for its goods, and how long these are held for it.

    `settings` is the version that says the latter, where nobody did.
    """

    wait_until: datetime | None = None
    hold_until: datetime | None = None
    settings: str | None = None

    def must_lie_ahead(self, at: datetime) -> None:
        """Refuse what has passed."""
        for until in (self.wait_until, self.hold_until):
            if until is not None and until <= at:
                raise AlreadyOver(until, at)


NO_TERMS = ApprovalTerms()
