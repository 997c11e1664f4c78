"""What comes back is looked at before it is sold again, and a part of a lot is held back."""

from typing import Any

import pytest
from api.test_lots import house as house
from api.test_lots import lots, order, statuses

AT = {"location": "W", "item": "milk"}
BACK = {"return_id": "R1", "reason": "漏包", "lines": [{"line": 1, "quantity": 6}]}


def stock(api: Any) -> tuple[int, ...]:
    api.feed()
    (row,) = api.get("/stock", location="W", item="milk")["data"]
    return tuple(row[name] for name in ("on_hand", "blocked", "available"))


@pytest.fixture
def shipped(house: Any) -> Any:
    """All 20 that may be sold have left: 5 of an expired lot are there still."""
    order(house, "O1", 20)
    house.done("ship-order", id="O1", shipment="S1")
    return house


@pytest.mark.capability("OR-11")
def test_what_comes_back_is_looked_at_and_then_sold_or_written_off(shipped: Any) -> None:
    api = shipped
    rule = {"condition": "inspect"}
    api.done("change-settings", id="inventory.returns", values=rule, reason="食品须复检")
    order(api, "O2", 4, 409)
    api.done("return-order", id="O1", **BACK)
    assert stock(api) == (11, 6, 0)
    assert statuses(api) == ["shipped", "submitted"], "nobody is served from what is looked at"
    (held,) = api.get("/stock/blocked")["data"]
    assert (held["reference"], held["blocked"]) == ("O1:R1", 6)
    good = {**AT, "reference": "O1:R1", "document": "QC-1", "quantity": 4}
    api.done("unblock-stock", **good)
    assert statuses(api) == ["shipped", "approved"], "who waited has what was released"
    api.done("scrap-blocked-stock", **AT, reference="O1:R1", document="QC-2")
    assert stock(api) == (9, 0, 0)
    (scrapped,) = api.get("/stock/movements", item="milk", movement="scrap")["data"]
    assert scrapped["went_out"] == 2
    api.done("unblock-stock", **good)
    again = api.ask("unblock-stock", **{**good, "document": "QC-3"})
    assert (again.status_code, again.json()["refusal"]) == (409, "TooMuch")
    assert stock(api) == (9, 0, 0)


def test_the_condition_that_is_told_goes_before_the_rule(shipped: Any) -> None:
    shipped.done("return-order", id="O1", **BACK, condition="damaged")
    assert stock(shipped) == (11, 6, 0)
    other = shipped.ask("return-order", id="O1", **BACK, condition="resalable")
    assert "condition damaged, not resalable" in other.json()["detail"]
    more = {**BACK, "return_id": "R2", "condition": "resalable"}
    shipped.done("return-order", id="O1", **more)
    assert stock(shipped) == (17, 6, 6)


def test_a_part_of_a_lot_is_held_back_at_one_place_and_released_in_part(house: Any) -> None:
    hold = {**AT, "lot": "B", "reference": "H1"}
    house.done("block-stock", **hold, quantity=8, reason="quarantine", note="胀包抽检")
    order(house, "O1", 5)
    assert lots(house)["B"] == ("available", 10, 2, 0)
    assert lots(house)["A"] == ("available", 10, 3, 7)
    house.done("unblock-stock", **AT, reference="H1", document="QC-1", quantity=3)
    order(house, "O2", 4)
    assert lots(house)["B"] == ("available", 10, 5, 0), "what expires first goes first again"
    house.done("block-stock", **{**hold, "reference": "H2"}, quantity=5, reason="damaged")
    assert lots(house)["B"] == ("available", 10, 0, 0), "none of it is held for O1 or O2"
    assert lots(house)["A"] == ("available", 10, 9, 1), "they have another lot"
    assert statuses(house) == ["approved", "approved"]
