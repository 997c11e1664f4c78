"""What becomes of goods that come back: they are sold again, or held back first."""

from collections.abc import Iterator

from pydantic import Field

from aggregates.inventory.stock import Asked, Condition, Stock, StockReceived, blocking
from aggregates.inventory.stock.returns import ReturnSettings
from commands import Decision, Load
from commands.settings import in_force

CONDITION = Field(
    None,
    description="In which the goods came back: resalable ones are sold again at once, others are"
    " blocked. As the settings say, unless told.",
)


def looked_at(
    load: Load, place: str, reference: str, condition: Condition | None, asked: Asked
) -> Iterator[Decision]:
    """Hold back what just came back to a warehouse, unless it may be sold at once."""
    stock: Stock = load(Stock, place)
    received: StockReceived | None = asked.last("received", reference)[0]
    if received is None or stock.holder != "warehouse":
        return
    told = condition or in_force(load, ReturnSettings, asked.at).settings.condition
    for event in blocking.came_back(stock, received, told, asked):
        yield Stock.stream(place), event
