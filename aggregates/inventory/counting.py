"""How far a count may be off the book before somebody else has to count again."""

from typing import Annotated

from aggregates.line_pricing import WHOLE
from aggregates.marks import BasisPoints, Money, between
from aggregates.settings import SettingsModel


class CountSettings(SettingsModel, id="inventory.counting"):
    """A count in a warehouse that is off the book by more than `units`, by more than `share_bp` of
    the book or, at the product's cost, by more than `value` is not booked before another person
    has counted. That count is booked; with `counts` 3 only where it agrees with the book or the
    first one, or else the third. With `dealers` it is the same at a dealer's.
    """

    units: Annotated[int | None, between(0, 1_000_000_000)] = None
    share_bp: Annotated[BasisPoints | None, between(0, WHOLE)] = None
    value: Annotated[Money | None, between(0, 10**15)] = None
    counts: Annotated[int, between(2, 3)] = 2
    dealers: bool = False

    def holds_at(self, holder: str) -> bool:
        return holder == "warehouse" or self.dealers

    def within(self, book: int, difference: int, cost: int | None) -> bool:
        """Whether such a difference is booked at once; what costs nothing is worth nothing."""
        off = abs(difference)
        return (
            (self.units is None or off <= self.units)
            and (self.share_bp is None or off * WHOLE <= self.share_bp * abs(book))
            and (self.value is None or off * (cost or 0) <= self.value)
        )
