"""Of which kind a movement of stock is, as people sort them."""

from collections.abc import Mapping
from typing import Any

from aggregates.inventory.stock.events import (
    IssueReason,
    ReceiptReason,
    SellOutReturned,
    SellOutReturnUndone,
    StockAdjusted,
    StockArrivalReversed,
    StockArrived,
    StockCounted,
    StockDispatched,
    StockIssued,
    StockReceived,
    StockRecounted,
    StockReversed,
    StockShipped,
    StockSold,
    StockTakenBack,
)

RECEIVED: Mapping[ReceiptReason, str] = {
    "purchase": "purchase_receipt",
    "return": "sales_return",
    "production": "production_receipt",
    "opening": "opening",
    "found": "adjustment",
}
ISSUED: Mapping[IssueReason, str] = {
    "sale": "sales_issue",
    "return": "purchase_return",
    "production": "production_issue",
    "promotion": "promotion",
    "scrap": "scrap",
    "sample": "sample",
}
OTHERS: Mapping[type[Any], str] = {
    StockShipped: "sales_issue",
    StockSold: "sales_issue",
    SellOutReturned: "sales_return",
    SellOutReturnUndone: "sales_return",
    StockDispatched: "transfer",
    StockArrived: "transfer",
    StockArrivalReversed: "transfer",
    StockTakenBack: "transfer",
    StockAdjusted: "adjustment",
    StockCounted: "count",
    StockRecounted: "count",
}


def kind_of(event: Any) -> str | None:
    """None where nothing moves; a reversal by an older build does not say of what it was."""
    match event:
        case StockReceived(reason=reason):
            return RECEIVED[reason]
        case StockIssued(reason=reason):
            return ISSUED[reason]
        case StockReversed(movement=movement):
            return movement or "reversal"
    return OTHERS.get(type(event))
