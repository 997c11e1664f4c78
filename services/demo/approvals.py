"""The demo company has its largest orders signed by two, and one of them waits."""

from commands import Command
from commands.orders.order import DraftOrder, Line, SubmitOrder
from commands.organisation.settings import ChangeSettings
from services.bootstrap import Platform, request
from services.demo.catalogue import DEALERS, GOODS, WAREHOUSES
from services.demo.second_person import CLERK

LARGE = 50_000_000
"""Minor units: half a million yuan."""
STEPS = [
    {"signers": [{"role": "sales-manager"}], "remind_hours": 24},
    {"signers": [{"role": "finance"}], "remind_hours": 24},
]
ROUTE = {"name": "large", "document": "order", "where": f"amount.gte={LARGE}", "steps": STEPS}
ORDER = "SO-LARGE"


def ask(platform: Platform, source: str) -> int:
    """Set the route, and let the clerk submit an order; asked again, it changes nothing.

    Answers the position of the last event.
    """
    dealer, good = DEALERS[0], GOODS[0]
    cases = LARGE * 5 // (good.price * good.in_case * 4)  # dealers pay less for each
    line = Line(item=good.id, quantity=cases, unit=good.case)
    whose = {"customer": dealer.id, "warehouse": WAREHOUSES[dealer.region]}
    routes = ChangeSettings(
        id="approvals.routes", values={"routes": [ROUTE]}, reason="Large orders"
    )
    asked: list[tuple[str, Command]] = [
        ("demo", routes),
        (CLERK, DraftOrder(id=ORDER, lines=(line,), **whose)),
        (CLERK, SubmitOrder(id=ORDER)),
    ]
    keyed = [
        request(command, actor, f"{source}-approval-{number}")
        for number, (actor, command) in enumerate(asked)
    ]
    return max(platform.executor.execute(one).position for one in keyed)
