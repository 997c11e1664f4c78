"""What a company settles about goods that come back."""

from aggregates.inventory.stock.events import Condition
from aggregates.settings import SettingsModel


class ReturnSettings(SettingsModel, id="inventory.returns"):
    """In which `condition` goods come back to a warehouse where nobody says: `resalable` ones are
    sold again at once, others are held back until somebody releases them or writes them off.
    """

    condition: Condition = "resalable"
