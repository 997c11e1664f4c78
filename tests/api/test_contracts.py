"""Contracts over HTTP: from the quotation to the orders on them, reviewed, and followed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from api.test_approvals import as_account
from api.test_quotations import DAY, draft, lines, read, refusal, selling
from virtual_days import Days

from aggregates.calendar import business_day
from infra.clock import instant


@pytest.fixture
def days(api: Any) -> Days:
    return selling(api)


def last(days: Days, after: int) -> str:
    return (business_day(instant(days.clock.now())) + timedelta(days=after)).isoformat()


def made(days: Days) -> None:
    """A contract over what a customer accepted."""
    draft(days)
    days.api.done("send-quotation", id="Q1")
    days.api.done("accept-quotation", id="Q1", revision=1)
    until = last(days, 30)
    days.api.done("make-contract", id="Q1", revision=1, contract="HT-1", valid_until=until)


def signed(days: Days) -> None:
    made(days)
    days.api.done("submit-contract", id="HT-1")
    days.api.done("sign-contract", id="HT-1", reference="PO-77")


def part(quantity: int) -> list[dict[str, int]]:
    return [{"line": 1, "quantity": quantity}]


@pytest.mark.capability("QT-03")
@pytest.mark.capability("QT-07")
def test_a_contract_is_kept_and_followed_from_the_quotation_to_its_last_order(days: Days) -> None:
    api = days.api
    signed(days)
    api.done("order-contract", id="HT-1", order="SO-1", lines=part(6))
    api.done("order-contract", id="HT-1", order="SO-2", lines=part(3))
    said = refusal(api, "order-contract", id="HT-1", lines=part(2))
    assert "1 are left, not 2" in said
    api.done("cancel-order", id="SO-2", reason="too early")
    found, order = read(api, "/contracts/HT-1"), read(api, "/orders/SO-1")
    (line,) = found["lines"]
    assert (line["quantity"], line["ordered"], line["left"]) == (10, 6, 4)
    assert (found["amount"], found["ordered"], found["left"]) == (9_000, 5_400, 3_600)
    offer = read(api, "/quotations/Q1")
    assert line["pricing"] == order["lines"][0]["pricing"] == offer["lines"][0]["pricing"]
    assert (offer["status"], offer["contract"]) == ("contracted", "HT-1")
    assert (order["customer"], order["contract"], order["amount"]) == ("C1", "HT-1", 5_400)
    told = {one["type"] for one in read(api, "/customers/C1/timeline")}
    assert {"ContractDrafted", "QuotationDrafted"} <= told
    (shown,) = api.get("/customers/C1/overview")["contracts"]["rows"]
    assert shown["id"] == "HT-1"
    days.later(32 * DAY)
    assert read(api, "/contracts/HT-1")["status"] == "ended"
    assert "ended" in refusal(api, "order-contract", id="HT-1", lines=part(1))


@pytest.mark.capability("QT-03")
def test_what_was_ordered_in_time_is_taken_after_the_contract_has_ended(days: Days) -> None:
    """Paper comes late: the order stands at its own day, and the contract stays ended."""
    api = days.api
    signed(days)
    then = instant(days.clock.now())
    days.later(32 * DAY)
    assert read(api, "/contracts/HT-1")["status"] == "ended"
    order = {"id": "HT-1", "order": "SO-1", "lines": part(6)}
    assert "ended" in refusal(api, "order-contract", **order)
    too_early = (then - timedelta(days=1)).isoformat()
    assert api.ask("order-contract", **order, occurred_at=too_early).status_code == 409
    late = (then + timedelta(days=31)).isoformat()
    assert "ended" in refusal(api, "order-contract", **order, occurred_at=late)
    told = api.done("order-contract", **order, occurred_at=(then + timedelta(days=2)).isoformat())
    assert [one["type"] for one in told["events"]].count("ContractOrdered") == 1
    found = read(api, "/contracts/HT-1")
    assert (found["status"], found["left"]) == ("ended", 3_600)
    assert read(api, "/orders/SO-1")["contract"] == "HT-1"
    before = api.get("/contracts/HT-1", as_of=(then + timedelta(days=3)).isoformat())["data"]
    assert (before["status"], before["left"]) == ("signed", 3_600)
    assert "4 are left, not 5" in refusal(
        api,
        "order-contract",
        id="HT-1",
        lines=part(5),
        occurred_at=(then + timedelta(days=3)).isoformat(),
    )


@pytest.mark.capability("QT-03")
def test_a_contract_that_was_signed_in_time_is_taken_after_its_last_day(days: Days) -> None:
    api = days.api
    made(days)
    api.done("submit-contract", id="HT-1")
    then = (instant(days.clock.now()) + timedelta(days=1)).isoformat()
    days.later(32 * DAY)
    assert "until" in refusal(api, "sign-contract", id="HT-1")
    api.done("sign-contract", id="HT-1", occurred_at=then)
    days.later(DAY)
    assert read(api, "/contracts/HT-1")["status"] == "ended"
    api.done("order-contract", id="HT-1", order="SO-1", lines=part(6), occurred_at=then)
    assert read(api, "/contracts/HT-1")["left"] == 3_600


def test_however_many_order_at_once_a_contract_is_not_overdrawn(both: Any) -> None:
    api = both
    selling(api)
    what = {"customer": "C1", "warehouse": "WH-1", "valid_until": "2099-12-31"}
    api.done("draft-contract", id="HT-1", lines=lines(10), **what)
    api.done("submit-contract", id="HT-1")
    api.done("sign-contract", id="HT-1")

    def ask(number: int) -> int:
        answer = api.ask("order-contract", id="HT-1", order=f"S{number}", lines=part(4))
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(ask, range(4)))
    assert answers == [200, 200, 409, 409]
    assert read(api, "/contracts/HT-1")["lines"][0]["left"] == 2


@pytest.mark.capability("QT-08")
def test_finance_sales_logistics_and_service_sign_a_contract_before_it_counts(days: Days) -> None:
    api = days.api
    departments = "finance", "sales", "logistics", "service"
    api.done("open-account", id="tester")
    for name in departments:
        api.done("open-account", id=name)
        api.done("grant-role", id=name, role="sales-manager", everything=True)
    steps = [{"signers": [{"account": name}]} for name in departments]
    route = {"name": "review", "document": "contract", "where": "amount.gte=1", "steps": steps}
    api.done("change-settings", id="approvals.routes", values={"routes": [route]}, reason="four")
    made(days)
    api.done("submit-contract", id="HT-1")
    for step, name in enumerate(departments, 1):
        assert "still waits" in refusal(api, "sign-contract", id="HT-1")
        as_account(api, name).done("sign-approval", id="contract:HT-1:1", step=step)
    api.done("sign-contract", id="HT-1")
    assert read(api, "/contracts/HT-1")["status"] == "signed"
    told = [one["type"] for one in read(api, "/approvals/contract:HT-1:1/timeline")]
    assert told.count("ApprovalSigned") == len(departments)
