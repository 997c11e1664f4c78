"""What a company settles about the conversion of leads."""

from typing import Annotated

from aggregates.marks import BasisPoints, between
from aggregates.settings import SettingsModel


class ConversionSettings(SettingsModel, id="leads.conversion"):
    """Customers and leads that are alike by `least_bp` at least collide with a lead: the same tax
    id is 10000, a telephone or e-mail 9500, a name up to 9000, an address 7000.
    """

    least_bp: Annotated[BasisPoints, between(1, 10_000)] = 6_000
