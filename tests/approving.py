"""Orders that are to be approved, and the routes that lead them."""

from typing import Any

from scenario import World

from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import ReceiveStock
from commands.orders.order import DraftOrder, Line
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings


def route(*steps: dict[str, Any], where: str | None = None) -> ChangeSettings:
    one = {"name": "large", "document": "order", "where": where, "steps": steps}
    return ChangeSettings(id="approvals.routes", values={"routes": [one]}, reason="four eyes")


def draft(quantity: int, **more: Any) -> DraftOrder:
    line = Line(item="tea", quantity=quantity, **more)
    return DraftOrder(id="SO-1", customer="C-1", warehouse="WH-1", lines=(line,))


def drafted_order() -> World:
    """Zhao has drafted an order of ten boxes of tea."""
    made = World().acting("zhao")
    made.ask(
        HireRep(id="R-1", name="Zhao", department="east", region="east"),
        RegisterCustomer(id="C-1", name="Shop", customer_kind="retailer", owner="R-1"),
        AddProduct(id="tea", name="Tea", category="x", unit="box", list_price=100, currency="CNY"),
        ReceiveStock(location="WH-1", item="tea", quantity=50, reason="purchase", reference="P-1"),
        draft(10),
    )
    return made
