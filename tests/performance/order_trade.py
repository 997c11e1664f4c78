"""A company and its orders of twenty lines, from draft to approved."""

from collections.abc import Iterator
from typing import Any

from commands import Command

LINES = 20
CUSTOMERS = 40


def order(number: int) -> Iterator[Command]:
    wanted = draft(number)
    which = {"id": wanted["id"]}
    yield _asked("draft-order", **wanted)
    yield _asked("submit-order", **which)
    yield _asked("approve-order", **which)


def draft(number: int) -> dict[str, Any]:
    lines = [{"item": f"P-{line:02d}", "quantity": 1 + number % 5} for line in range(LINES)]
    what = {"customer": f"C-{number % CUSTOMERS:02d}", "warehouse": "WH", "lines": lines}
    return {"id": f"SO-{number:07d}", **what}


def company() -> Iterator[Command]:
    money = {"currency": "CNY"}
    yield _asked("hire-rep", id="R", name="Li", department="east", region="east")
    yield _asked("register-category", id="tea", name="Tea")
    yield _asked("register-price-list", id="L", name="Retail", priority=1, **money)
    for line in range(LINES):
        item = f"P-{line:02d}"
        what = {"name": f"Tea {line}", "category": "tea", "unit": "box", "list_price": 500}
        yield _asked("add-product", id=item, **what, **money, cost=300)
        breaks = [{"quantity": 1, "unit_price": 480}, {"quantity": 4, "unit_price": 450}]
        yield _asked("set-list-price", price_list="L", product=item, breaks=breaks)
        where = {"location": "WH", "item": item, "reason": "opening", "reference": "opening"}
        yield _asked("receive-stock", **where, quantity=10**9)
    for share, name in ((200, "spring"), (100, "loyal")):
        rule = {"stacking": "stackable", "discount_bp": share, "category": "tea"}
        yield _asked("register-discount-rule", id=name, name=name, priority=share, **rule)
    for number in range(CUSTOMERS):
        customer = {"id": f"C-{number:02d}"}
        who = {"name": f"Shop {number}", "customer_kind": "retailer", "owner": "R"}
        yield _asked("register-customer", **customer, **who)
        yield _asked("set-credit-limit", **customer, limit=10**14, reason="large", **money)


def _asked(command: str, **fields: Any) -> Command:
    return Command.known[command](**fields)
