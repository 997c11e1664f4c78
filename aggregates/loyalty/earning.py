"""What a company gives its members points for."""

from typing import Annotated

from aggregates.marks import between
from aggregates.settings import SettingsModel


class EarningSettings(SettingsModel, id="loyalty.earning"):
    """Points for what members buy: `points` for every `per` whole units of the currency. They last
    to the end of a year, `years` after the one they were earned in.
    """

    points: Annotated[int, between(1, 1_000)] = 1
    per: Annotated[int, between(1, 1_000_000)] = 1
    years: Annotated[int, between(0, 50)] = 1
