"""What a company settles about lots."""

from aggregates.settings import SettingsModel


class LotSettings(SettingsModel, id="inventory.lots"):
    """Goods of these `products` and `categories` are taken into a warehouse by lot only."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
