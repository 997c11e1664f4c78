"""What a company settles about orders that dealers draft themselves."""

from aggregates.settings import SettingsModel


class DealerOrderSettings(SettingsModel, id="channel.orders"):
    """With `agreement_needed`, a dealer's user orders only while an agreement with him holds."""

    agreement_needed: bool = False
