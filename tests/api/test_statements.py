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
    trade.days.run()
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
