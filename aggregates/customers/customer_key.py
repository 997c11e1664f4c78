"""What only one customer may have, and who has it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Self
from unicodedata import normalize

from aggregates import Aggregate, Event
from aggregates.settings import SettingsModel


class UniquenessSettings(SettingsModel, id="customers.uniqueness"):
    """What no two customers may have alike; capitals, blanks and hyphens do not count."""

    tax_id: bool = False
    phone: bool = False
    name_in_region: bool = False


class CustomerKeyTaken(Event, anytime=True):
    """It counts for as long as the customer has what the key is made of."""

    customer: str


@dataclass(frozen=True)
class CustomerKey(Aggregate):
    """Its id is made of a field and a digest of its value."""

    kind: ClassVar[str] = "customer_key"

    customer: str = ""

    @staticmethod
    def id_of(field: str, *values: str) -> str:
        told = "\n".join(_plain(value) for value in values)
        return f"{field}:{sha256(told.encode()).hexdigest()[:32]}"

    def take(self, customer: str) -> Iterator[CustomerKeyTaken]:
        if self.customer != customer:
            yield CustomerKeyTaken(customer)

    def evolve(self, event: CustomerKeyTaken) -> Self:
        return replace(self, customer=event.customer)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFKC", text).casefold()))
