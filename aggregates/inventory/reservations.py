"""What a company settles about goods that wait for their order."""

from typing import Annotated

from aggregates.marks import DayCount, between
from aggregates.settings import SettingsModel


class ReservationSettings(SettingsModel, id="inventory.reservations"):
    """Goods of an approved order that is not shipped stay reserved for so many days; without a
    number they stay until it is shipped or cancelled.
    """

    days: Annotated[DayCount | None, between(1, 3_650)] = None
