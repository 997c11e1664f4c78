"""Which commands a company wants confirmed by a second person, and for how long they may wait."""

from typing import Annotated

from aggregates.marks import DayCount, between, names
from aggregates.settings import SettingsModel


class SecondPersonSettings(SettingsModel, id="approvals.second_person"):
    """Commands that take effect once another person confirms them; `days` is how long one waits."""

    commands: Annotated[tuple[str, ...], names("command")] = ()
    days: Annotated[DayCount, between(1, 365)] = 14
