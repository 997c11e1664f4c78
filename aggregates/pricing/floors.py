"""Below which price nothing is sold without more, and who may do so."""

from typing import Annotated

from aggregates.line_pricing import WHOLE
from aggregates.marks import BasisPoints, between
from aggregates.settings import SettingsModel


class FloorSettings(SettingsModel, id="pricing.floors"):
    """A line whose margin is below `min_margin_bp` of its amount, or whose price is below the
    floor of its price list, is sold by whoever has one of `roles`, or after an approval.
    """

    min_margin_bp: Annotated[BasisPoints | None, between(0, WHOLE)] = None
    roles: tuple[str, ...] = ("owner", "sales-manager", "service")


def below_floor(
    amount: int, quantity: int, cost: int | None, floor: int | None, min_margin_bp: int | None
) -> bool:
    """Whether a line is sold for less than its floor, or with less margin than there has to be;
    `cost` is of the whole line, `floor` of one unit.
    """
    if floor is not None and amount < floor * quantity:
        return True
    if min_margin_bp is None or cost is None:
        return False
    return (amount - cost) * WHOLE < min_margin_bp * amount
