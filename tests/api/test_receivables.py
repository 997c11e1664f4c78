"""Receivables over HTTP: invoices of deliveries, credit notes, and what customers owe."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from virtual_days import driver

TEA = 3 * 1_500
PARTLY = [{"line": 1, "quantity": 1}]


def owed(api: Any, **asked: Any) -> list[dict[str, Any]]:
    api.feed()
    found: list[dict[str, Any]] = api.get("/receivables", **asked)["data"]
    return found


@pytest.mark.capability("FI-01")
def test_what_a_customer_owes_is_what_was_invoiced_less_what_came_back_or_was_given_up(
    own_company: Any,
) -> None:
    api = own_company
    whole = TEA + 2 * 900
    issued = api.done("issue-invoice", order="O2", shipment="S2")["id"]
    assert issued == "INV-202611-00001"
    whose = {"customer": "C3", "currency": "CNY"}
    figures = {"invoiced": whole, "credited": 0, "written_off": 0, "open": whole}
    assert owed(api) == [{**whose, **figures}]
    api.done("return-order", id="O2", return_id="R3", lines=PARTLY, reason="wet")
    api.done("issue-credit-note", order="O2", return_id="R3")
    api.done("write-off-invoice", id=issued, write_off="W1", amount=900, reason="a lost cup")
    left = whole - 1_500 - 900
    figures |= {"credited": 1_500, "written_off": 900, "open": left}
    assert owed(api) == [{**whose, **figures}]
    why = api.get("/receivables/why", **whose, measure="open")["rows"]
    assert [(row["type"], row["change"]["open"]) for row in why] == [
        ("InvoiceIssued", whole),
        ("InvoiceCredited", -1_500),
        ("InvoiceWrittenOff", -900),
    ]
    seen = api.get(f"/invoices/{issued}")["data"]
    assert (seen["open"], seen["credited"], seen["written_off"]) == (left, 1_500, 900)
    (note,) = api.get("/credit_notes", customer="C3")["data"]
    assert (note["amount"], note["lines"][0]["invoice"]) == (1_500, issued)
    account = api.get("/customer_accounts/C3")["data"]["open_documents"]
    assert [(one["document"], one["amount"]) for one in account] == [(issued, left)]


def test_a_delivery_that_many_invoice_at_once_is_on_one_invoice(own_company: Any) -> None:
    api = own_company

    def issue(_: int) -> int:
        answer = api.ask("issue-invoice", order="O2", shipment="S2")
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(issue, range(16)))
    assert found == {201: 1, 409: 15}
    (row,) = owed(api)
    assert row["invoiced"] == TEA + 2 * 900
    assert len(api.get("/invoices")["data"]) == 1


def test_a_process_invoices_what_is_shipped_where_the_company_wants_that(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="C1", name="C1", customer_kind="retailer", owner="li")
    what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 500}
    api.done("add-product", id="tea", name="Tea", **what)
    api.done("receive-stock", location="WH", item="tea", quantity=9, reference="first")
    values = {"automatic": True, "due_days": 10}
    api.done("change-settings", id="receivables.invoicing", values=values, reason="monthly")
    lines = [{"item": "tea", "quantity": 4}]
    api.done("draft-order", id="O1", customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id="O1")
    api.done("approve-order", id="O1")
    api.done("ship-order", id="O1", shipment="S1", lines=[{"line": 1, "quantity": 3}])
    api.done("return-order", id="O1", return_id="R1", lines=PARTLY, reason="wet")
    running = driver(api)
    while running.step():
        pass
    (row,) = owed(api)
    assert (row["invoiced"], row["credited"], row["open"]) == (1_500, 500, 1_000)
    again = driver(api)
    while again.step():
        pass
    assert owed(api) == [row]


def test_a_debt_of_an_earlier_moment_is_what_it_was_then(own_company: Any) -> None:
    api = own_company
    issued = api.done("issue-invoice", order="O2", shipment="S2")
    api.done("write-off-invoice", id=issued["id"], write_off="W1", reason="bankrupt")
    assert owed(api)[0]["open"] == 0
    then = owed(api, as_of=issued["position"])
    assert then[0]["open"] == TEA + 2 * 900
