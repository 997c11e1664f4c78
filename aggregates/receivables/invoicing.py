"""When a company invoices, and when its invoices are due."""

from typing import Annotated

from aggregates.marks import DayCount, between
from aggregates.settings import SettingsModel


class InvoicingSettings(SettingsModel, id="receivables.invoicing"):
    """Invoices are due `due_days` after their business day, unless other terms are agreed with the
    customer. With `automatic`, each shipment is invoiced and each return credited at once.
    """

    due_days: Annotated[DayCount, between(0, 365)] = 30
    automatic: bool = False
