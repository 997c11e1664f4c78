"""Who owes an amount, and for whom it counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregates.assignee import of_business


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
        return of_business(self)
