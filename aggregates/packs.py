"""So many packs of a product, as somebody said it, and what they came to in its own unit."""

from dataclasses import dataclass
from typing import Annotated

from aggregates.marks import Money, names


@dataclass(frozen=True)
class Packed:
    """`quantity` of `unit`, each of which was `factor` of the product's own unit then."""

    unit: Annotated[str, names("unit")]
    quantity: int
    factor: int

    @property
    def whole(self) -> int:
        return self.quantity * self.factor

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} ({self.whole})"

    def says(self, quantity: int, unit: str | None) -> bool:
        return (self.quantity, self.unit) == (quantity, unit)

    @staticmethod
    def unit_of(packed: "Packed | None") -> str | None:
        return None if packed is None else packed.unit


@dataclass(frozen=True)
class PricedPacks(Packed):
    """`unit_price` is what was said of one pack, where a price was."""

    unit_price: Money | None = None
