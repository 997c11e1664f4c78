"""Receivables over HTTP: invoices of deliveries, credit notes, and what customers owe."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asking import Asking
from virtual_days import driver

from infra.keys import Keys

TEA = 3 * 1_500
PARTLY = [{"line": 1, "quantity": 1}]


def as_account(api: Any, name: str) -> Any:
    key = Keys(api.platform.database).new(name)
    client = Asking(api.client.app, headers={"Authorization": f"Bearer {key}"})
    return type(api)(client, api.platform)


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
    assert re.fullmatch(r"INV-\d{6}-00001", issued)
    whose = {"customer": "C3", "currency": "CNY"}
    (row,) = owed(api)
    assert row == dict.fromkeys(row, 0) | whose | {"invoiced": whole, "open": whole}
    api.done("return-order", id="O2", return_id="R3", lines=PARTLY, reason="wet")
    api.done("issue-credit-note", order="O2", return_id="R3")
    api.done("write-off-invoice", id=issued, write_off="W1", amount=900, reason="a lost cup")
    left = whole - 1_500 - 900
    (row,) = owed(api)
    settled = {"credited": 1_500, "written_off": 900, "open": left}
    assert {name: row[name] for name in settled} == settled
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
    api.done("undo-write-off", id=issued, write_off="W1", reason="the cup was found")
    (row,) = owed(api)
    assert (row["written_off"], row["open"]) == (0, left + 900)
    assert api.get(f"/invoices/{issued}")["data"]["open"] == left + 900


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


@pytest.mark.capability("FI-04", "FI-05")
def test_what_a_customer_pays_settles_what_is_due_first_and_the_rest_is_an_advance(
    own_company: Any,
) -> None:
    api = own_company
    invoice = api.done("issue-invoice", order="O2", shipment="S2")["id"]
    paid = {"customer": "C3", "currency": "CNY", "way": "cheque", "reference": "N-7"}
    receipt = api.done("receive-payment", amount=9_000, **paid)["id"]
    assert re.fullmatch(r"RC-\d{6}-00001", receipt)
    api.done("allocate-receipt", id=receipt, allocation="A1")
    api.feed()
    seen = api.get(f"/receipts/{receipt}")["data"]
    whole = TEA + 2 * 900
    assert (seen["advance"], seen["way"], seen["reference"]) == (9_000 - whole, "cheque", "N-7")
    assert seen["allocations"] == [{"allocation": "A1", "invoice": invoice, "amount": whole}]
    assert api.get(f"/invoices/{invoice}")["data"]["open"] == 0
    (row,) = owed(api)
    assert (row["open"], row["paid"], row["received"]) == (0, whole, 9_000)
    assert row["advance"] == 9_000 - whole
    told = {"id": receipt, "amount": 9_000, **paid}
    assert api.ask("receive-payment", **told).json()["repeated"]
    dated = api.ask("receive-payment", **told, occurred_at="2026-01-05")
    assert (dated.status_code, dated.json()["refusal"]) == (409, "ReferenceTaken")
    assert "occurred_at" in dated.json()["detail"]
    again = api.ask("receive-payment", amount=9_000, **paid)
    assert (again.status_code, again.json()["refusal"]) == (409, "ReferenceTaken")
    api.done("undo-allocation", id=receipt, allocation="A1", reason="the wrong invoice")
    (row,) = owed(api)
    assert (row["open"], row["paid"], row["advance"]) == (whole, 0, 9_000)


def test_many_who_allocate_at_once_never_go_beyond_the_receipt_or_the_invoice(
    own_company: Any,
) -> None:
    api = own_company
    api.done("issue-invoice", id="V1", order="O2", shipment="S2")
    for receipt in ("P1", "P2"):
        paid = {"customer": "C3", "currency": "CNY", "amount": 4_000}
        api.done("receive-payment", id=receipt, **paid)

    def allocate(n: int) -> int:
        what = {"allocation": f"A{n}", "invoice": "V1", "amount": 1_000}
        return int(api.ask("allocate-receipt", id=f"P{n % 2 + 1}", **what).status_code)

    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(allocate, range(16)))
    assert found == {200: 6, 409: 10}
    (row,) = owed(api)
    assert (row["paid"], row["open"], row["advance"]) == (6_000, 300, 2_000)


def test_ageing_of_a_past_date_counts_what_was_open_then_though_it_is_paid_now(
    api: Any,
) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="C1", name="C1", customer_kind="retailer", owner="li")
    what = {"category": "goods", "unit": "box", "currency": "CNY", "list_price": 500}
    api.done("add-product", id="tea", name="Tea", occurred_at="2026-01-01", **what)
    goods = {"item": "tea", "quantity": 9, "reference": "first"}
    api.done("receive-stock", location="WH", occurred_at="2026-01-01", **goods)
    for n, day in (("1", "2026-01-05"), ("2", "2026-03-05")):
        order = {"id": f"O{n}", "occurred_at": day}
        lines = [{"item": "tea", "quantity": 1}]
        api.done("draft-order", customer="C1", warehouse="WH", lines=lines, **order)
        for step in ("submit-order", "approve-order"):
            api.done(step, **order)
        api.done("ship-order", shipment=f"S{n}", **order)
        shipment = {"order": f"O{n}", "shipment": f"S{n}", "occurred_at": day}
        api.done("issue-invoice", id=f"V{n}", **shipment)
    paid = {"customer": "C1", "currency": "CNY", "amount": 1_000}
    api.done("receive-payment", id="P1", occurred_at="2026-04-20", **paid)
    api.done("allocate-receipt", id="P1", allocation="A1", occurred_at="2026-04-20")
    api.feed()

    def aged(day: str) -> dict[str, int]:
        moment = {"as_of": f"{day}T12:00:00+08:00"}
        ages = api.get("/receivables/ageing", **moment)["data"]
        ledger = api.get("/receivables", **moment)["data"]
        assert [row["open"] for row in ages] == [row["open"] for row in ledger if row["open"]]
        buckets = [{k: v for k, v in row.items() if isinstance(v, int) and v} for row in ages]
        assert all(sum(one.values()) == 2 * one["open"] for one in buckets)
        return {name: v for one in buckets for name, v in one.items() if name != "open"}

    assert aged("2026-02-04") == {"not_due": 500}
    assert aged("2026-02-05") == {"days_1_30": 500}
    assert aged("2026-03-20") == {"days_31_60": 500, "not_due": 500}
    assert aged("2026-04-19") == {"days_61_90": 500, "days_1_30": 500}
    assert aged("2026-04-21") == {}
    why = api.get("/receivables/ageing/why", customer="C1", currency="CNY", measure="open")
    assert sum(row["change"]["open"] for row in why["rows"]) == 0


def test_a_debt_of_an_earlier_moment_is_what_it_was_then(own_company: Any) -> None:
    api = own_company
    issued = api.done("issue-invoice", order="O2", shipment="S2")
    api.done("write-off-invoice", id=issued["id"], write_off="W1", reason="bankrupt")
    assert owed(api)[0]["open"] == 0
    then = owed(api, as_of=issued["position"])
    assert then[0]["open"] == TEA + 2 * 900


@pytest.mark.capability("OR-03")
def test_an_order_beyond_the_credit_limit_is_refused_and_everybody_can_read_why(
    own_company: Any,
) -> None:
    api = own_company
    invoice = api.done("issue-invoice", order="O2", shipment="S2")["id"]
    api.done("issue-credit-note", order="O2", return_id="R1")
    used = TEA + 2 * 900 - 2 * 1_500
    reason = {"reason": "a good year"}
    api.done("set-credit-limit", id="C3", currency="CNY", limit=used + 4_000, **reason)

    def ordered(id: str, cups: int) -> Any:
        lines = [{"item": "cup", "quantity": cups}]
        api.done("draft-order", id=id, customer="C3", warehouse="WH", lines=lines)
        api.done("submit-order", id=id)
        return api.ask("approve-order", id=id)

    assert ordered("N1", 4).status_code == 200
    refused = ordered("N2", 1)
    assert refused.status_code == 409, refused.text
    assert refused.json()["refusal"] == "OrderCreditRefused"
    for figure in ("CNY 73.00", "CNY 69.00", "CNY 9.00", "CNY 5.00"):
        assert figure in refused.json()["detail"]
    api.feed()
    (event,) = api.get("/events", type="OrderCreditRefused")["data"]
    seen = {"limit": used + 4_000, "exposure": used + 3_600, "amount": 900}
    assert {name: event["data"][name] for name in seen} == seen
    account = api.get("/customer_accounts/C3")["data"]
    amounts = {one["document"]: one["amount"] for one in account["open_documents"]}
    assert amounts == {invoice: used, "N1": 3_600}
    assert account["limits"][0]["limit"] == used + 4_000
    api.done("cancel-order", id="N1", reason="too late")
    assert api.ask("approve-order", id="N2").status_code == 200
    api.done("hold-credit", id="C3", reason="three months late")
    held = api.ask("ship-order", id="N2", shipment="X2")
    assert (held.status_code, held.json()["refusal"]) == (409, "CreditOnHold")


def test_many_orders_that_are_approved_at_once_stay_within_the_limit(own_company: Any) -> None:
    api = own_company
    api.done("set-credit-limit", id="C3", currency="CNY", limit=20_000, reason="x")
    api.feed()
    account = api.get("/customer_accounts/C3")
    (before,) = [one["amount"] for one in account["data"]["open_documents"]]
    for n in range(12):
        lines = [{"item": "cup", "quantity": 3}]
        api.done("draft-order", id=f"N{n}", customer="C3", warehouse="WH", lines=lines)
        api.done("submit-order", id=f"N{n}")
    with ThreadPoolExecutor(8) as pool:
        codes = Counter(
            pool.map(lambda n: api.ask("approve-order", id=f"N{n}").status_code, range(12))
        )
    fits = (20_000 - before) // 2_700
    assert codes == {200: fits, 409: 12 - fits}
    api.feed()
    account = api.get("/customer_accounts/C3")["data"]
    assert sum(one["amount"] for one in account["open_documents"]) <= 20_000


def test_a_dealer_sees_what_he_owes_and_nobody_else(own_company: Any) -> None:
    api = own_company
    for order, shipment in (("O0", "S0"), ("O2", "S2")):
        api.done("issue-invoice", order=order, shipment=shipment)
    api.done("receive-payment", customer="C3", amount=5, currency="CNY")
    api.feed()
    api.done("open-account", id="tester")
    api.done("open-account", id="dealer")
    api.done("grant-role", id="dealer", role="dealer", dealers=["C1"])
    dealer = as_account(api, "dealer")
    assert [row["customer"] for row in owed(api)] == ["C1", "C3"]
    assert [row["customer"] for row in owed(dealer)] == ["C1"]
    assert [row["customer"] for row in dealer.get("/receivables/ageing")["data"]] == ["C1"]
    assert [one["customer"] for one in dealer.get("/invoices")["data"]] == ["C1"]
    assert [one["id"] for one in dealer.get("/customer_accounts")["data"]] == ["C1"]
    assert dealer.get("/receipts")["data"] == []
    assert dealer.ask("write-off-invoice", id="x", write_off="W", reason="x").status_code == 403


def test_a_customer_without_any_order_is_given_a_credit_limit(own_company: Any) -> None:
    api = own_company
    new = {"name": "Newcomer", "customer_kind": "retailer", "owner": "li"}
    api.done("register-customer", id="new", **new)
    limit = {"currency": "CNY", "limit": 5_000, "reason": "a first order"}
    api.done("set-credit-limit", id="new", **limit)
    api.feed()
    account = api.get("/customer_accounts/new")["data"]
    assert account["limits"][0]["limit"] == 5_000
