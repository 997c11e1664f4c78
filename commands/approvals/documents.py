"""What can be approved: each kind of document says what routes may ask of it, and what follows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from aggregates import Aggregate
from aggregates.approvals import facts
from commands import Command, Decision, Load

Facts = Mapping[str, type[int] | type[str]]
"""What the conditions of routes may ask of a document, and of which type each is."""
SALES_FACTS: Facts = {
    "amount": int,
    "currency": str,
    "discount_bp": int,
    "below_floor": int,
    "customer": str,
    "customer_kind": str,
    "warehouse": str,
    "rep": str,
    "department": str,
    "department.under": str,
    "region": str,
}
"""Those of whatever offers or sells goods to a customer."""


class DocumentContent(NamedTuple):
    """A document as it would be approved: its digest, what it is worth, and whose it is."""

    digest: str
    facts: Mapping[str, Any]
    amount: int | None = None
    currency: str | None = None
    department: str | None = None
    region: str | None = None
    owner: str | None = None
    customer: str | None = None


class ApprovableDocument(ABC):
    """`class OrderApprovals(ApprovableDocument, of=SalesOrder)` makes orders a kind of document.

    `facts` are what the conditions of routes may ask, and of which type each is; `department`
    with `department.under`, where it lies in the tree. Without `of` it is a base of several.
    """

    known: ClassVar[dict[str, "ApprovableDocument"]] = {}
    aggregate: ClassVar[type[Aggregate]]
    facts: ClassVar[Facts]

    def __init_subclass__(cls, of: type[Aggregate] | None = None) -> None:
        if of is None:
            return
        cls.aggregate = of
        facts.KINDS[of.kind] = cls.facts
        ApprovableDocument.known[of.kind] = cls()

    @abstractmethod
    def content(self, load: Load, id: str) -> DocumentContent:
        """As it is now, whether or not it has been submitted."""

    @abstractmethod
    def refused(self, load: Load, id: str, reason: str) -> Iterator[Decision]:
        """What happens to it when a signer refuses."""

    @abstractmethod
    def withdrawn(self, load: Load, id: str) -> Iterator[Decision]:
        """What happens to it when its maker takes it back."""

    def next_command(self, id: str, content: str, approver: str | None) -> Command | None:
        """What is asked when it is approved; nothing where a person goes on."""
        return None

    def settled(self, state: Any) -> bool:
        """Whether asking that would change nothing."""
        return False
