"""What a company settles about the codes by which mail addresses are confirmed."""

from typing import Annotated

from aggregates.marks import between
from aggregates.settings import SettingsModel


class MailCodeSettings(SettingsModel, id="notices.mail_codes"):
    """A code counts for `minutes` after it was mailed and for `tries`; an address is mailed
    `mailed_daily` codes a day at most, whoever asks.
    """

    minutes: Annotated[int, between(5, 1_440)] = 30
    tries: Annotated[int, between(2, 20)] = 5
    mailed_daily: Annotated[int, between(1, 50)] = 5
