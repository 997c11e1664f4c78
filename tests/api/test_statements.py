"""Statements over HTTP: both sides check a month's goods and money, line by line."""

from typing import Any

import pytest
from api.test_access_commands import Company
from virtual_days import Days

MARCH = {"dealer": "D-li", "statement": "CNY-2026-03"}
APRIL = {"dealer": "D-li", "statement": "CNY-2026-04"}
PAID = {"customer": "D-li", "currency": "CNY"}


class Trade(Company):
    """A dealer was shipped ten boxes in March, was invoiced, and paid a part."""

    def __init__(self, api: Any) -> None:
        self.days = Days(api)
        super().__init__(api)
        add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
        api.done("add-product", id="tea", name="Tea", **add)
        api.done("receive-stock", location="W", item="tea", quantity=50, reference="first")
        lines = [{"item": "tea", "quantity": 10}]
        api.done("draft-order", id="O1", customer="D-li", warehouse="W", lines=lines)
        for slug in ("submit-order", "approve-order"):
            api.done(slug, id="O1")
        api.done("ship-order", id="O1", shipment="S1")
        api.done("issue-invoice", id="V1", order="O1", shipment="S1")
        api.done("receive-payment", id="P1", amount=400, **PAID)

    def statement(self, id: str) -> dict[str, Any]:
        self.days.run()
        self.api.feed()
        found: dict[str, Any] = self.api.get(f"/statements/D-li:{id}")["data"]
        return found

    def owed(self) -> int:
        (row,) = self.api.get("/receivables", customer="D-li")["data"]
        return int(row["open"]) - int(row["advance"])


@pytest.mark.capability("CH-15")
def test_a_dealer_confirms_a_month_that_ties_to_the_ledger_or_disputes_its_lines(api: Any) -> None:
    trade = Trade(api)
    early = trade.ask("tester", "send-statement", **MARCH)
    assert (early.status_code, early.json()["refusal"]) == (409, "StatementNotReady")
    trade.days.until("2026-04-01T09:00:00+08:00")
    assert trade.ask("tester", "send-statement", **MARCH).status_code == 200
    march = trade.statement("CNY-2026-03")
    told = [(one["entry"], one["quantity"], one["amount"]) for one in march["lines"]]
    assert told == [("shipped", 10, 0), ("invoiced", 0, 1_000), ("paid", 0, -400)]
    assert (march["opening"], march["closing"], march["quantity"]) == (0, 600, 10)
    assert march["closing"] == trade.owed()
    line = march["lines"][0]["line"]
    wrong = {"line": line, "reason": "nine boxes came"}
    assert trade.ask("shop", "dispute-statement-line", **MARCH, **wrong).status_code == 200
    held = trade.ask("shop", "confirm-statement", **MARCH)
    assert (held.status_code, held.json()["refusal"]) == (409, "StillDisputed")
    assert trade.statement("CNY-2026-03")["status"] == "disputed"
    settled = {"line": line, "outcome": "the tenth was found"}
    assert trade.ask("shop", "settle-statement-line", **MARCH, **settled).status_code == 403
    assert trade.ask("tester", "settle-statement-line", **MARCH, **settled).status_code == 200
    assert trade.ask("shop", "confirm-statement", **MARCH).status_code == 200
    march = trade.statement("CNY-2026-03")
    first = march["lines"][0]
    assert (march["status"], first["disputed"], first["outcome"]) == (
        "confirmed",
        "nine boxes came",
        "the tenth was found",
    )


@pytest.mark.capability("CH-15")
def test_what_is_told_late_is_of_the_next_statement_which_begins_where_the_last_ended(
    api: Any,
) -> None:
    trade = Trade(api)
    trade.days.until("2026-04-02T09:00:00+08:00")
    trade.api.done("send-statement", **MARCH)
    late = {"id": "P2", "amount": 100, "occurred_at": "2026-03-20"}
    trade.api.done("receive-payment", **late, **PAID)
    april = trade.statement("CNY-2026-04")
    assert (april["status"], april["opening"], april["closing"]) == ("open", 600, 500)
    trade.days.until("2026-05-01T09:00:00+08:00")
    trade.api.done("send-statement", **APRIL)
    april = trade.statement("CNY-2026-04")
    assert [(one["entry"], one["day"], one["amount"]) for one in april["lines"]] == [
        ("paid", "2026-03-20", -100)
    ]
    assert (april["opening"], april["closing"]) == (600, 500)
    assert april["closing"] == trade.owed()
    assert trade.statement("CNY-2026-03")["closing"] == 600
    other = trade.says("wu", "confirm-statement", **APRIL)
    assert other[0] == 403


def test_what_the_surviving_customer_pays_for_the_merged_stands_in_both_statements(
    api: Any,
) -> None:
    trade = Trade(api)
    twin = {"name": "D-li Ltd.", "customer_kind": "dealer", "owner": "li"}
    api.done("register-customer", id="twin", **twin)
    api.done("merge-customer", id="D-li", customer="twin", reason="one shop")
    api.done("receive-payment", id="P2", amount=1_100, customer="twin", currency="CNY")
    api.done("allocate-receipt", id="P2", allocation="A1")

    def months() -> list[list[tuple[str, int]]]:
        trade.days.run()
        api.feed()
        kept = [api.get(f"/statements/{one}:CNY-2026-03")["data"] for one in ("D-li", "twin")]
        owed = {row["customer"]: row for row in api.get("/receivables")["data"]}
        aged = {row["customer"]: row["open"] for row in api.get("/receivables/ageing")["data"]}
        for one in kept:
            row = owed[one["dealer"]]
            assert one["closing"] == row["open"] - row["advance"]
            assert aged.get(one["dealer"], 0) == row["open"]
        return [[(line["entry"], line["amount"]) for line in one["lines"]][-2:] for one in kept]

    assert months() == [
        [("paid", -400), ("paid_by_another", -1_000)],
        [("paid", -1_100), ("paid_for_another", 1_000)],
    ]
    owed = api.get("/customers/twin/overview")["receivable"]
    assert [row["open"] for row in owed] == [0, 0]
    api.done("unmerge-customer", id="D-li", reason="two shops")
    assert [each[-1] for each in months()] == [
        ("paid_by_another", 1_000),
        ("paid_for_another", -1_000),
    ]
