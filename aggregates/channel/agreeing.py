"""What a company settles about its agreements with dealers."""

from typing import Annotated

from aggregates.marks import DayCount, between
from aggregates.settings import SettingsModel


class AgreementSettings(SettingsModel, id="channel.agreements"):
    """The dealer's owner is reminded `remind_days` before the last day of an agreement."""

    remind_days: Annotated[DayCount, between(1, 365)] = 60
