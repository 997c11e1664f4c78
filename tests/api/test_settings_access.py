"""Who may read and change settings, and draw numbers, and of what."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get

CHANGE = {"id": "orders.numbers", "values": {"prefix": "X"}, "reason": "x"}


@pytest.fixture
def company(both: Any) -> Company:
    made = Company(both)
    goods = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **goods)
    return made


def order(customer: str) -> dict[str, Any]:
    return {"customer": customer, "warehouse": "W", "lines": [{"item": "tea", "quantity": 1}]}


def test_one_reads_how_that_is_set_which_one_may_read(company: Company) -> None:
    """A representative sees nothing of members, and has no use for their points."""
    mine = [one["id"] for one in get(company, "li", "/settings").json()["data"]]
    assert "orders.numbers" in mine
    assert "loyalty.earning" not in mine
    for path in ("/settings/loyalty.earning", "/settings/loyalty.earning/history"):
        assert get(company, "li", path).status_code == 404
    assert get(company, "li", "/settings/orders.numbers").status_code == 200


def test_only_who_was_granted_it_changes_settings(company: Company) -> None:
    assert company.says("li", "change-settings", **CHANGE)[0] == 403
    assert company.says("mei", "change-settings", **CHANGE)[0] == 403
    assert company.says("tester", "change-settings", **CHANGE)[0] == 201


def test_a_number_is_drawn_for_what_lies_within_ones_scope_alone(company: Company) -> None:
    """What is beyond it is answered as if it were not there, however numbers are made."""
    apart = {"id": "orders.numbers", "values": {"apart": "department"}, "reason": "x"}
    company.api.done("change-settings", **apart)
    assert company.says("li", "draft-order", **order("D-li"))[0] == 201
    status, detail = company.says("li", "draft-order", **order("D-wu"))
    assert (status, "within your scope" in detail) == (404, True)
