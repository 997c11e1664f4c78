"""Who owes an amount, and for whom it counts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Debtor:
    """A customer as it was when the debt arose."""

    customer: str
    customer_kind: str
    rep: str
    department: str
    region: str

    @property
    def dimensions(self) -> Mapping[str, str]:
        place = {"department": self.department, "region": self.region}
        return {**place, "owner": self.rep, "dealer": self.customer}
