"""What a document names together is of one customer; merged customers count as one."""

from typing import Any

import pytest

LINES = [{"item": "tea", "quantity": 1}]
ORDER = {"warehouse": "WH", "lines": LINES}
VISIT = {
    "title": "Tasting",
    "appointment_kind": "visit",
    "owner": "li",
    "starts_at": "2026-03-02T02:00:00Z",
    "ends_at": "2026-03-02T03:00:00Z",
}
TASK = {"title": "Call", "owner": "li", "due": "2099-01-01"}
APART: dict[str, tuple[dict[str, Any], str]] = {
    # command: its fields, and what of them is another customer's
    "draft-order": ({**ORDER, "customer": "C2", "opportunity": "D4"}, "D4 is of C1, not of C2"),
    "draft-quotation": (
        {**ORDER, "customer": "C2", "opportunity": "D4", "valid_until": "2099-01-01"},
        "D4 is of C1, not of C2",
    ),
    "win-opportunity": ({"id": "D1", "order": "O1"}, "O1 is of C2, not of C1"),
    "change-opportunity-details": ({"id": "D1", "customer": "C2"}, "order-N1 for D1 are of C1"),
    "create-task": ({**TASK, "customer": "C2", "order": "O0"}, "O0 is of C1, not of C2"),
    "change-task-details": ({"id": "T1", "opportunity": "D4"}, "D4 is of C1, not of C2"),
    "plan-appointment": (
        {**VISIT, "customer": "C2", "opportunity": "D4"},
        "D4 is of C1, not of C2",
    ),
    "change-appointment-details": ({"id": "V1", "opportunity": "D4"}, "D4 is of C1, not of C2"),
    "convert-lead": ({"id": "L1", "customer": "C2"}, "The lead is of C1, not of C2"),
    "allocate-receipt": (
        {"id": "R1", "allocation": "A1", "invoice": "I1"},
        "Invoice I1 is C2's, in CNY, and the payment C1's",
    ),
    "draft-agreement": (
        {
            "dealer": "C2",
            "agreement": "A",
            "price_list": "OF-C1",
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
        },
        "OF-C1 has the prices of C1",
    ),
    "hand-over-customers": (
        {"id": "li", "owner": "sun", "customers": ["C2"], "reason": "x"},
        "C2 belongs to wu, not to li",
    ),
    "record-interaction": (
        {"customer": "C2", "interaction": "N", "contact": "P1", "way": "call", "text": "Hello"},
        "P1",
    ),
    "issue-invoice": ({"order": "O0", "shipment": "S1"}, "S1"),
    "issue-credit-note": ({"order": "O0", "return_id": "R1"}, "no such return or loss: R1"),
    "return-purchase": ({"id": "M2", "purchase": "P1", "return_id": "B"}, "P1"),
}
"""Not among them, because both may be as they like: the member of one dealer buys at another; a
lead is found at a visit to somebody else; what a dealer brings to another's outlet is a fact, and
flagged where it lies outside the territory of the agreement."""


@pytest.fixture
def at_work(sole_company: Any) -> Any:
    api = sole_company
    api.done("draft-order", id="N1", customer="C1", opportunity="D1", **ORDER)
    api.done("create-task", id="T1", customer="C2", **TASK)
    api.done("plan-appointment", id="V1", customer="C2", **VISIT)
    api.done("capture-lead", id="L1", title="Tea", source="call", customer="C1", owner="li")
    api.done("qualify-lead", id="L1")
    api.done("receive-payment", id="R1", customer="C1", amount=5, currency="CNY")
    api.done("issue-invoice", id="I1", order="O1", shipment="S1")
    own = {"name": "Own", "currency": "CNY", "priority": 1, "customer": "C1"}
    api.done("register-price-list", id="OF-C1", **own)
    api.done("add-contact", id="C1", contact="P1", name="Zhao")
    api.done("hire-rep", id="sun", name="Sun", department="east", region="shanghai")
    api.done("enrol-member", id="M2", dealer="C2")
    return api


def test_what_is_named_together_is_of_one_customer(at_work: Any) -> None:
    for slug, (body, told) in APART.items():
        answer = at_work.ask(slug, **body)
        assert answer.status_code in {404, 409}, (slug, answer.text)
        assert told in answer.json()["detail"], (slug, answer.text)


def test_merged_customers_count_as_one(at_work: Any) -> None:
    api = at_work
    api.done("merge-customer", id="C2", customer="C1", reason="one shop")
    api.done("win-opportunity", id="D1", order="O1")
    api.done("change-task-details", id="T1", opportunity="D4")
    api.done("allocate-receipt", id="R1", allocation="A1", invoice="I1")


def test_a_cheque_is_one_payment_of_customers_that_were_merged(sole_company: Any) -> None:
    api, cheque = sole_company, {"way": "cheque", "amount": 500, "currency": "CNY"}
    api.done("receive-payment", customer="C2", reference="No 7", **cheque)
    api.done("merge-customer", id="C2", customer="C1", reason="one shop")
    api.done("merge-customer", id="C1", customer="C3", reason="one chain")
    for customer in ("C1", "C2", "C3"):
        again = api.ask("receive-payment", customer=customer, reference="No 7", **cheque)
        assert again.json()["refusal"] == "ReferenceTaken", customer
    zh = {"Accept-Language": "zh-CN", "Idempotency-Key": "zh"}
    body = {"customer": "C3", "reference": "No 7", **cheque}
    said = api.client.post("/commands/receive-payment", json=body, headers=zh).json()["detail"]
    assert "C3 已用支票的凭证号 No 7 付过款" in said
    api.done("unmerge-customer", id="C1", reason="two")
    api.done("receive-payment", customer="C3", reference="No 7", **cheque)
